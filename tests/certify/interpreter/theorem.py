"""A module of Coq taken apart: its letters, its hypotheses, what it says of them.

``forall letters, hypotheses -> says /\\ existing`` is for all letters; that a claim fails is
``exists letters, hypotheses /\\ says``, where an equation is denied, or a slope s is named to be
denied: ``exists s, has_partial f x i s /\\ s <> r``. Both are read as the claim itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.certify.interpreter.elaborate import (
    Environment,
    IllTyped,
    Meaning,
    Types,
    declared,
    is_existence,
    meaning,
    require_existence,
)
from tests.certify.interpreter.library import LIBRARY, Sides
from tests.certify.interpreter.parse import (
    Apply,
    Arrow,
    Binding,
    Both,
    Definition,
    Implies,
    Name,
    Relation,
    Term,
    Type,
    parse,
)

SAID = (
    *("has_partial", "has_partial2", "is_derive"),
    *("has_second", "has_second2", "has_second_slope"),
)


@dataclass(frozen=True)
class Theorem:
    """What a module says; ``falls`` where it says that the claim fails."""

    falls: bool
    letters: dict[str, Type]
    hypotheses: tuple[Term, ...]
    says: Term
    existing: tuple[Term, ...]
    definitions: tuple[Definition, ...]

    def admits(self, env: Environment) -> bool:
        """Whether all hypotheses hold."""
        inside = {**self._known, **env}
        return all(hypothesis(inside) is True for hypothesis in self._meanings[0])

    def sides(self, env: Environment) -> Sides:
        """The two sides that are said to be equal, or not to be."""
        found = self._meanings[1]({**self._known, **env})
        assert isinstance(found, Sides)
        return found

    def exists(self, env: Environment) -> bool:
        """Whether the slopes exist that are said to."""
        inside = {**self._known, **env}
        return all(each(inside) is True for each in self._meanings[2])

    @cached_property
    def _types(self) -> Types:
        types = {name: word[0] for name, word in LIBRARY.items()}
        return types | {each.name: _type(each) for each in self.definitions}

    @cached_property
    def _known(self) -> dict[str, Any]:
        """The definitions, each of which sees those before it."""
        found: dict[str, Any] = {}
        types: Types = {name: word[0] for name, word in LIBRARY.items()}
        for each in self.definitions:
            term = each.body
            for parameter in reversed(each.parameters):
                term = Binding("fun", (parameter,), term)
            found[each.name] = meaning(term, _type(each), types)(dict(found))
            types = declared([(each.name, _type(each))], types)
        return found

    @cached_property
    def _meanings(self) -> tuple[list[Meaning], Meaning, list[Meaning]]:
        types = declared(self.letters.items(), self._types)
        premises = [meaning(each, "Prop", types) for each in self.hypotheses]
        existing = [meaning(each, "Prop", types) for each in self.existing]
        return premises, meaning(self.says, "Prop", types), existing


def read(text: str) -> Theorem:
    """The theorem of a module; raises UnknownSyntax and IllTyped."""
    definitions, theorem = parse(text)
    names = [each.name for each in definitions]
    if len(set(names)) < len(names):
        raise IllTyped(f"defined twice: {names}")
    quantifier, letters, rest = "forall", {}, theorem.says
    if isinstance(rest, Binding):
        quantifier, letters, rest = rest.kind, _letters(rest), rest.body
    found = _falling(rest) if quantifier == "exists" else _holding(rest)
    return Theorem(quantifier == "exists", letters, *found, tuple(definitions))


def _type(definition: Definition) -> Type:
    kind = definition.type
    for name, said in reversed(definition.parameters):
        if said is None:
            raise IllTyped(f"{name} without a type")
        kind = Arrow(said, kind)
    return kind


def _letters(binding: Binding) -> dict[str, Type]:
    letters = {name: kind for name, kind in binding.names if kind is not None}
    if len(letters) < len(binding.names):
        raise IllTyped(f"a letter twice, or without a type: {binding.names}")
    return letters


def _holding(rest: Term) -> tuple[tuple[Term, ...], Term, tuple[Term, ...]]:
    hypotheses = []
    while isinstance(rest, Implies):
        hypotheses.append(rest.premise)
        rest = rest.conclusion
    says, *existing = _conjuncts(rest)
    if not _is_claim(says):
        raise IllTyped(f"neither an equation nor a slope: {says}")
    require_existence(says, existing)
    return tuple(hypotheses), says, tuple(existing)


def _falling(rest: Term) -> tuple[tuple[Term, ...], Term, tuple[Term, ...]]:
    *before, denied = _conjuncts(rest)
    existing = [each for each in before if is_existence(each)]
    hypotheses = tuple(each for each in before if each not in existing)
    says = _denied(denied)
    require_existence(says, existing)
    return hypotheses, says, tuple(existing)


def _denied(denied: Term) -> Term:
    """What is said not to be so."""
    match denied:
        case Binding("exists", ((name, "R"),), Both(slope, Relation((Name(same), right), ("<>",)))):
            match slope:
                case Apply(Name(said), (*where, Name(given))) if said in SAID:
                    if name == same == given:
                        return Apply(Name(said), (*where, right))
        case Relation((left, right), ("<>",)):
            return Relation((left, right), ("=",))
    raise IllTyped(f"not said to fail: {denied}")


def _is_claim(term: Term) -> bool:
    match term:
        case Relation(_, ("=",)):
            return True
        case Apply(Name(said), _):
            return said in SAID
    return False


def _conjuncts(term: Term) -> Iterator[Term]:
    if isinstance(term, Both):
        yield from _conjuncts(term.left)
        yield from _conjuncts(term.right)
    else:
        yield term
