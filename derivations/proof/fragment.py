"""The decidable fragment: errors for what no argument can decide, and what has no value."""


class OutsideFragment(Exception):
    """An expression that no argument here can decide; the message names the node."""


class NoValue(Exception):
    """A list is read at a place that it does not have; the message names the entry."""
