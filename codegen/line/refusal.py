"""What no kernel is made of: why, and what would help."""


class Refusal(Exception):
    """Why there is no kernel from a line, said to whoever asked for one."""
