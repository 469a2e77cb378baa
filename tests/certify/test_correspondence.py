"""What is emitted says what was claimed, compared at numbers; a wrong translation is seen."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flint import arb, ctx
from sympy import Integer, Symbol

import derivations.certify
from derivations.certify import theorem, writer
from derivations.certify.certify_command import WORD2VEC, all_subjects, documents, is_further
from derivations.certify.coqc import recorded, subject_of
from derivations.certify.theorem import certificate, statement
from derivations.certify.writer import RESERVED, Letters, Level, NotCovered, Text, Writer
from derivations.claim import Claim, Judgement, Verdict, Witness
from derivations.language.functions import EVERY, Elementary
from derivations.report.subject import document, of_file
from tests.certify import claim_values, theorem_syntax, theorem_values
from tests.certify.claim_values import BITS, Case, Point, Subject, cases
from tests.certify.theorem_syntax import Relation, UnknownSyntax
from tests.certify.theorem_values import (
    LIBRARY,
    IllTyped,
    NoDerivative,
    NoValue,
    Real,
    Sides,
    rational,
)
from tests.planting import Mutant, Replaced, around, instead

# Letters of a theorem as functions of Coq: one argument at a time.
#
# An arbitrary function of rows r is the product over its rows of 1 + Σ c x + c x², with x the
# entries of the row and c numbers that depend on all that is around. With a kink in a row it has
# Σ c |x| there, and no derivative at zero.


ROWS = range(1, 4)


def curried(function: Callable[..., Any], arity: int, *given: Any) -> Any:
    """A function of some arguments as one that takes them one by one."""
    if arity == 0:
        return function(*given)
    return lambda argument: curried(function, arity - 1, *given, argument)


def family(point: Point, name: str, arity: int) -> Any:
    """Numbers at places."""
    return curried(lambda *places: theorem_values.rational(point.number(name, places)), arity)


def words(point: Point, name: str, arity: int) -> Any:
    """A list of words."""
    return curried(lambda *places: point.word(name, places), arity)


def arbitrary(point: Point, name: str, arity: int, depths: tuple[int, ...]) -> Any:
    """A function of ``arity`` indices and of a vector or matrix for each of ``depths``."""

    def value(*arguments: Any) -> Real:
        indices, rows = arguments[:arity], arguments[arity:]
        result: Real = theorem_values.ONE
        for number, (depth, row) in enumerate(zip(depths, rows, strict=True)):
            total: Real = theorem_values.ONE
            for place in product(ROWS, repeat=depth):
                x = row
                for each in place:
                    x = x(each)
                factor = theorem_values.rational(point.number(name, (number, *indices, *place)))
                square = theorem_values.add(x, theorem_values.multiply(x, x))
                bent = _absolute(x) if point.kink == number else square
                total = theorem_values.add(total, theorem_values.multiply(factor, bent))
            result = theorem_values.multiply(result, total)
        return result

    return curried(value, arity + len(depths))


_absolute = LIBRARY["Rabs"][2]


# The emitted modules of a claim: all that the tests of this folder ask of the translator.


NOWHERE = Witness({}, {}, {}, ("0", "0"), ("0", "0"))


@dataclass(frozen=True)
class Emitted:
    """``holds`` says that the claim is true, ``falls`` that it is false, whatever it is.

    ``falls`` is None where the translator has no such text. ``letters`` are the names in both.
    """

    holds: str
    falls: str | None
    letters: Letters


def emitted(claim: Claim) -> Emitted:
    """The texts of one claim; raises NotCovered."""
    holds = certificate("", Judgement(claim, Verdict.PROVED)).text
    letters, falls = statement(claim).letters, None
    if not letters.functions:  # the translator has no counterexamples with arbitrary functions
        falls = certificate("", Judgement(claim, Verdict.REFUTED, witness=NOWHERE)).text
    return Emitted(holds, falls, letters)


@cache
def covered() -> dict[str, Claim]:
    """Every well-typed claim, false claim and line that has a text, by subject and id."""
    return {key: claim for key, claim in _well_typed().items() if not reason_against(claim)}


@cache
def not_reached() -> dict[str, str]:
    """Those that have none, with the reason."""
    reasons = {key: reason_against(claim) for key, claim in _well_typed().items()}
    return {key: reason for key, reason in reasons.items() if reason}


@cache
def _well_typed() -> dict[str, Claim]:
    return {
        f"{name}/{claim.id}": claim
        for name, subject in all_subjects().items()
        for claim in subject.everything
        if claim.misfit is None
    }


def reason_against(claim: Claim) -> str:
    """Why a claim has no text; empty where it has one."""
    try:
        emitted(claim)
    except NotCovered as reason:
        return str(reason)
    return ""


# Whether an emitted theorem says what the claim says, at points near each other.
#
# At every point the hypotheses hold exactly where the claim says something, and there both sides
# of the text are the numbers that the claim's own sides are.


NARROW = arb(2) ** -100


class Apart(AssertionError):
    """The text says something else than the claim."""


def compare(claim: Claim, text: str, letters: Letters, count: int = 5) -> int:
    """How many points had values; raises Apart with the point, UnknownSyntax and IllTyped."""
    read = theorem_values.read(text)
    subject, known = cases(claim, count)
    _same_letters(subject, letters, read)
    _not_empty(subject, read)
    compared = 0
    for case in known:
        for point, meant in ((case.point, True), *case.near):
            if read.admits(_named(letters, point)) != meant:
                said = "holds, by the text it does not" if meant else "fails, by the text it holds"
                raise Apart(f"{claim.id}: what is assumed {said}: {point}")
        compared += _same_values(claim, read, letters, case)
    if not compared:
        raise Apart(f"{claim.id}: no point at which it has values")
    return compared


@ctx.workprec(BITS)
def _same_values(claim: Claim, read: theorem_values.Theorem, letters: Letters, case: Case) -> bool:
    """Whether both sides have values, which are the same; raises Apart where they are not."""
    env, at = _named(letters, case.point), f"{claim.id} at {case.point}"
    try:
        sides = read.sides(env)
        if not read.exists(env):
            raise Apart(f"a slope is said to exist and does not: {at}")
        said = sides.left, sides.right
    except (NoValue, NoDerivative):
        said = None
    if said is None or case.sides is None:
        if said is not case.sides:
            raise Apart(f"{said} in Coq, {case.sides} in SymPy: {at}")
        return False
    for side, text, meant in zip(("left", "right"), said, case.sides, strict=True):
        if not (_is_narrow(text) and _is_narrow(meant)):
            raise Apart(f"too wide to compare: {text}, {meant}: {at}")
        if not text.overlaps(meant):
            raise Apart(f"{side} {text} in Coq, {meant} in SymPy: {at}")
    return True


def _is_narrow(ball: arb) -> bool:
    return bool(ball.is_finite() and ball.rad() < NARROW * (1 + abs(ball)))


def _not_empty(subject: Subject, read: theorem_values.Theorem) -> None:
    """Where a claim is true, its sides have the same values: one of them twice would pass."""
    left, right = subject.sides
    if isinstance(read.says, Relation) and len(set(read.says.parts)) == 1 and left != right:
        raise Apart(f"{subject.claim.id}: both sides are {read.says.parts[0]}")


def _same_letters(subject: Subject, letters: Letters, read: theorem_values.Theorem) -> None:
    """Every letter of the claim is a letter of the text, under a name of its own."""
    known: dict[object, str] = {}
    every: tuple[Mapping[Any, str], ...] = (
        letters.sizes,
        letters.indices,
        letters.scalars,
        letters.families,
        letters.lists,
        letters.functions,
    )
    for named in every:
        known.update(named)
    meant = {*subject.free, *subject.families, *subject.functions}
    if meant != set(known) or sorted(known.values()) != sorted(read.letters):
        raise Apart(f"{subject.claim.id}: {meant} named {known}, declared {[*read.letters]}")


def _named(letters: Letters, point: Point) -> dict[str, Any]:
    """The values of all letters by their names in the text."""
    found: dict[str, Any] = {name: point.sizes[size] for size, name in letters.sizes.items()}
    found |= {name: point.indices[index] for index, name in letters.indices.items()}
    for scalar, name in letters.scalars.items():
        found[name] = rational(point.number(scalar.name, ()))
    for (base, arity), name in letters.families.items():
        found[name] = family(point, base.name, arity)
    for (base, arity), name in letters.lists.items():
        found[name] = words(point, base.name, arity)
    for kind, name in letters.functions.items():
        depths = tuple(2 if picked is None else 1 for picked in kind.rows.values())
        arity = next(iter(kind.nargs))
        found[name] = arbitrary(point, kind.__name__, arity, depths)
    return found


def same_said(holds: str, falls: str) -> None:
    """That two texts are about one claim, one saying that it is true, the other that it is not."""
    one, other = theorem_values.read(holds), theorem_values.read(falls)
    if one.falls or not other.falls:
        raise Apart("which of them says that it is true")
    said = [(t.letters, t.hypotheses, t.says, t.existing, t.definitions) for t in (one, other)]
    if said[0] != said[1]:
        different = next(pair for pair in zip(*said, strict=True) if pair[0] != pair[1])
        raise Apart("said in one and in the other: {}\nand\n{}".format(*different))


# How a mistake is planted: a function of the translator is put in another's place.


def of_function(module: Any, name: str, wrong: Callable[..., Any], claim: str, said: str) -> Mutant:
    """A function of a module replaced; ``wrong`` gets the right one before the arguments."""
    return Mutant(said, (around(module, name, wrong),), claim)


def of_method(name: str, wrong: Callable[..., Any], claim: str, said: str) -> Mutant:
    """A way to write one kind of node replaced, in the writer and in its tables."""
    right = getattr(Writer, name)

    def patched(*given: Any, **more: Any) -> Any:
        return wrong(right, *given, **more)

    def in_table(rows: tuple[tuple[Any, Any], ...]) -> object:
        return tuple((kind, patched if how is right else how) for kind, how in rows)

    tables = (Replaced(writer, table, in_table) for table in ("_REAL", "_INTEGER"))
    return Mutant(said, (instead(Writer, name, patched), *tables), claim)


def of_hypotheses(change: Callable[[str], str | None], claim: str, said: str) -> Mutant:
    """Each hypothesis changed as ``change`` says; None drops it."""

    def changed(right: Callable[..., Any], *given: Any) -> list[str]:
        return [new for each in right(*given) if (new := change(each)) is not None]

    return of_function(theorem, "_hypotheses", changed, claim, said)


def without(text: str, claim: str, said: str) -> Mutant:
    """Hypotheses with ``text`` in them dropped."""
    return of_hypotheses(lambda each: None if text in each else each, claim, said)


def with_instead(old: str, new: str, claim: str, said: str) -> Mutant:
    """``old`` in hypotheses replaced by ``new``."""
    return of_hypotheses(lambda each: each.replace(old, new), claim, said)


def of_statement(change: Callable[[Any], dict[str, Any]], claim: str, said: str) -> Mutant:
    """Fields of the finished statement replaced."""

    def changed(right: Callable[..., Any], of: Any) -> Any:
        found = right(of)
        return replace(found, **change(found))

    return of_function(theorem, "statement", changed, claim, said)


# Mistakes in how expressions are written.


def _of_first_twice(right: Any, self: Any, node: Any) -> Text:
    first = self.integer(node.args[0])
    return writer.applied("delta", first, first)


def _with_limits(change: Any) -> Any:
    def wrong(right: Any, self: Any, function: str, node: Any, summand: Any) -> Any:
        limits = [change(*limit) for limit in node.limits]
        return right(self, function, node.func(node.function, *limits), summand)

    return wrong


def _unary(function: str) -> Any:
    return lambda right, self, node: writer.applied(function, self.real(node.args[0]))


def _inside_out(right: Any, over: Any, under: Any, *, minus: bool) -> Any:
    return right(under, over, minus=minus) if under and over else right(over, under, minus=minus)


def _unbound(right: Any, self: Any, node: Any, function: str) -> Any:
    text = right(self, node, function)
    letter = text.text.split("(fun ")[1].split()[0]
    return replace(text, text=text.text.replace(f"fun {letter} ", "fun other ", 1))


def _second_place(right: Any, self: Any, node: Any, function: str) -> Any:
    text = right(self, node, function)
    *start, row, place = text.text.rsplit(" ", 2)
    return replace(text, text=" ".join([*start, place, row]))


def _arguments_turned(right: Any, self: Any, node: Any, *, integer: bool) -> Any:
    text = right(self, node, integer=integer)
    words = text.text.split(" ")
    return replace(text, text=" ".join([*words[:-2], words[-1], words[-2]]))


def _then_and_else(right: Any, self: Any, node: Any) -> Text:
    text = right(self, node).text
    start, rest = text.split(" then ", 1)
    then, otherwise = rest.split(" else ", 1)
    return Text(f"{start} then {otherwise} else {then}", Level.OPEN)


def _other_extreme(right: Any, self: Any, node: Any) -> Any:
    text = right(self, node)
    return replace(text, text=text.text.replace("Rmin", "Rmax"))


def _bare(right: Any, piece: Text, level: int) -> str:
    return piece.text


def _first_size(right: Any, self: Any, node: Any) -> Text:
    size = self._letter(next(iter(self.letters.sizes.values())))
    return writer.applied("IZR", Text(size)) if node.is_integer else right(self, node)


LOSS, ROW = "word2vec/b.columns", "word2vec/g.row"

EXPRESSIONS: tuple[Mutant, ...] = (
    of_function(
        writer, "terms", lambda right, parts: right(parts[:-1]), LOSS, "a term of a sum is lost"
    ),
    of_method(
        "_entry",
        lambda right, self, node: right(self, node.base[node.indices[::-1]]),
        LOSS,
        "the indices of an entry are exchanged",
    ),
    of_method(
        "_summed",
        _with_limits(lambda index, low, high: (index, low, high - 1)),
        LOSS,
        "a sum ends one too early",
    ),
    of_method(
        "_summed",
        _with_limits(lambda index, low, high: (index, low + 1, high)),
        "word2vec/h.U",
        "a sum begins one too late",
    ),
    of_method(
        "_count",
        lambda right, self, node: right(self, node.func(Integer(1), *node.limits)),
        "word2vec/g.6 from the start",
        "a count counts everything",
    ),
    of_function(
        writer,
        "quotient",
        lambda right, over, under, *, minus: right(over, under, minus=False),
        LOSS,
        "a minus is lost",
    ),
    of_function(writer, "quotient", _inside_out, LOSS, "a quotient is turned over"),
    of_function(
        writer,
        "quotient",
        lambda right, over, under, *, minus: right(over, under[:1], minus=minus),
        "contrastive/s.4",
        "the second factor of a denominator is lost",
    ),
    of_method("_delta", _of_first_twice, ROW, "a delta compares a word with itself"),
    of_method("_exp", _unary("ln"), LOSS, "ln is written for exp"),
    of_method("_log", _unary("exp"), LOSS, "exp is written for ln"),
    of_method(
        "_abs",
        lambda right, self, node: self.real(node.args[0]),
        "word2vec/stable.sigmoid",
        "an absolute value is lost",
    ),
    of_method(
        "_extreme",
        _other_extreme,
        "word2vec/stable.log-sigmoid",
        "the larger number is written for the smaller",
    ),
    of_method(
        "_cases",
        _then_and_else,
        "word2vec/slip.stable.abs-sign",
        "the branches of a case are exchanged",
    ),
    of_method(
        "_raised",
        lambda right, self, base, exponent: right(self, base, Integer(1)),
        "glove/p.2",
        "a power is lost",
    ),
    of_method("_symbol", _first_size, "word2vec/spans.expected", "one size is written for another"),
    of_method("slope", _unbound, LOSS, "the letter differentiated by is not the function's"),
    of_method("slope", _second_place, LOSS, "the row and place of a slope are exchanged"),
    of_method("_named", _arguments_turned, LOSS, "the last two arguments are exchanged"),
    of_function(Text, "within", _bare, LOSS, "all parentheses are lost"),
    of_function(
        writer,
        "terms",
        lambda right, p: replace(right(p), level=Level.SIGNED),
        LOSS,
        "a - (b + c) loses its parentheses",
    ),
)


# Mistakes in what a theorem assumes, and in how its parts are put together.


SAMPLE, WINDOW = "word2vec/f.sample", "word2vec/h.U"


def _zero(right: Any, claim: Any) -> Any:
    left, other = right(claim)
    return left, other * 0


CONDITIONS: tuple[Mutant, ...] = (
    without("(1 <= d)", "word2vec/a.scores", "no coordinate at all is allowed"),
    with_instead("(1 <= d)", "(0 <= d)", "word2vec/a.scores", "a size may be zero"),
    with_instead(
        "(0 <= K)", "(1 <= K)", "word2vec/f.center", "a size may not be zero, against the claim"
    ),
    without("(0 <= K)", "word2vec/f.center", "a size may be negative"),
    without("<= o <=", "word2vec/a.scores", "a word may be none of the vocabulary"),
    without("(1 <= n j <= N)", "word2vec/f.center", "a drawn word may be none"),
    with_instead(
        "<= K)%Z -> (1", "<= K - 1)%Z -> (1", "word2vec/f.center", "the last draw is free"
    ),
    without("-> o <> n", "word2vec/f.outside", "the outside word may be drawn"),
    with_instead("o <> n j", "o = n j", "word2vec/f.outside", "every draw is the outside word"),
    without("n j = n", SAMPLE, "the draws may repeat"),
    with_instead("x <> o", "x = o", "word2vec/c.other", "two words are the same, not different"),
    without("x <> o", "word2vec/c.other", "two words may be the same"),
    without("= o", "word2vec/c.2", "two words need not be the same"),
    without("(V : Z -> R) (U : Z -> Z -> R) (i", "word2vec/h.center", "a loss of any kind, by V"),
    without("(V : Z -> R) (U : Z -> Z -> R) (x", "word2vec/h.U", "a loss of any kind, by U"),
    with_instead(
        "(1 <= j <= K)%Z -> o <> n",
        "o <> n",
        "word2vec/f.outside",
        "a condition on draws is one on places that the list has not",
    ),
    of_function(theorem, "_sides", _zero, "word2vec/b.columns", "the right side is 0"),
    of_statement(
        lambda said: {"right": said.left}, "word2vec/a.scores", "a side is compared with itself"
    ),
    of_statement(lambda said: {"existing": ()}, WINDOW, "it is not said that slopes exist"),
    of_statement(
        lambda said: {"existing": tuple(e.replace("<= m)", "<= 0)") for e in said.existing)},
        WINDOW,
        "slopes are said to exist at some places of a sum only",
    ),
    of_function(
        theorem,
        "at_witness",
        lambda right, said: right(said).replace("<>", "="),
        "word2vec/a.scores",
        "that a claim falls says that it holds",
    ),
    of_function(
        theorem,
        "at_witness",
        lambda right, said: right(said).replace("  (1 <= d)%Z /\\\n", ""),
        "word2vec/a.scores",
        "a counterexample may have no coordinate",
    ),
)


# Small changes of an emitted theorem: a sign, a numeral, a name, a hypothesis dropped.


TOKEN = re.compile(r"[A-Za-z][\w']*|\d+|<=|<>|->|=>|:=|/\\|\S")
SIGNS = {"+": "-", "-": "+", "*": "+", "/": "*", "<=": "<", "<>": "=", "=": "<>"}
WORDS = {
    "exp": "ln",
    "ln": "exp",
    "Rmin": "Rmax",
    "Rabs": "exp",
    "has_partial2": "ex_partial2",
}


def mutants(text: str) -> Iterator[tuple[str, str]]:
    """Every text with one change, each after the line in question as it then stands."""
    start, end = text.index("Theorem"), text.index("Proof.")
    groups = _of_one_type(text[start:end])
    for token in TOKEN.finditer(text, text.index("\n"), end):
        for other in _others(token[0], groups):
            changed = text[: token.start()] + other + text[token.end() :]
            first = changed.rfind("\n", 0, token.start()) + 1
            yield changed[first:].partition("\n")[0], changed
    for hypothesis in re.finditer(r"^  \(.*\) ->\n", text, re.M):
        yield hypothesis[0].rstrip(), text[: hypothesis.start()] + text[hypothesis.end() :]


def _others(token: str, groups: list[list[str]]) -> Iterator[str]:
    """What is written for a token: another sign, function, numeral or letter of its type."""
    if token in SIGNS:
        yield SIGNS[token]
    if token in WORDS:
        yield WORDS[token]
    if token.isdigit():
        yield str(int(token) + 1)
    for group in groups:
        if token in group:
            yield from (name for name in group if name != token)


def _of_one_type(theorem: str) -> list[list[str]]:
    declared = theorem.partition(",\n")[0]
    return [group.split() for group in re.findall(r"\(([\w' ]+) : ", declared)]


# What each elementary function is called in Coq, and that those without a name are not stated.


Z = Symbol("z", real=True)
NOT_STATED = {"sign", "above", "not below", "tan", "arcsin", "arccos", "arcsinh", "erf"}


def written(row: Elementary) -> str:
    letters = Letters()
    letters.declare(Z)
    return Writer(letters).real(row.symbolic(Z)).text


@pytest.mark.parametrize("row", [row for row in EVERY if row.coq], ids=lambda row: row.name)
def test_a_function_with_a_name_in_coq_is_written_by_it(row: Elementary) -> None:
    assert written(row) == f"{row.coq} z"
    assert row.coq in RESERVED


@pytest.mark.parametrize("row", [row for row in EVERY if not row.coq], ids=lambda row: row.name)
def test_a_function_without_one_is_written_by_others_or_not_at_all(row: Elementary) -> None:
    if row.name in NOT_STATED:
        with pytest.raises(NotCovered, match="no counterpart in the library"):
            written(row)
    else:
        assert any(f"{name} " in written(row) for name in ("exp", "ln", "Rabs"))


# Each emitted statement says what its claim says, by an interpreter that knows only the text.
#
# The claims are evaluated by the project's own evaluator, with the derivatives that SymPy takes.
# More points: ``CORRESPONDENCE_POINTS=50 pytest -m '' tests/certify``.


POINTS = int(os.environ.get("CORRESPONDENCE_POINTS", "5"))
PARTS, FEW = 12, 1  # of twelve parts the first; all of them are slow


@pytest.mark.parametrize(
    "part",
    [pytest.param(n, marks=[pytest.mark.slow] if n >= FEW else []) for n in range(PARTS)],
)
def test_the_texts_say_what_the_claims_say(part: int) -> None:
    for key in list(covered())[part::PARTS]:
        claim = covered()[key]
        texts = emitted(claim)
        assert compare(claim, texts.holds, texts.letters, POINTS) > 0, key
        if texts.falls is not None:
            same_said(texts.holds, texts.falls)


@pytest.mark.slow
def test_every_subject_is_there() -> None:
    subjects = {key.partition("/")[0] for key in covered()}
    assert subjects == {"word2vec", "cbow", "glove", "contrastive", "hierarchical_softmax"}
    assert len(covered()) > 340


# The interpreter of Coq text: its grammar and types, and what the library's words mean.


IN_COQ = Path(derivations.certify.__file__).parent / "library"
U = curried(lambda w, k: rational(10 * w + k), 2)


def sides(left: str, right: str = "0", before: str = "") -> Sides:
    declared = "forall (K : Z) (U : Z -> Z -> R) (x y : R), "
    text = f"{before}Theorem holds : {declared}{left} = {right}."
    return theorem_values.read(text).sides({"K": 3, "U": U, "x": rational(2), "y": rational(5)})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x - y - x", -5),
        ("x - (y - x)", -1),
        ("x / y * y", 2),
        ("x / (y * y) * 100", 8),
        ("- x ^ 2", -4),
        ("(- x) ^ 2", 4),
        ("- x * y + y", -5),
        ("2 * IZR K - IZR (K - 1)", 4),
        ("Sum 1 K (fun i => U i 1)", 63),
        ("Sum 2 (K - 2) (fun i => U i 1)", 0),
        ("Sum 1 K (fun i => Sum i K (fun j => delta i j))", 3),
        ("IZR (ISum (- 1) K (fun i => i * idelta i 2))", 2),
        ("(if Rle_dec x y then x else y)", 2),
        ("(if Rle_dec y x then x else y)", 5),
        ("Rmax x y - Rmin x y + Rabs (- x)", 5),
        ("exp (ln x)", 2),
        ("sqrt (x ^ 2 + y) ^ 2", 9),
        ("Derive (fun t : R => sqrt (t + 2)) x * 4", 1),
        ("partial2 (fun U => U 1 2 * U 1 2 + U 2 1) U 1 2", 24),
        ("partial2 (fun U => U 2 1) U 1 2", 0),
        ("partial (fun v => Sum 1 K (fun k => v k ^ 3)) (U 0) 2", 12),
        ("Derive (fun t : R => t * Derive (fun s : R => s * t * t) t) x", 12),
        ("Derive (fun t : R => x * Derive (fun s : R => s * t) y) x", 2),
        ("Derive (fun t : R => ln t / t + exp (- t)) 1 + exp (- 1)", 1),
    ],
)
def test_a_term_has_its_value(text: str, value: int) -> None:
    slopes = re.search("partial|Derive", text)
    if slopes:  # said to exist: read as a definition, where nothing of that kind is asked
        parameters = "(K : Z) (U : Z -> Z -> R) (x : R) (y : R)"
        found = sides("f K U x y", before=f"Definition f {parameters} : R := {text}.\n").left
    else:
        found = sides(text).left
    assert found.overlaps(arb(value))
    assert found.rad() < arb(2) ** -40


@pytest.mark.parametrize(
    "text",
    ["x ** y", "x + fun i => i", "Sum 1 K (fun i => x", "x ? y", "let z := x in z", "x + ", "x%R"],
)
def test_what_the_grammar_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(UnknownSyntax):
        sides(text)


@pytest.mark.parametrize(
    "text",
    [
        "z",
        "IZR x",
        "x + K",
        "U 1",
        "U x 1",
        "Sum 1 K",
        "Sum 1 K (fun i => i)",
        "(x)%Z",
        "x y",
        "(K <= 3)%Z",
        "Sum 1 K (fun exp => U exp 1)",
        "partial2 (fun U => U 1 2) U 1 2",
    ],
)
def test_what_coq_would_not_accept_is_refused(text: str) -> None:
    with pytest.raises(IllTyped):
        sides(text)


def test_a_definition_sees_its_parameters_and_nothing_else() -> None:
    assert sides("f y", before="Definition f (x : R) : R := x + 1.\n").left.overlaps(arb(6))
    with pytest.raises(IllTyped):
        sides("f y", before="Definition f (z : R) : R := z + x.\n")


def test_a_premise_about_all_integers_is_tried_at_many() -> None:
    text = "forall (K : Z) (n : Z -> Z), (forall j : Z, (1 <= j <= K)%Z -> n j <> K) -> 0 = 0."
    read = theorem_values.read(f"Theorem holds : {text}")
    assert read.admits({"K": 3, "n": lambda j: 4 - 4 * j})
    assert not read.admits({"K": 3, "n": lambda j: j})


def test_a_slope_that_does_not_exist_is_not_said_to() -> None:
    text = "Theorem holds : forall (x : R), Derive (fun t : R => Rabs t) x = 1 /\\ "
    read = theorem_values.read(text + "ex_derive (fun t : R => Rabs t) x.")
    assert read.exists({"x": rational(2)})
    assert not read.exists({"x": rational(0)})


def test_a_second_derivative_is_the_slope_of_the_first() -> None:
    cubed = "is_derive (fun s : R => s ^ 3) s slope"
    text = f"has_second_slope (fun s : R => fun slope => {cubed}) x (6 * x)"
    found = theorem_values.read(f"Theorem holds : forall (x : R), {text}.").sides(
        {"x": rational(2)}
    )
    assert found.left.overlaps(arb(12))
    mixed = "has_second2 (fun U => fun slope => has_partial2 (fun U => U 1 1 * U 1 2 ^ 2)"
    text = f"{mixed} U 1 1 slope) U 1 2 0"
    read = theorem_values.read(f"Theorem holds : forall (U : Z -> Z -> R), {text}.")
    assert read.sides({"U": lambda x: lambda i: rational(10 * x + i)}).left.overlaps(arb(24))


def test_a_root_of_what_is_below_zero_has_no_value() -> None:
    assert sides("PI").left.overlaps(arb.pi())
    with pytest.raises(NoValue):
        sides("sqrt (- x)")


def test_a_premise_may_be_that_numbers_are_above_zero() -> None:
    read = theorem_values.read(
        "Theorem holds : forall (a : R) (s : Z -> R), 0 < a -> (forall j : Z, 0 < s j) -> a = a."
    )
    assert read.admits({"a": rational(1), "s": lambda j: rational(j * j + 1)})
    assert not read.admits({"a": rational(0), "s": lambda j: rational(j * j + 1)})
    assert not read.admits({"a": rational(1), "s": lambda j: rational(j)})


# the interpreter says the same in Python: who changes these, changes that
MEANT = """
Fixpoint first (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => first m f + f m end.
Definition Sum (lo hi : Z) (f : Z -> R) : R :=
  first (Z.to_nat (hi - lo + 1)) (fun n => f (lo + Z.of_nat n)%Z).
Fixpoint ifirst (n : nat) (f : nat -> Z) : Z :=
  match n with O => 0 | S m => ifirst m f + f m end%Z.
Definition ISum (lo hi : Z) (f : Z -> Z) : Z :=
  ifirst (Z.to_nat (hi - lo + 1)) (fun n => f (lo + Z.of_nat n)%Z).
Definition delta (a b : Z) : R :=
  if Z.eqb a b then 1 else 0.
Definition idelta (a b : Z) : Z :=
  if Z.eqb a b then 1%Z else 0%Z.
Definition upd (v : Z -> R) (i : Z) (t : R) : Z -> R :=
  fun k => if Z.eqb k i then t else v k.
Definition upd2 (U : Z -> Z -> R) (x i : Z) (t : R) : Z -> Z -> R :=
  fun w => if Z.eqb w x then upd (U w) i t else U w.
Definition has_partial (F : (Z -> R) -> R) v i l :=
  is_derive (fun t : R => F (upd v i t)) (v i) l.
Definition ex_partial (F : (Z -> R) -> R) v i :=
  ex_derive (fun t : R => F (upd v i t)) (v i).
Definition partial (F : (Z -> R) -> R) v i :=
  Derive (fun t : R => F (upd v i t)) (v i).
Definition has_partial2 (F : (Z -> Z -> R) -> R) U x i l :=
  is_derive (fun t : R => F (upd2 U x i t)) (U x i) l.
Definition ex_partial2 (F : (Z -> Z -> R) -> R) U x i :=
  ex_derive (fun t : R => F (upd2 U x i t)) (U x i).
Definition partial2 (F : (Z -> Z -> R) -> R) U x i :=
  Derive (fun t : R => F (upd2 U x i t)) (U x i).
Definition has_second (P : (Z -> R) -> R -> Prop) v i l :=
  exists G : R -> R, locally (v i) (fun t : R => P (upd v i t) (G t)) /\\ is_derive G (v i) l.
Definition has_second2 (P : (Z -> Z -> R) -> R -> Prop) U x i l :=
  exists G : R -> R,
    locally (U x i) (fun t : R => P (upd2 U x i t) (G t)) /\\ is_derive G (U x i) l.
Definition has_second_slope (P : R -> R -> Prop) (a : R) l :=
  exists G : R -> R, locally a (fun t : R => P t (G t)) /\\ is_derive G a l.
"""


def test_the_library_defines_what_the_interpreter_assumes() -> None:
    texts = ((IN_COQ / f"{name}.v").read_text() for name in ("Sums", "Derivatives", "Smooth"))
    text = " ".join(" ".join(texts).split())
    found = re.findall(r"(?:Definition|Fixpoint) .*?\.(?= )", text)
    assert found == re.findall(r"(?:Definition|Fixpoint) .*?\.(?= |$)", " ".join(MEANT.split()))
    assert len(found) == 17


def test_the_interpreter_of_theorems_imports_nothing_of_the_translator() -> None:
    files = [
        Path(str(module.__file__)) for module in (claim_values, theorem_syntax, theorem_values)
    ]
    assert [path.name for path in files if "certify" in _imported(path)] == []


def _imported(path: Path) -> set[str]:
    """The packages of ``derivations`` that a file imports."""
    nodes = ast.walk(ast.parse(path.read_text()))
    modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {module.split(".")[1] for module in modules if module.startswith("derivations.")}


# A wrong translation is seen: planted into the translator, or made in the text.


PLANTS = (*EXPRESSIONS, *CONDITIONS)


WRONG = (Apart, IllTyped, UnknownSyntax)
MUTATED = (
    "word2vec/b.columns",
    "word2vec/c.other",
    "word2vec/e.forms",
    "word2vec/e.derivative",
    "word2vec/stable.log-sigmoid",
    "contrastive/s.4",
    "glove/p.2",
)
# that a size is at least one also follows from an index that is a member of its set
IMPLIED = re.compile(r"  \(\d <=? \w+\)%Z ->")


def corresponds(claim: Claim) -> None:
    texts = emitted(claim)
    compare(claim, texts.holds, texts.letters)
    if texts.falls is not None:
        same_said(texts.holds, texts.falls)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", PLANTS, ids=str)
def test_a_wrong_translation_is_seen(mutant: Mutant) -> None:
    claim = covered()[mutant.seen_by]
    corresponds(claim)
    with mutant.planted(), pytest.raises(WRONG):
        corresponds(claim)


def test_no_two_plants_are_called_the_same() -> None:
    assert len({mutant.meant for mutant in PLANTS}) == len(PLANTS)


@pytest.mark.parametrize("key", MUTATED)
def test_a_changed_text_is_told_from_the_emitted_one(key: str) -> None:
    claim = covered()[key]
    texts = emitted(claim)
    passed, seen = [], 0
    for line, text in mutants(texts.holds):
        try:
            compare(claim, text, texts.letters)
        except WRONG:
            seen += 1
        else:
            passed.append(line)
    assert seen > 2 * len(passed)
    assert [line for line in passed if not IMPLIED.fullmatch(line)] == []


# The further subjects: each line is what Coq accepted, or says why it is not stated there.


IN_A_DEFINITION = "a derivative in the definition of phi2"
NO_SIGN = "Signum has no counterpart in the library: Signum(a(j))"
NOT_STATED_OF_FURTHER_SUBJECTS = {
    "two_layer_network/h.5": IN_A_DEFINITION,
    "two_layer_network/h.6": IN_A_DEFINITION,
    "two_layer_network/r.4": NO_SIGN,
    "two_layer_network/r.5": NO_SIGN,
    "two_layer_network/r.6 corrected": NO_SIGN,
    "two_layer_network/r.7 corrected": NO_SIGN,
    "two_layer_network/r.9 corrected": NO_SIGN,
}


def typed(name: str) -> list[Claim]:
    return [claim for claim in of_file(str(document(name))).everything if claim.misfit is None]


@pytest.mark.slow  # all lines of a subject are translated
@pytest.mark.parametrize("name", [name for name in documents() if is_further(name)])
def test_every_line_is_one_that_coq_accepted_or_says_why_it_is_not_stated(name: str) -> None:
    reasons = {}
    for claim in typed(name):
        key = f"{name}/{claim.id}"
        try:
            said = certificate(name, Judgement(claim, Verdict.PROVED))
        except NotCovered as reason:
            reasons[key] = str(reason)
            assert key not in recorded()
            continue
        known = recorded().get(key)
        assert known, f"{key} is not in checked.json: python -m derivations.certify --all --record"
        if known["theorem"] == said.theorem:  # a counterexample is of a witness, which takes longer
            assert known["digest"] == said.digest, f"{key} has changed since Coq accepted it"
    assert reasons == {
        key: why for key, why in NOT_STATED_OF_FURTHER_SUBJECTS.items() if subject_of(key) == name
    }


def test_the_record_is_of_all_subjects_and_of_no_other() -> None:
    assert set(map(subject_of, recorded())) == {WORD2VEC, *documents()}
