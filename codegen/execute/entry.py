"""What an entry of a symbolic array can be: the common base of the kinds there are."""


class Entry:
    """A number, a condition, or what stands for a step on the way to one."""

    __slots__ = ()
