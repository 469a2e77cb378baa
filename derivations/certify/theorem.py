"""Theorems of Coq: a claim for all sizes, or its negation at a witness, with a proof beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path

from sympy import Derivative, Expr, Indexed, IndexedBase, Symbol

from derivations.certify.writer import (
    Binder,
    Definitions,
    Family,
    Letters,
    NotCovered,
    Text,
    Writer,
    applied,
    identifier,
    parenthesised,
)
from derivations.claim import (
    AtLeast,
    Claim,
    Condition,
    Distinct,
    Equal,
    Judgement,
    NonZero,
    NotAmong,
    OfData,
    Positive,
    Unequal,
    Verdict,
    Witness,
)
from derivations.indices import Index, IndexSet
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import Defined, Opaque
from derivations.language.tree import Call, Definition, Reference, Term, Variable
from derivations.language.tree import Derivative as DerivativeTerm
from derivations.proof.fragment import OutsideFragment

# A derivative by what is defined, as it is written: of a function of a letter, at a value.
#
# Where ``define z = W x + b``, the derivative of J by z is that of J as a function of a letter,
# which stands for z, taken where the letter is W x + b. The reader makes that an application: a
# definition with the letter for its parameter and the derivative for its body, at the value. In
# index notation the derivative is taken on the way; a statement is to say what was written, and
# so says both.


@dataclass(frozen=True)
class Cut:
    """A claim of which the left side is a derivative by ``letter``, and what that stands for.

    ``value`` is the entry at ``axes`` of what the letter stands for.
    """

    claim: Claim
    letter: IndexedBase | Symbol
    value: Expr
    axes: tuple[Index, ...]


def cut_of(claim: Claim) -> Cut | None:
    """The claim as one by a letter; None where it is not a derivative by what is defined."""
    match claim.left:
        case Call(
            Definition(parameters=(*labels, Variable() as by), body=DerivativeTerm() as slope),
            arguments=(*members, at),
        ) if labels == members and isinstance(at, Term):
            entry, _ = entry_of(Reference(by))
            value, axes = entry_of(at, claim.names)
            letter = entry.base if isinstance(entry, Indexed) else entry
            return Cut(replace(claim, left=slope), letter, value, axes)
    return None


# A claim as a statement of Coq: its definitions, what it is about, its conditions, what it says.
#
# Read from the claim's own expressions and from nothing else. An index is an integer between the
# bounds of its set; a list of words is a function of which every entry at a place of the list is a
# word, so that every pattern of repetitions is meant. A side that is a derivative is stated as
# ``has_partial``: the derivative exists, and is the other side. Other derivatives are written as
# numbers, and that they exist is part of what is stated.


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
        case Positive(of) | NonZero(of):
            start, end = ("0 < ", "") if isinstance(condition, Positive) else ("", " <> 0")
            if of in letters.scalars:
                yield f"{start}{letters.scalars[of]}{end}"
            for (each, arity), name in letters.families.items():
                if each == of:
                    places = " ".join(_fresh_places(arity, letters))
                    yield f"(forall {places} : Z, {start}{name} {places}{end})"
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
            return f"{writer.integer(left).closed} = {writer.integer(right).closed}"
        case Unequal(left, right):
            return f"{writer.integer(left).closed} <> {writer.integer(right).closed}"
    if not isinstance(condition, Distinct | NotAmong):
        raise NotCovered(f"a condition of the kind {type(condition).__name__}")
    keys = _lists(condition, letters)
    if len(keys) != 1:
        raise NotCovered(f"{condition}: which list is meant")
    places = _places(keys[0], letters)
    entry = applied(letters.lists[keys[0]], *map(Text, places)).text
    if isinstance(condition, NotAmong):
        word = writer.integer(condition.word).closed
        return f"{_for_all(keys[0], places, letters, writer)}{word} <> {entry}"
    others = [letters.names.within(place, places) for place in places]
    second = applied(letters.lists[keys[0]], *map(Text, others)).text
    same = " /\\ ".join(f"{a} = {b}" for a, b in zip(places, others, strict=True))
    first = _for_all(keys[0], places, letters, writer)
    other = _for_all(keys[0], others, letters, writer)
    return f"{first}{other}{entry} = {second} -> {same}"


# A claim that is false, as a statement of Coq: sizes, words and numbers at which it fails.
#
# The theorem says that there are letters that meet all hypotheses, and for which the sides differ;
# where the left side is a derivative, that it exists and is another number. The witness of the
# judge is what the proof gives.


_ENTRY = re.compile(r"(.+)\[([-\d,]+)\]")
Entries = dict[tuple[int, ...], str]


def at_witness(said: Statement) -> str:
    """That there are letters for which the claim fails."""
    lines = [f"  exists {' '.join(said.declarations)},"] if said.declarations else []
    lines += [f"  {parenthesised(each)} /\\" for each in said.hypotheses]
    lines += [f"  ({derivative}) /\\" for derivative in said.existing]
    if said.slope:
        lines.append(f"  (exists slope : R, {said.slope} slope /\\\n  slope <> {said.right})")
    else:
        lines.append(f"  ({said.left}\n  <> {said.right})")
    return "\n".join(lines)


def instance_of(said: Statement, witness: Witness) -> str:
    """Tactics that give the letters of a witness, in the order they are declared."""
    letters = said.letters
    values = [str(witness.sizes.get(s.name, 1)) for s in letters.sizes]
    values = [f"({value})%Z" for value in values]
    for kind in letters.functions:
        values.append(_function(kind, witness.values))
    for (base, arity), _ in letters.families.items():
        elsewhere = "1" if base in said.above_zero else "0"
        values.append(_table(_entries(str(base.label), witness.values), arity, _real, elsewhere))
    for (base, arity), _ in letters.lists.items():
        words = {name: str(word) for name, word in witness.words.items()}
        values.append(_table(_entries(str(base.label), words), arity, _integer, "1%Z"))
    for scalar in letters.scalars:
        values.append(_real(witness.values.get(scalar.name, "0")))
    for index in letters.indices:
        low = index.space.lower
        default = int(low) if low.is_Integer else 0
        values.append(f"({witness.words.get(index.name, default)})%Z")
    return f"exists {', '.join(values)}." if values else ""


def _entries(family: str, values: dict[str, str]) -> Entries:
    found: Entries = {}
    for name, value in values.items():
        entry = _ENTRY.fullmatch(name)
        if entry is not None and entry[1] == family:
            found[tuple(int(place) for place in entry[2].split(","))] = value
    return found


def _real(value: str) -> str:
    number = Fraction(value)
    over = f"({number.numerator})" if number < 0 else str(number.numerator)
    return f"({over} / {number.denominator})" if number.denominator != 1 else f"({over})"


def _integer(value: str) -> str:
    return f"({value})%Z"


def _table(entries: Entries, arity: int, number: object, default: str = "0") -> str:
    """A function by cases; 0, or what is above zero, or word 1, everywhere else."""
    assert callable(number)
    places = "abc"[:arity]
    if arity > 3:
        raise NotCovered("a family of more than three indices")
    text = default
    for indices, value in sorted(entries.items(), reverse=True):
        if len(indices) != arity or number(value) == f"({default})":
            continue
        tests = " && ".join(
            f"({place} =? ({index}))%Z" for place, index in zip(places, indices, strict=True)
        )
        text = f"if ({tests})%bool then {number(value)} else {text}"
    binders = " ".join(f"({place} : Z)" for place in places)
    return f"(fun {binders} => {text})"


def _function(kind: type[Opaque], values: dict[str, str]) -> str:
    """A linear function with the value and the partial derivatives that the witness says."""
    name, arity = kind.__name__, next(iter(kind.nargs))
    places = "abcdefg"[:arity]
    terms = [_at(places, at, value, ()) for at, value in _entries(name, values).items()]
    rows = [f"r{number}" for number in range(1, len(kind.rows) + 1)]
    for base, row in zip(kind.rows, rows, strict=True):
        slopes = _entries(f"∂{name}/∂{base}", values)
        for at, value in sorted(slopes.items()):
            terms.append(_at(places, at[:arity], value, (row, *at[arity:])))
    binders = " ".join([*places, *rows])
    return f"(fun {binders} => {' + '.join(filter(None, terms)) or '0'})"


def _at(places: str, at: tuple[int, ...], value: str, entry: tuple[str | int, ...]) -> str:
    """``value``, times an entry where one is given, where the places are these."""
    if Fraction(value) == 0:
        return ""
    deltas = [f"delta {place} ({word})" for place, word in zip(places, at, strict=True)]
    row = [" ".join([str(entry[0]), *(f"({n})%Z" for n in entry[1:])])] if entry else []
    return " * ".join([*deltas, _real(value), *row])


# The library that all theorems rest on: its files, in the order in which Coq reads them.


FILES = ("Sums", "Derivatives", "Tactics", "Refutation")
SMOOTH = "Smooth"  # rests on all of these; only what needs it imports it
EVERY_FILE = (*FILES, SMOOTH)
# the subjects for which the first files are enough, and quicker
FIRST = ("cbow", "contrastive", "glove", "hierarchical_softmax", "word2vec")
FOLDER = Path(__file__).parent / "library"
LOGICAL = "Certify"

HEAD = f"""\
Require Import Reals ZArith Lra Lia List.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From {LOGICAL} Require Import {" ".join(FILES)}.
Open Scope R_scope.
"""
SMOOTH_HEAD = f"{HEAD}From {LOGICAL} Require Import {SMOOTH}.\n"
# what is known in that file alone
SMOOTH_WORDS = re.compile(r"\b(sqrt|PI|sin|cos|atan|has_second\w*)\b|\^ ([3-9]|[1-9]\d+)\b|\b0 < ")


def needs_smooth(statement: str) -> bool:
    """Whether a statement has something that the first files know nothing of."""
    return SMOOTH_WORDS.search(statement) is not None


def head(*, smooth: bool) -> str:
    """What stands above the theorems of a file."""
    return SMOOTH_HEAD if smooth else HEAD


@cache
def sources() -> dict[str, str]:
    """The text of each file of the library."""
    return {name: (FOLDER / f"{name}.v").read_text(encoding="utf-8") for name in EVERY_FILE}


@cache
def library_digest(*, smooth: bool = True) -> str:
    """What tells this library, and what is imported beside it, from any other."""
    files = EVERY_FILE if smooth else FILES
    texts = [*(sources()[name] for name in files), head(smooth=smooth)]
    return sha256("\n".join(texts).encode()).hexdigest()


@cache
def axioms(*, at_witness: bool) -> frozenset[str]:
    """The axioms that a theorem may rest on: those of the real numbers that Coquelicot uses.

    A counterexample may also use the machine integers with which intervals are computed.
    """
    always, beside = (FOLDER / "axioms.txt").read_text("utf-8").split("\n\n")
    lines = (always + "\n" + beside if at_witness else always).splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


# One certificate: a module of Coq with the definitions, the theorem and its proof.


HOLDS, FALLS = "holds", "falls"
_TACTICS = {HOLDS: ("holds", "proved"), FALLS: ("falls", "refuted")}  # the second of Smooth.v


@dataclass(frozen=True)
class Certificate:
    """What is handed to Coq for one claim: ``theorem`` is its name there."""

    subject: str
    id: str
    part: str
    theorem: str
    text: str
    smooth: bool

    @property
    def key(self) -> str:
        """The id with its subject before it."""
        return f"{self.subject}/{self.id}"

    @property
    def file(self) -> str:
        """The file it belongs in: one or two for each part of a subject."""
        return module_name(f"{self.subject}_{self.part}") + ("_smooth" if self.smooth else "")

    @property
    def axioms(self) -> frozenset[str]:
        """What it may rest on."""
        return axioms(at_witness=self.theorem.endswith(FALLS))

    @property
    def digest(self) -> str:
        """Of the statement, the proof and the library that both are about."""
        return sha256(f"{library_digest(smooth=self.smooth)}\n{self.text}".encode()).hexdigest()


def certificate(subject: str, judgement: Judgement) -> Certificate:
    """The certificate of a judgement; raises NotCovered with the reason where there is none."""
    claim = judgement.claim
    if judgement.shown:
        raise NotCovered(judgement.shown)  # it is not the claim by itself that was shown
    if judgement.verdict is Verdict.PROVED:
        said = statement(_typed(claim))
        text = _universal(said)
        return _module(subject, claim, said, HOLDS, text)
    if judgement.verdict is Verdict.REFUTED:
        assert judgement.witness is not None
        said = statement(_typed(claim))
        instance = instance_of(said, judgement.witness)
        return _module(subject, claim, said, FALLS, at_witness(said), f"{instance} ")
    raise NotCovered(f"{judgement.verdict.value}: {judgement.reason}")


def _typed(claim: Claim) -> Claim:
    if claim.misfit is not None:
        raise NotCovered("ill-typed")
    return claim


def _universal(said: Statement) -> str:
    """For all letters that meet the hypotheses."""
    lines = [f"  forall {' '.join(said.declarations)},"] if said.declarations else []
    lines += [f"  {parenthesised(each)} ->" for each in said.hypotheses]
    conclusions = [said.holds, *said.existing]
    lines.append(" /\\\n".join(f"  ({each})" for each in conclusions))
    return "\n".join(lines)


def _module(
    subject: str, claim: Claim, said: Statement, theorem: str, text: str, instance: str = ""
) -> Certificate:
    smooth = subject not in FIRST or needs_smooth("\n".join([*said.definitions, text]))
    script = f"{instance}{_TACTICS[theorem][smooth]}."
    name = module_name(claim.id)
    opened = _opened(said) if theorem == HOLDS else _unfolded(said.names)
    lines = [
        f"Module {name}.",
        *said.definitions,
        f"Theorem {theorem} :\n{text}.",
        f"Proof. {opened}{script} Qed.",
        f"End {name}.",
    ]
    whole = "\n".join(lines) + "\n"
    return Certificate(subject, claim.id, claim.part, f"{name}.{theorem}", whole, smooth)


def _opened(said: Statement) -> str:
    """What opens a proof: definitions are unfolded.

    A derivative by what is defined is proved at any value of that: what it is made of is not seen.
    """
    if said.point.split(" ")[0] not in said.names:
        return _unfolded(said.names)
    first = above(said.point, said)[:-1]
    rest = [name for name in said.names if name not in first]
    seen = f"intros. {_unfolded(first)}cbv beta. " if first else "intros. "
    return f"{seen}generalize ({said.point}). intro. {_unfolded(rest)}"


def _unfolded(names: Iterable[str]) -> str:
    listed = " ".join(names)
    return f"cbv delta [{listed}]. " if listed else ""


def module_name(id: str) -> str:
    """The id as an identifier; different ids have different ones within a subject."""
    return identifier(id.replace("-", "_").replace(" ", "_").replace(".", "_"))
