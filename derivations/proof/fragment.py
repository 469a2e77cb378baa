"""What no argument can decide, and what has no value to decide about."""


class OutsideFragment(Exception):
    """An expression that no argument here can decide; the message names the node."""


class NoValue(Exception):
    """A list is read at a place that it does not have; the message names the entry."""
