"""What is outside the decidable fragment, said of the node that left it."""


class OutsideFragment(Exception):
    """An expression that no argument here can decide; the message names the node."""
