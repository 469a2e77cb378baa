"""What the program cannot work with."""


class Refused(Exception):
    """A text, an option or a checkpoint that cannot be used; the message says why."""
