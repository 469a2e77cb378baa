"""A number of times, as an option of a command."""

from __future__ import annotations

from argparse import ArgumentTypeError


def positive(text: str) -> int:
    """An integer from 1; argparse tells the user if it is not."""
    number = int(text)
    if number < 1:
        raise ArgumentTypeError(f"{number} is not a positive number")
    return number
