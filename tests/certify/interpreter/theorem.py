"""A module of Coq taken apart: its letters, its hypotheses, what it says of them.

``forall letters, hypotheses -> says /\\ existing`` is for all letters; a claim that fails is
``exists letters, hypotheses /\\ says``. A slope that has a name, ``exists s, has_partial f x
i s /\\ s <> r``, is read as the slope and ``r``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any

from tests.certify.interpreter.elaborate import Environment, IllTyped, Meaning, Types, declared, meaning
from tests.certify.interpreter.library import LIBRARY, Sides
from tests.certify.interpreter.parse import parse
from tests.certify.interpreter.syntax import (
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
)

_SAYS = ("has_partial", "has_partial2", "is_derive")
_SLOPES = {"partial": "ex_partial", "partial2": "ex_partial2", "Derive": "ex_derive"}


@dataclass(frozen=True)
class Theorem:
    """Letters with their types; meanings of hypotheses, of the two sides, of what else is said."""

    quantifier: str
    letters: dict[str, Type]
    hypotheses: tuple[Meaning, ...]
    says: Meaning
    existing: tuple[Meaning, ...]
    definitions: dict[str, Meaning]

    @cached_property
    def known(self) -> dict[str, Any]:
        """The definitions, each of which sees those before it."""
        found: dict[str, Any] = {}
        for name, definition in self.definitions.items():
            found[name] = definition(dict(found))
        return found

    def admits(self, env: Environment) -> bool:
        """Whether all hypotheses hold."""
        inside = {**self.known, **env}
        return all(hypothesis(inside) is True for hypothesis in self.hypotheses)

    def exists(self, env: Environment) -> bool:
        """Whether all else that is said of slopes is true."""
        inside = {**self.known, **env}
        return all(each(inside) is True for each in self.existing)

    def sides(self, env: Environment) -> Sides:
        """What is said to be equal, or not to be."""
        found = self.says({**self.known, **env})
        assert isinstance(found, Sides)
        return found


def read(text: str) -> Theorem:
    """The theorem of a module; raises UnknownSyntax and IllTyped."""
    definitions, theorem = parse(text)
    types: dict[str, Type] = {name: word[0] for name, word in LIBRARY.items()}
    meanings = {}
    for each in definitions:
        meanings[each.name] = _defined(each, types)
    return _taken_apart(theorem.says, types, meanings)


def _defined(definition: Definition, types: dict[str, Type]) -> Meaning:
    """A definition as a function of its parameters; adds its type to ``types``."""
    if definition.name in types:
        raise IllTyped(f"{definition.name} is defined twice")
    term, kind = definition.body, definition.type
    for name, said in reversed(definition.parameters):
        assert said is not None
        term, kind = Binding("fun", ((name, said),), term), Arrow(said, kind)
    found = meaning(term, kind, types)
    types[definition.name] = kind
    return found


def _taken_apart(says: Term, types: Types, definitions: dict[str, Meaning]) -> Theorem:
    quantifier, letters = "forall", {}
    if isinstance(says, Binding) and says.kind != "fun":
        quantifier = says.kind
        if len(dict(says.names)) < len(says.names) or None in dict(says.names).values():
            raise IllTyped("a letter twice, or without a type")
        letters = {name: kind for name, kind in says.names if kind is not None}
        says = says.body
    types = declared(letters.items(), types)
    hypotheses: list[Term] = []
    if quantifier == "forall":
        while isinstance(says, Implies):
            hypotheses.append(says.premise)
            says = says.conclusion
        says, *existing = _conjuncts(says)
    else:
        *hypotheses, says = _conjuncts(says)
        says, existing = _without_its_name(says), []
    if quantifier == "forall":
        _check(says, existing)
    return Theorem(
        quantifier,
        letters,
        tuple(meaning(each, "Prop", types) for each in hypotheses),
        meaning(says, "Prop", types),
        tuple(meaning(each, "Prop", types) for each in existing),
        definitions,
    )


def _conjuncts(term: Term) -> Iterator[Term]:
    if isinstance(term, Both):
        yield from _conjuncts(term.left)
        yield from _conjuncts(term.right)
    else:
        yield term


def _without_its_name(term: Term) -> Term:
    """``exists s : R, has_partial f x i s /\\ s <> r`` as ``has_partial f x i r``, which fails."""
    match term:
        case Binding("exists", ((name, "R"),), Both(slope, Relation((Name(same), right), ("<>",)))):
            match slope:
                case Apply(Name(said), (*where, Name(given))) if said in _SAYS:
                    if name == same == given:
                        return Apply(Name(said), (*where, right))
        case Relation((left, right), ("<>",)):
            return Relation((left, right), ("=",))
    raise IllTyped(f"not said to fail: {term}")


def _check(says: Term, existing: list[Term]) -> None:
    """What is said is one equation or one slope, and every other slope in it is said to exist."""
    match says:
        case Relation(_, ("=",)):
            pass
        case Apply(Name(said), _) if said in _SAYS:
            pass
        case _:
            raise IllTyped(f"neither an equation nor a slope: {says}")
    stated = [_innermost(each) for each in existing]
    for part in _parts(says):
        match part:
            case Apply(Name(slope), where) if slope in _SLOPES:
                if Apply(Name(_SLOPES[slope]), where) not in stated:
                    raise IllTyped(f"it is not said that {part} exists")


def _innermost(existence: Term) -> Term:
    while isinstance(existence, Binding | Implies):
        inside = existence.body if isinstance(existence, Binding) else existence.conclusion
        existence = inside
    match existence:
        case Apply(Name(said), _) if said in _SLOPES.values():
            return existence
    raise IllTyped(f"said besides the claim: {existence}")


def _parts(term: object) -> Iterator[object]:
    """A term and all terms in it."""
    yield term
    if isinstance(term, tuple):
        for each in term:
            yield from _parts(each)
    elif is_dataclass(term):
        for field in fields(term):
            yield from _parts(getattr(term, field.name))
