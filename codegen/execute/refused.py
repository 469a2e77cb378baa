"""What symbolic execution does not do: refused by name, never guessed."""


class Refused(Exception):
    """An operation that has no exact meaning here, or none that is known yet."""
