"""How a line stands in an argument: what is said to follow from it, and what it follows from."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.claim import Premise
from derivations.language.data_conditions import OfData
from derivations.language.tree import Term
from derivations.reader.problem import Place, Unreadable

TEXT_SAYS = "what the text says at "


@dataclass(frozen=True)
class Stated:
    """What a formula of the text states: an equality, perhaps conditions on data, and where."""

    where: str
    premise: Premise
    conditions: tuple[OfData, ...] = ()


@dataclass(frozen=True)
class Supposal:
    """A formula of the text that may restrict things with these ``names``.

    ``stated`` is what it states, where that can be read; ``plainly``, that words say it is assumed;
    ``doubt``, what is to be said of it where it may be a condition and is not taken as one.
    """

    names: frozenset[str]
    doubt: Unreadable
    stated: Stated | None = None
    plainly: bool = True


@dataclass(frozen=True)
class Made:
    """A name that a display introduces, and where."""

    name: str
    place: Place


@dataclass(frozen=True)
class Standing:
    """How a line stands in an argument.

    ``chain`` and ``statement`` number the displays and equalities that it is one of. ``premise``
    says that something is said to follow from it, ``follows`` that it stands behind such a sign,
    ``to_be`` that its sign says that its sides are to be equal. ``solves`` is the variable that an
    undeclared name in front of it is taken for, if a condition determines that. ``supposed`` is
    what the text may assume where it stands. ``introduces`` is the name that the line is taken to
    define, also with the sign of a definition, and ``uses`` are those of other lines.
    """

    chain: int = 0
    statement: int = 0
    premise: bool = False
    follows: bool = False
    to_be: bool = False
    solves: Term | None = None
    supposed: tuple[Supposal, ...] = ()
    introduces: Made | None = None
    uses: frozenset[Made] = frozenset()


ALONE = Standing()
