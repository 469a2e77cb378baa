"""Whatever is raised while something is read, as a refusal of just that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from derivations.reader.attempts import Attempts, GivenUp
from derivations.reader.elaborate.environment import IllFormed
from derivations.reader.problem import Place, Unreadable

T = TypeVar("T")
MOST_SHOWN = 60  # characters of what could not be read


def read_by(attempts: Attempts, piece: Callable[[], T], place: Place, token: str) -> T:
    """What a piece of reading makes of what stands at a place; raises Unreadable and nothing else.

    What goes wrong in this program is its cause: a GivenUp.
    """
    try:
        return attempts(piece, Unreadable, IllFormed)
    except IllFormed as error:
        raise Unreadable(place, token[:MOST_SHOWN], str(error.misfit)) from None
    except GivenUp as reason:
        raise Unreadable(place, token[:MOST_SHOWN], str(reason)) from reason
