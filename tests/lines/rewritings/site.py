"""Places where a term is rewritten, and the catalogue that each rewriting enters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.lines.algebra import neg
from tests.lines.context import Context, Shape, Unfit
from tests.lines.traverse import names_in
from tests.lines.tree import Add, Letter, Member, Moved, Neg, Term


@dataclass(frozen=True)
class Site:
    """Where a rewriting is made: the declared names, the letters bound around, what to avoid."""

    context: Context
    bound: dict[str, str]
    random: Random
    taken: frozenset[str] = frozenset()

    def shape(self, term: Term) -> Shape:
        """The shape of a term here."""
        return self.context.shape(term, dict.fromkeys(self.bound, ()))

    def fresh(self, axis: str, *terms: Term) -> str:
        """A letter for a new sum here."""
        avoid = set(self.taken) | set(self.bound)
        for term in terms:
            avoid |= names_in(term)
        return self.context.fresh(axis, avoid, self.random)

    def letters(self) -> dict[str, str]:
        """All letters that mean a member here, with what they run over."""
        return {**self.context.letters, **self.bound}

    def axis_of(self, member: Member) -> str:
        """What a member is of; raises Unfit where that is not known."""
        letters, lists = self.letters(), self.context.lists
        match member:
            case Letter(name) if name in letters:
                return letters[name]
            case Moved(of, _) if of.name in letters:
                return letters[of.name]
        found = getattr(member, "list", None)
        if found in lists:
            return lists[found][0]
        raise Unfit


Rule = Callable[[Term, Site], Term]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Adds a rewriting to the catalogue, under its name."""
    RULES[function.__name__] = function
    return function


def require(holds: object) -> None:
    """Raises Unfit where something does not hold."""
    if not holds:
        raise Unfit


def require_sum(term: Term) -> None:
    """Raises Unfit for anything but a sum of terms."""
    require(isinstance(term, Add))


def signed(part: Term, change: Callable[[Term], Term]) -> Term:
    """A term changed behind its sign."""
    return neg(change(part.of)) if isinstance(part, Neg) else change(part)


def signed_like(part: Term, new: Term) -> Term:
    """A new term with the sign of another."""
    return neg(new) if isinstance(part, Neg) else new
