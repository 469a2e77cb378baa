"""A formula as far as it can be understood before anything is declared: its terms.

Whatever is not understood is opaque: its parts are looked at, it says nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from derivations.reader.propose.index_letters import Letter
from derivations.reader.syntax import Node

SIGMA = r"\sigma"
ENTRYWISE = (SIGMA, r"\tanh", r"\phi", "ReLU", "relu", "sigmoid", "tanh", "softplus")


@dataclass(frozen=True)
class Term:
    """A piece of a formula, with the node it stands for."""

    node: Node = field(compare=False)

    @property
    def parts(self) -> tuple[Term, ...]:
        """The terms within."""
        return ()


@dataclass(frozen=True)
class Constant(Term):
    """A number, a size, an index as a number, an indicator."""

    text: str


@dataclass(frozen=True)
class Use(Term):
    """A name with the indices below it; ``sub`` are letters, or texts of other members."""

    name: str
    sub: tuple[Letter | str, ...] = ()


@dataclass(frozen=True)
class Applied(Term):
    """A named function of arguments, with the keywords before them: ``P(O = o)``."""

    name: str
    arguments: tuple[Term, ...]
    keywords: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.arguments


@dataclass(frozen=True)
class Elementary(Term):
    """exp, log or softmax of something."""

    name: str
    of: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Plus(Term):
    """Terms with their signs."""

    signs: tuple[str, ...]
    terms: tuple[Term, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.terms


@dataclass(frozen=True)
class Times(Term):
    """Factors with the signs between them; a slash divides by the factor behind it."""

    factors: tuple[Term, ...]
    joins: tuple[str, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.factors


@dataclass(frozen=True)
class Over(Term):
    """A fraction."""

    over: Term
    under: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.over, self.under)


@dataclass(frozen=True)
class Power(Term):
    """A power."""

    of: Term
    exponent: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of, self.exponent)


@dataclass(frozen=True)
class Turned(Term):
    """A transpose."""

    of: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Summed(Term):
    """A sum over letters."""

    over: tuple[Letter, ...]
    of: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Slope(Term):
    """A derivative."""

    of: Term
    by: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of, self.by)


@dataclass(frozen=True)
class Scalar(Term):
    """A number made of vectors: an inner product, a squared norm."""

    of: tuple[Term, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.of


@dataclass(frozen=True)
class Picked(Term):
    """An entry of what stands in brackets."""

    of: Term
    sub: tuple[Letter | str, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Layout(Term):
    """A matrix written cell by cell."""

    rows: tuple[tuple[Term, ...], ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return tuple(cell for row in self.rows for cell in row)


@dataclass(frozen=True)
class Identity(Term):
    """I, or I_n, that nothing else is said of."""


@dataclass(frozen=True)
class Opaque(Term):
    """Something that says nothing."""

    of: tuple[Term, ...] = ()

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.of


def within(term: Term) -> Iterator[Term]:
    """The term and everything in it, from left to right."""
    waiting = [term]
    while waiting:
        here = waiting.pop()
        yield here
        waiting += reversed(here.parts)


def names_in(term: Term) -> frozenset[str]:
    """The names that a term mentions."""
    return frozenset(each.name for each in within(term) if isinstance(each, Use | Applied))


def unsigned(term: Term) -> Term:
    """What a sign stands before."""
    while isinstance(term, Plus) and len(term.terms) == 1:
        term = term.terms[0]
    return term
