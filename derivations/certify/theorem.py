"""A claim as a statement of Coq: its definitions, what it is about, its conditions, what it says.

Read from the claim's own expressions and from nothing else. An index is an integer between the
bounds of its set; a list of words is a function of which every entry at a place of the list is a
word, so that every pattern of repetitions is meant. A side that is a derivative is stated as
``has_partial``: the derivative exists, and is the other side. Other derivatives are written as
numbers, and that they exist is part of what is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from sympy import Derivative, Expr, IndexedBase

from derivations.certify.coq_text import Text, applied, closed
from derivations.certify.declarations import Family, Letters
from derivations.certify.intermediate import cut_of
from derivations.certify.writer import Binder, Definitions, NotCovered, Writer
from derivations.claim import Claim, Condition, Distinct, Equal, NotAmong, Unequal
from derivations.indices import IndexSet
from derivations.language.data_conditions import AtLeast, OfData, Positive
from derivations.language.index_nodes import Defined, Opaque
from derivations.proof.fragment import OutsideFragment

_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Statement:
    """What a theorem says.

    ``letters`` are declarations such as ``(N d : Z)``, in order; ``hypotheses`` are propositions.
    ``above_zero`` are the families of which every entry is above zero.
    ``slope`` is the left side as a function still to be told its value, where it is a derivative;
    ``point`` is where that is taken, if it is by what is defined.
    """

    letters: Letters
    definitions: tuple[str, ...]
    names: tuple[str, ...]
    declarations: tuple[str, ...]
    hypotheses: tuple[str, ...]
    existing: tuple[str, ...]
    slope: str | None
    left: str
    right: str
    above_zero: frozenset[IndexedBase]
    point: str

    @property
    def holds(self) -> str:
        """That the claim is true."""
        if self.slope:
            return f"{self.slope}\n    ({self.right})"
        return f"{self.left}\n  = {self.right}"


def statement(claim: Claim) -> Statement:
    """The statement of a well-typed claim; raises NotCovered."""
    cut = cut_of(claim)
    claim = cut.claim if cut else claim
    sides = _sides(claim)
    letters = Letters()
    for axis in claim.sides.axes:
        letters.declare(axis)
    for node in (*sides, *_mentioned(claim.conditions)):
        letters.declare(node)
    if cut:
        letters.declare(cut.value, cut.axes)
    functions = [kind.__name__ for kind in letters.functions]
    if len(set(functions)) < len(functions):
        raise NotCovered("an arbitrary function of different arrays")
    definitions, texts = _definitions(letters)
    writer = Writer(letters, definitions)
    if cut:
        writer.at[cut.letter] = Writer(letters, definitions).array(cut.value, cut.axes)
    slope = None
    if isinstance(sides[0], Derivative):
        slope = writer.slope(sides[0], "has_partial").text
        first = len(sides[0].variables) == 1
        left_text = writer.slope(sides[0], "partial").text if first else slope
    else:
        left_text = writer.real(sides[0]).text
    right_text = writer.real(sides[1]).text
    letters.bind(*writer.at)
    names = {name: text for (name, _), text in zip(definitions.values(), texts, strict=True)}
    names = _mentioned_in(f"{left_text} {right_text}", names)
    (point,) = (each.text for each in writer.at.values()) if cut else ("",)
    return Statement(
        letters,
        tuple(names.values()),
        tuple(names),
        tuple(_declarations(letters)),
        tuple(_hypotheses(claim.conditions, letters, writer)),
        tuple(_exists(binders, text) for binders, text in writer.existing),
        slope,
        left_text,
        right_text,
        frozenset(each.of for each in claim.conditions if isinstance(each, Positive)),
        point,
    )


def _sides(claim: Claim) -> tuple[Expr, Expr]:
    try:
        sides = claim.sides
    except OutsideFragment as left:
        raise NotCovered(str(left)) from None
    if sides.differentiated:  # then they are not what was written
        raise NotCovered("a derivative in a definition that takes arrays")
    return sides.left, sides.right


def _mentioned(conditions: tuple[Condition, ...]) -> Iterator[Expr]:
    for condition in conditions:
        if isinstance(condition, Equal | Unequal):
            yield from (condition.left, condition.right)
        elif isinstance(condition, NotAmong):
            yield condition.word


def _exists(binders: tuple[Binder, ...], text: Text) -> str:
    if not binders:
        return text.text
    names = " ".join(binder.name for binder in binders)
    ranges = "".join(f"{_within(b.name, b.lower, b.upper)} -> " for b in binders)
    return f"forall {names} : Z, {ranges}{text.text}"


def _within(name: str, lower: str, upper: str) -> str:
    return f"({lower} <= {name} <= {upper})%Z"


def _definitions(letters: Letters) -> tuple[Definitions, list[str]]:
    """Each named function as a number, and as an index where it can be one."""
    definitions: Definitions = {}
    texts = []
    for kind, name in letters.definitions.items():
        texts.append(_define(kind, name, Writer(letters, definitions), integer=False))
        with suppress(NotCovered, KeyError):
            texts.append(_define(kind, f"{name}_z", Writer(letters, definitions), integer=True))
    return definitions, texts


def _define(kind: type[Defined], name: str, writer: Writer, *, integer: bool) -> str:
    """Write a definition, and note what it is called and which letters it takes first."""
    if kind.differentiates:
        raise NotCovered(f"a derivative in the definition of {name}")
    letters = writer.letters
    draft = Writer(letters, writer.definitions)
    for param in kind.params:
        draft.bind(param)
    (draft.integer if integer else draft.real)(kind.body)
    if draft.existing:
        raise NotCovered(f"a derivative in the definition of {name}")
    called = (known for known, _ in writer.definitions.values())
    writer.letters_used = frozenset(draft.used).union(called)
    parameters = [(writer.bind(param), "Z" if param.is_integer else "R") for param in kind.params]
    body = (writer.integer if integer else writer.real)(kind.body).text
    given = [(each, sort) for each, sort in _sorts(letters) if each in writer.used]
    writer.definitions[kind, integer] = name, tuple(each for each, _ in given)
    said = "".join(f" {each}" for each in _grouped([*given, *parameters]))
    return f"Definition {name}{said} : {'Z' if integer else 'R'} :=\n  {body}."


def above(point: str, said: Statement) -> list[str]:
    """The definitions that rest on the one that ``point`` is an application of; it comes last."""
    found = [point.split()[0]]
    for name, text in zip(said.names, said.definitions, strict=True):
        if set(found) & set(_WORD.findall(text)) and name not in found:
            found.insert(0, name)
    return found


def _mentioned_in(text: str, names: dict[str, str]) -> dict[str, str]:
    """The definitions that a text rests on, in their order: the last one rests on none after it."""
    kept: dict[str, str] = {}
    for name, definition in reversed(names.items()):
        if name in _WORD.findall(text):
            kept[name] = definition
            text += f" {definition}"
    return dict(reversed(kept.items()))


def _sorts(letters: Letters) -> Iterator[tuple[str, str]]:
    """Every letter with its type, sizes first and indices last."""
    for name in letters.sizes.values():
        yield name, "Z"
    for kind, name in letters.functions.items():
        rows = [f"({_sort_of_entries(kind, base)})" for base in kind.rows]
        arity = next(iter(kind.nargs))
        yield name, " -> ".join([*["Z"] * arity, *rows, "R"])
    for (_, arity), name in letters.families.items():
        yield name, "Z -> " * arity + "R"
    for (_, arity), name in letters.lists.items():
        yield name, "Z -> " * arity + "Z"
    for name in letters.scalars.values():
        yield name, "R"
    for name in letters.indices.values():
        yield name, "Z"


def _grouped(sorts: list[tuple[str, str]]) -> list[str]:
    """``(c o : Z)`` for letters of one type beside each other."""
    groups: list[tuple[list[str], str]] = []
    for name, sort in sorts:
        if groups and groups[-1][1] == sort:
            groups[-1][0].append(name)
        else:
            groups.append(([name], sort))
    return [f"({' '.join(names)} : {sort})" for names, sort in groups]


def _declarations(letters: Letters) -> list[str]:
    return _grouped(list(_sorts(letters)))


def _hypotheses(
    conditions: tuple[Condition, ...], letters: Letters, writer: Writer
) -> Iterator[str]:
    for size, name in letters.sizes.items():
        if size.is_positive:
            yield f"(1 <= {name})%Z"
        elif size.is_nonnegative:
            yield f"(0 <= {name})%Z"
    for kind, name in letters.functions.items():
        yield from _differentiable(kind, name, letters)
    for key, name in letters.lists.items():
        places = _places(key, letters)
        entry = applied(name, *(Text(place) for place in places)).text
        space = key[0].space
        ends = writer.integer(space.lower).text, writer.integer(space.upper).text
        yield f"{_for_all(key, places, letters, writer)}{_within(entry, *ends)}"
    for index, name in letters.indices.items():
        ends = writer.integer(index.space.lower).text, writer.integer(index.space.upper).text
        yield _within(name, *ends)
    for condition in conditions:
        if isinstance(condition, OfData):
            yield from _of_data(condition, letters)
        elif isinstance(condition, Equal | Unequal) or _lists(condition, letters):
            yield _condition(condition, letters, writer)


def _of_data(condition: OfData, letters: Letters) -> Iterator[str]:
    """A condition on numbers, of those letters that are there.

    Of a family it is stated of all integers: its entries beyond its ranges are read by nothing.
    """
    match condition:
        case AtLeast(size, value):
            if size in letters.sizes:
                yield f"({value} <= {letters.sizes[size]})%Z"
        case Positive(scalar) if scalar in letters.scalars:
            yield f"0 < {letters.scalars[scalar]}"
        case Positive(base):
            for (each, arity), name in letters.families.items():
                if each == base:
                    places = " ".join(_fresh_places(arity, letters))
                    yield f"(forall {places} : Z, 0 < {name} {places})"
        case _:
            raise NotCovered(f"the condition {condition} on numbers")


def _lists(condition: Distinct | NotAmong, letters: Letters) -> list[Family]:
    """The list that a condition is about; none where it is not read, and need not be distinct."""
    return [key for key in letters.lists if key[0] == condition.words]


def _sort_of_entries(kind: type[Opaque], base: IndexedBase) -> str:
    """The type of what an arbitrary function takes of a matrix: of a row, or of all of it."""
    return " -> ".join([*("Z" for _ in kind.axes[base]), "R"])


def _differentiable(kind: type[Opaque], name: str, letters: Letters) -> Iterator[str]:
    arity = next(iter(kind.nargs))
    places = [f"a{number}" for number in range(1, arity + 1)]
    inside = {base: letters.families[base, kind.depth(base)] for base in kind.rows}
    sorts = [(place, "Z") for place in places]
    sorts += [(inside[base], _sort_of_entries(kind, base)) for base in kind.rows]
    call = " ".join([name, *places, *inside.values()])
    for base, letter in inside.items():
        one = len(kind.axes[base]) == 1
        ex, at = ("ex_partial", ["i"]) if one else ("ex_partial2", ["x", "i"])
        at = [letters.names.within(each, [*places, *inside.values()]) for each in at]
        said = " ".join([*_grouped(sorts), *_grouped([(each, "Z") for each in at])])
        yield f"(forall {said}, {ex} (fun {letter} => {call}) {letter} {' '.join(at)})"


def _places(key: Family, letters: Letters) -> list[str]:
    return _fresh_places(key[1], letters)


def _fresh_places(arity: int, letters: Letters) -> list[str]:
    found: list[str] = []
    for number in range(arity):
        found.append(letters.names.within("jkl"[number], found))
    return found


def _for_all(key: Family, places: list[str], letters: Letters, writer: Writer) -> str:
    """``forall k : Z, (1 <= k <= K)%Z ->`` over the places of a list, as far as they are known."""
    ranges = ""
    for place, spaces in zip(places, letters.places[key], strict=True):
        sizes = set().union(*(end.free_symbols for s in spaces for end in (s.lower, s.upper)))
        if len(spaces) == 1 and sizes <= letters.sizes.keys():
            ranges += f"{_of_space(place, next(iter(spaces)), writer)} -> "
    return f"forall {' '.join(places)} : Z, {ranges}"


def _of_space(place: str, space: IndexSet, writer: Writer) -> str:
    return _within(place, writer.integer(space.lower).text, writer.integer(space.upper).text)


def _condition(
    condition: Equal | Unequal | Distinct | NotAmong, letters: Letters, writer: Writer
) -> str:
    match condition:
        case Equal(left, right):
            return f"{closed(writer.integer(left))} = {closed(writer.integer(right))}"
        case Unequal(left, right):
            return f"{closed(writer.integer(left))} <> {closed(writer.integer(right))}"
    keys = _lists(condition, letters)
    if len(keys) != 1:
        raise NotCovered(f"{condition}: which list is meant")
    places = _places(keys[0], letters)
    entry = applied(letters.lists[keys[0]], *map(Text, places)).text
    if isinstance(condition, NotAmong):
        word = closed(writer.integer(condition.word))
        return f"{_for_all(keys[0], places, letters, writer)}{word} <> {entry}"
    assert isinstance(condition, Distinct)
    others = [letters.names.within(place, places) for place in places]
    second = applied(letters.lists[keys[0]], *map(Text, others)).text
    same = " /\\ ".join(f"{a} = {b}" for a, b in zip(places, others, strict=True))
    first = _for_all(keys[0], places, letters, writer)
    other = _for_all(keys[0], others, letters, writer)
    return f"{first}{other}{entry} = {second} -> {same}"
