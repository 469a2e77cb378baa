"""An equality between two syntax trees as a claim, and the line that it is printed as.

What each side says, under what conditions, in which reading both fit; then the printed equality
with all that is said of it, read or not, and how it stands in an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain as chained
from typing import TypedDict

from derivations.claim import (
    AtLeast,
    Claim,
    Condition,
    Equal,
    FullRank,
    OfData,
    Premise,
    Unequal,
    Verdict,
)
from derivations.language.traversal import free_in, parts, same, summed_by_convention
from derivations.language.tree import (
    Call,
    Cases,
    Definition,
    Derivative,
    IndexVariable,
    Indicator,
    Inverse,
    Mapped,
    MatrixProduct,
    Misfit,
    Number,
    Ranged,
    Row,
    Rows,
    Term,
    Transpose,
    Zeros,
    vector_axis,
    well_typed,
)
from derivations.reader.elaborate.constructors import is_zero, measured
from derivations.reader.elaborate.derivatives import varied_in
from derivations.reader.elaborate.indexing import conditions
from derivations.reader.elaborate.matrices import is_row, listed_row
from derivations.reader.elaborate.probabilities import asked_of, probability_in
from derivations.reader.elaborate.properties import (
    is_invertible,
    is_turned,
    ranks_of,
    sized_as,
)
from derivations.reader.environment import (
    BY_MATRIX,
    CHAINS,
    CONSTANT,
    DECLARED,
    JACOBIAN,
    LAYOUTS,
    NUMERATOR,
    UNKNOWN,
    Environment,
    IllFormed,
    Layout,
    Scope,
    dotted,
    first_layout,
    is_tuple,
    is_unsized,
    letter_of,
    loosely,
    nablas_laid_out,
    name_of,
    reaching,
    resolve,
    with_number_pi,
)
from derivations.reader.equal_up_to_constant import Without, without_constant
from derivations.reader.latex_commands import WORD_FUNCTIONS
from derivations.reader.source import HowFar, Place, Question, Unreadable
from derivations.reader.syntax import (
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    nodes,
    written,
)
from derivations.reader.unparser import latex

Value = Term | Misfit
ROWS, DOTS, NABLAS = "vectors as rows", "vectors side by side as dot products", "gradients as rows"
SUMS = "sums as far as their letter goes"
NUMBER_PI = "\\pi by itself as the number"
NOTHING = (Misfit("", "", ""), Misfit("", "", ""))  # where the sides are still to come


@dataclass(frozen=True)
class Equality:
    """Two sides as terms, the scope they were read in, and what is assumed there.

    ``loose`` has terms that are not `is_fit` for sides without a meaning, where there are some.
    ``reading`` is the `Reading` in which alone it fits, if any; ``fits_as_rows`` says whether it
    fits where vectors are rows.
    """

    left: Term | Misfit
    right: Term | Misfit
    scope: Scope
    assumed: tuple[Condition, ...] = ()
    loose: tuple[Term | None, Term | None] = (None, None)
    reading: Reading | None = None
    fits_as_rows: Callable[[], bool] = field(default=lambda: True, compare=False)


@dataclass(frozen=True)
class Meaning:
    """What a side was read as, under which conditions of its own, and with what notes.

    ``loose`` is a term that is not `is_fit` for one without a meaning, where there is one.
    ``questions`` are what the side may be meant otherwise for; ``met`` are the derivatives whose
    layout matters, ``under`` says what the side is in each, ``turned`` what it is if gradients are
    rows that names abbreviate, ``ways`` what it is in each `Reading`. ``declared`` is the layout
    that is declared. ``unread`` is why it cannot be read unless in one of these; it has no value
    then. ``without`` is the side that ``value`` is of, where a constant that nobody names is one of
    its terms.
    """

    node: Node
    value: Term | Misfit
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]
    loose: Term | None = None
    questions: tuple[Question, ...] = ()
    met: frozenset[str] = frozenset()
    under: Callable[[Layout], Term | Misfit] = field(default=lambda _: NOTHING[0], compare=False)
    turned: Callable[[Layout], Term | Misfit] = field(default=lambda _: NOTHING[0], compare=False)
    declared: str = ""
    scope: Scope = field(default_factory=Scope, compare=False)
    unread: Unreadable | None = field(default=None, compare=False)
    ways: Mapping[str, Callable[[], Meaning | None]] = field(default_factory=dict, compare=False)
    without: Without | None = None


def elaborated(node: Node, scope: Scope, chain: tuple[Node, ...] = ()) -> Meaning:
    """What a side says; raises Unreadable where that cannot be told, or is too large.

    ``chain`` is what the derivatives of the chain that it stands in are taken by.
    """
    try:
        return _side(node, scope, chain)
    except Unreadable as problem:
        ways = _other_ways(node, scope, chain)
        known = problem.what != UNKNOWN
        other = next((each for way in ways.values() if known and (each := way())), None)
        if other is None:
            raise
        return replace(other, value=NOTHING[0], loose=None, unread=problem, ways=ways, scope=scope)


def _other_ways(
    node: Node, scope: Scope, chain: tuple[Node, ...]
) -> Mapping[str, Callable[[], Meaning | None]]:
    """What a side is in other readings, by their names."""
    return {
        ROWS: partial(_as_rows, node, scope, chain),
        DOTS: partial(_read_within, dotted, node, scope, chain),
        NABLAS: partial(_read_within, nablas_laid_out, node, scope, chain),
        SUMS: partial(_read_within, reaching, node, scope, chain),
        NUMBER_PI: partial(_read_within, with_number_pi, node, scope, chain),
    }


def _side(node: Node, scope: Scope, chain: tuple[Node, ...]) -> Meaning:
    """What a side says as it stands."""
    here = Environment(scope, layout=first_layout(scope), chain=chain)
    inside, relations = trailing(node, here)
    constant = isinstance(inside, Terms) and CONSTANT.may_stand_in(inside)
    without = without_constant(inside, scope) if constant else None
    inside = inside if without is None else without.node
    here = replace(here, varied=varied_in(inside))
    assumed = conditions(relations, here) if relations else ()
    loose: Term | None = None
    try:
        value: Term | Misfit = (
            listed_row(inside, here)
            if is_tuple(inside) and is_row(inside, here)
            else resolve(inside, here)
        )
    except IllFormed as error:
        _require_declared(inside, scope)
        value, loose = error.misfit, _read_loosely(inside, here)
        for layout in LAYOUTS.values():
            with suppress(Question):  # of ones that do not fit there
                _under(layout, inside, replace(here, layout=layout))
    excess = measured(value).excess if isinstance(value, Term) else ""
    if excess:
        raise Unreadable(node.at, written(node)[:40], excess)
    questions = tuple(here.questions)

    def under(layout: Layout) -> Term | Misfit:
        try:
            return _under(layout, inside, around)
        except Unreadable:  # in the first layout it is readable: another one does not fit
            return NOTHING[0]

    around = Environment(scope, varied=here.varied, chain=chain)
    said, met = tuple(here.notes), frozenset(here.met)
    turned = partial(_with_gradients_as_rows, inside, around)
    return Meaning(
        node,
        value,
        assumed,
        said,
        loose,
        questions,
        met,
        under,
        turned,
        scope.layout,
        scope,
        ways=_other_ways(node, scope, chain),
        without=without,
    )


def _require_declared(node: Node, scope: Scope) -> None:
    """Refuse what has no meaning where a letter in it is not declared, and read as any."""
    for part in nodes(node):
        name = letter_of(part)
        if name and name in scope.drawn:
            what = f"{name} is not declared: what is it?"
            raise Unreadable(
                part.at, written(part), what, f"declare it, as in index {name} in 1..K"
            )


def _read_within(
    context: Callable[[], AbstractContextManager[None]],
    node: Node,
    scope: Scope,
    chain: tuple[Node, ...],
) -> Meaning | None:
    """What a side is in another reading of dots or nablas."""
    try:
        with context():
            found = _side(node, scope, chain)
    except Unreadable:
        return None

    def under(layout: Layout) -> Term | Misfit:
        with context():
            return found.under(layout)

    return replace(found, under=under)


def _under(layout: Layout, node: Node, here: Environment) -> Term | Misfit:
    """What a side is in one layout of derivatives."""
    try:
        return resolve(node, replace(here, layout=layout))
    except IllFormed as error:
        return error.misfit


def _as_rows(node: Node, scope: Scope, chain: tuple[Node, ...]) -> Meaning | None:
    """What a side is if vectors are rows, where no declaration uses one as a column."""
    bodies = [thing.body for thing in scope.things.values()]
    functions = [each.meaning for each in scope.functions.values()]
    bodies += [each.body for each in functions if isinstance(each, Definition)]
    if any(map(has_columns, bodies)):
        return None
    turned = {
        name: replace(thing, body=Transpose(thing.body)) if _is_column(thing.body) else thing
        for name, thing in scope.things.items()
    }
    try:
        return _side(node, replace(scope, things=turned), chain)
    except Unreadable:
        return None


def _with_gradients_as_rows(node: Node, around: Environment, layout: Layout) -> Term | Misfit:
    """What a side is if gradients are rows, also those that names abbreviate."""
    scope = around.scope
    if scope.layout or not any(_is_gradient(thing.body) for thing in scope.things.values()):
        return NOTHING[0]
    turned = {
        name: replace(thing, body=Transpose(thing.body)) if _is_gradient(thing.body) else thing
        for name, thing in scope.things.items()
    }
    here = Environment(replace(scope, things=turned), layout=layout, chain=around.chain)
    try:
        return resolve(node, here)
    except (IllFormed, Unreadable):
        return NOTHING[0]


def _is_gradient(term: Term) -> bool:
    """Whether a name abbreviates the derivative of a number by a vector."""
    while isinstance(term, Call):
        term = term.definition.body
    return isinstance(term, Derivative) and vector_axis(term.shape) is not None


def _is_column(term: Term) -> bool:
    return len(term.shape) == 2 and term.shape[0] is not None and term.shape[1] is None


def has_columns(term: Term) -> bool:
    """Whether a column is multiplied by a row or a matrix, or stands in a family of vectors.

    The ones that ``A 1_n`` sums with are a column in every text.
    """
    if isinstance(term, Row):
        return True
    if isinstance(term, MatrixProduct) and _is_column(term.right) and free_in(term.right).variables:
        return True
    inside = (term.definition.body,) if isinstance(term, Call) else ()
    return any(map(has_columns, (*inside, *parts(term))))


def _read_loosely(node: Node, here: Environment) -> Term | None:
    """A side without a meaning as a term that can be mended; None where there is none."""
    try:
        with loosely():
            found = resolve(node, Environment(here.scope, chain=here.chain))
    except (IllFormed, Unreadable):
        return None
    return None if is_unsized(found) or measured(found).excess else found


def equated(claim: Claim, left: Meaning, right: Meaning) -> Claim:
    """The claim with these sides, under its own conditions and theirs."""
    for each in (left, right):
        if each.unread is not None:
            raise each.unread
    left, right = _laid_out(left, right)
    one, other = fitted_sides(left, right)
    said = (*claim.conditions, *left.conditions, *right.conditions)
    everything = dict.fromkeys((*said, *_ranks(left.scope, one, other)))
    concerned = tuple(each for each in everything if _concerns(each, one, other))
    return replace(claim, left=one, right=other, conditions=concerned)


def _ranks(scope: Scope, *sides: Term | Misfit) -> list[FullRank]:
    """What has full rank if the inverses exist that the sides take."""
    terms = well_typed(*sides)
    free = set(free_in(*terms).variables)
    found: list[FullRank] = []
    for matrix in _taken_as_invertible(terms, scope):
        names = {each.name for each in free.intersection(free_in(matrix).variables)}
        found += (rank for rank in ranks_of(matrix) if rank.of.name in names)
    return found


def _taken_as_invertible(terms: Iterable[Term], scope: Scope) -> list[Term]:
    """The matrices whose inverses are taken in some terms, where nothing says that they exist."""
    found: list[Term] = []
    seen: set[Definition] = set()
    waiting = list(terms)
    while waiting:
        part = waiting.pop()
        waiting += parts(part)
        if isinstance(part, Call | Mapped) and part.definition not in seen:
            seen.add(part.definition)
            waiting.append(part.definition.body)
        if isinstance(part, Inverse) and not any(same(part.of, each) for each in found):
            found += [] if is_invertible(part.of, scope) else [part.of]
    return found


def assumed_of_inverses(claim: Claim, scope: Scope) -> list[FullRank]:
    """The conditions of a claim that nobody wrote: that the inverses exist that it takes."""
    written_ = set(scope.conditions)
    return [each for each in _ranks(scope, claim.left, claim.right) if each not in written_]


def _concerns(condition: Condition, *sides: Term | Misfit) -> bool:
    """Whether a condition has to do with the sides: what it says data of stands in one of them."""
    if not isinstance(condition, OfData):
        return True
    free = free_in(*well_typed(*sides))
    if isinstance(condition, AtLeast):
        return condition.of.name in free.names
    return condition.of.name in {variable.name for variable in free.variables}


def _laid_out(left: Meaning, right: Meaning) -> tuple[Meaning, Meaning]:
    """Both sides in the one layout of derivatives in which they fit, where that matters.

    Where nothing is declared, a derivative by a matrix has the shape of that: where only its
    transpose fits, nobody knows whether that is a layout or a mistake.
    """
    met = left.met | right.met
    if met <= {BY_MATRIX} or (JACOBIAN not in met and _fits(left.value, right.value)):
        return left, right
    layouts = DECLARED.get(left.declared, tuple(LAYOUTS.values()))
    turned = BY_MATRIX in met and not left.declared
    found: list[tuple[Meaning, Meaning]] = []
    for layout in layouts:
        one, other = left.under(layout), right.under(layout)
        known = (_are_one(one, other, a.value, b.value) for a, b in found)
        if not (turned and layout is NUMERATOR) and _fits(one, other) and not any(known):
            found.append((replace(left, value=one), replace(right, value=other)))
    if len(found) == 1:
        return found[0]
    one, other = left.under(CHAINS), right.under(CHAINS)
    if not found and not left.declared and JACOBIAN in met and _fits(one, other):
        return replace(left, value=one), replace(right, value=other)
    what = "the layout of these derivatives by vectors: "
    advice = "declare it, as in layout numerator, or write the entries"
    if not found and turned and _fits(left.under(NUMERATOR), right.under(NUMERATOR)):
        what = f"{what}it fits only where those by matrices are transposed: are they?"
        raise Unreadable(right.node.at, written(right.node)[:40], what, advice)
    if not found and (left.declared or JACOBIAN not in met):
        return left, right
    fit = [name for name, layout in LAYOUTS.items() if _is_known_side(left.under(layout), found)]
    what += "it fits in none" if not found else f"{' or '.join(fit)}?"
    raise Unreadable(right.node.at, written(right.node)[:40], what, advice)


def _is_known_side(value: Value, found: list[tuple[Meaning, Meaning]]) -> bool:
    return any(same(value, left.value) for left, _ in found)


def _fits(one: Term | Misfit, other: Term | Misfit) -> bool:
    if isinstance(one, Misfit) or isinstance(other, Misfit):
        return False
    return fitted_to(one, other).shape == fitted_to(other, one).shape


def fitted_sides(left: Meaning, right: Meaning) -> tuple[Term | Misfit, Term | Misfit]:
    """Both sides, what fits any shape in the shape of the other one."""
    one, other = left.value, right.value
    if isinstance(one, Term) and isinstance(other, Term):
        one, other = fitted_to(one, other), fitted_to(other, one)
        one, other = _turned(one, other, left), _turned(other, one, right)
    if not _fits(one, other) and any(
        _fits(left.turned(layout), right.turned(layout)) for layout in DECLARED["numerator"]
    ):
        what = "this fits where gradients are rows: are they?"
        advice = "declare it, as in layout numerator, or transpose them"
        raise Unreadable(right.node.at, written(right.node)[:40], what, advice)
    for reading in () if _fits(one, other) else READINGS:
        if reading.of(left, right) is not None:
            raise reading.question(right)
    for value, given in ((one, left), (other, right)):
        if isinstance(value, Term) and is_unsized(value):
            what, advice = "of which size is this?", "write its size, as in I_n or \\mathbf{1}_n"
            raise Unreadable(given.node.at, written(given.node), what, advice)
    return one, other


@dataclass(frozen=True)
class Reading:
    """What else an equality may be read as that does not fit as it stands: what is asked of it."""

    name: str
    note: str
    what: str
    advice: str

    def of(self, left: Meaning, right: Meaning) -> tuple[Meaning, Meaning] | None:
        """Both sides read so, in the layout in which they fit; None where they do not fit."""
        one, other = (each.ways.get(self.name, _nothing)() for each in (left, right))
        if one is None or other is None:
            return None
        try:
            found = _laid_out(one, other)
        except Unreadable:
            return None
        return (one, other) if _fits(*(each.value for each in found)) else None

    def question(self, right: Meaning) -> Question:
        """What is asked where it is read so."""
        return Question(right.node.at, written(right.node)[:40], self.what, self.advice)


def _nothing() -> None:
    """What a side is in a reading that it does not have."""


AS_ROWS = Reading(
    ROWS,
    "vectors are read as rows: it fits in no other way",
    "this fits where vectors are rows: are they?",
    "declare these, as in row y in R^n, or transpose them",
)
WITH_DOTS = Reading(
    DOTS,
    "vectors side by side are read as dot products: it fits in no other way",
    "this fits where vectors side by side are dot products: are they?",
    "write x^\\top y, or x \\cdot y",
)
WITH_NABLAS = Reading(
    NABLAS,
    "gradients are read as rows: it fits in no other way",
    "this fits where gradients are rows: are they?",
    "transpose them, or write \\frac{\\partial f}{\\partial x}",
)
WITH_SUMS = Reading(
    SUMS,
    "sums are read to reach over the terms behind them that have their letter, as nothing else has",
    "does the sum reach over the terms behind it that have its letter?",
    "write \\sum_i [ ... ] over all of them",
)
WITH_PI = Reading(
    NUMBER_PI,
    "\\pi by itself is read as the number 3.14...: it fits in no other way",
    "this fits where \\pi by itself is the number 3.14...: is it?",
    "use another letter for one of them",
)
READINGS = (AS_ROWS, WITH_DOTS, WITH_NABLAS, WITH_PI)


def fits_as_rows(left: Meaning, right: Meaning) -> bool:
    """Whether an equality fits as well where vectors are rows."""
    return AS_ROWS.of(left, right) is not None


def meant(left: Meaning, right: Meaning) -> tuple[Meaning, Meaning, Reading | None]:
    """The sides of an equality in the one reading in which they fit, and that, where it is another.

    Such a line can be proved, with a note, and not refuted: it carries a question. Raises
    Unreadable where they fit in several.
    """
    unread = left.unread or right.unread
    try:
        if unread is None:
            fitted_sides(*_laid_out(left, right))
            further = _reaching_further(left, right)
            return (left, right, None) if further is None else further
        raise unread
    except Unreadable:
        found = [(each, read) for each in READINGS if (read := each.of(left, right)) is not None]
        if not found and unread is None and (rowwise := _by_rows(left, right)) is not None:
            return *rowwise, None
        if not found:
            raise
    if [each for each, _ in found] == [AS_ROWS, WITH_NABLAS] and not _multiplies(*found[1][1]):
        del found[0]  # of gradients alone both say the same
    (reading, (one, other)), *others = found
    if others:
        what = f"this fits with {reading.name}, and with {others[0][0].name}: which is it?"
        raise Unreadable(right.node.at, written(right.node)[:40], what, reading.advice)
    asked = (*other.questions, reading.question(right))
    return one, replace(other, notes=(*other.notes, reading.note), questions=asked), reading


def _by_rows(left: Meaning, right: Meaning) -> tuple[Meaning, Meaning] | None:
    """Both sides in the numerator layout, where derivatives of vectors by vectors fit in several.

    That of a square matrix does: with a row for each entry of what is differentiated most authors
    write them, and the chain rule is in order then.
    """
    if JACOBIAN not in left.met | right.met or left.declared:
        return None
    sides = (replace(left, declared="numerator"), replace(right, declared="numerator"))
    try:
        fits = _fits(*(each.value for each in _laid_out(*sides)))
    except Unreadable:
        return None
    if not fits:
        return None
    what = "are derivatives of vectors by vectors laid out by rows? it fits in other layouts too"
    advice = "declare it, as in layout numerator, or write the entries"
    asked = Question(right.node.at, written(right.node)[:40], what, advice)
    one, other = sides
    note = "derivatives of vectors by vectors fit in several layouts: they are read by rows"
    asked_too = (*other.questions, asked)
    return one, replace(other, notes=(*other.notes, note), questions=asked_too)


def _reaching_further(left: Meaning, right: Meaning) -> tuple[Meaning, Meaning, Reading] | None:
    """Both sides, sums over all terms behind them with their letter, which one side alone has."""
    free = [
        {each.latex for each in free_in(*well_typed(side.value)).indices} for side in (left, right)
    ]
    asked = [
        (each.letter, each.letter not in other)
        for side, other in ((left, free[1]), (right, free[0]))
        for each in side.questions
        if isinstance(each, HowFar)
    ]
    letters = {letter for letter, alone in asked}
    known = bool(asked) and all(alone for _, alone in asked)
    found = WITH_SUMS.of(left, right) if known else None
    if found is None:
        return None
    one, other = found
    left_over = free_in(*well_typed(*(each.value for each in found))).indices
    if letters & {each.latex for each in left_over}:
        return None
    questions = (*other.questions, WITH_SUMS.question(right))
    notes = (*other.notes, WITH_SUMS.note)
    return one, replace(other, notes=notes, questions=questions), WITH_SUMS


def _multiplies(*sides: Meaning) -> bool:
    """Whether a column is multiplied by something, of what is laid out."""
    values = (each.value for each in _laid_out(*sides))
    return any(map(has_columns, well_typed(*values)))


def _are_one(one: Value, other: Value, first: Value, second: Value) -> bool:
    """Whether two equalities are one, or the sides of one those of the other transposed."""
    if same((one, other), (first, second)):
        return True
    if isinstance(one, Misfit) or isinstance(other, Misfit):
        return False
    if isinstance(first, Misfit) or isinstance(second, Misfit):
        return False
    return is_turned(one, first) and is_turned(other, second)


def _turned(term: Term, other: Term, given: Meaning) -> Term:
    """A list of numbers as a column, where the other side is one."""
    if not is_tuple(given.node) or term.shape == other.shape or term.shape != other.shape[::-1]:
        return term
    if isinstance(term, Rows):
        what, advice = "are these the rows or the columns?", "write it as a matrix, or with ^T"
        raise Unreadable(given.node.at, written(given.node), what, advice)
    return Transpose(term)


def fitted_to(term: Term, other: Term) -> Term:
    """A zero that was written, or an identity matrix, in the shape of the other side."""
    if term.shape or not other.shape:
        return term
    if is_zero(term):
        return Zeros(other.shape)
    found = sized_as(term, other.shape) if is_unsized(term) else None
    return found or term


def question(left: Meaning, right: Meaning, conditions: tuple[Condition, ...]) -> Question | None:
    """What a line may be meant otherwise for."""
    terms = well_typed(left.value, right.value)
    free = {letter.name for letter in free_in(*terms).indices}
    compared = [
        frozenset(map(str, (condition.left, condition.right)))
        for condition in conditions
        if isinstance(condition, Equal | Unequal)
    ]
    compared += [pair for term in terms for pair in _compared_letters(term)]
    fits = _fit_as_laid_out(left, right)
    for each in (*left.questions, *right.questions):
        if each.unless_it_fits and fits:
            continue
        if each.apart not in compared and (not each.free or each.free in free):
            return each
    for side, other in ((left, right), (right, left)):
        if not isinstance(side.value, Term):
            continue
        asked = asked_of(side.value) if free_in(side.value).functions else None
        if asked is not None:
            return Question(side.node.at, asked.name, asked.what, asked.advice)
        signs = any(isinstance(n, Leaf) and n.kind == "SUM" for n in nodes(left.node, right.node))
        summed = None if signs else summed_by_convention(side.value, other.value)
        if summed is not None:
            what = f"is {summed.latex} summed over, as it stands twice on this side alone?"
            advice = f"write \\sum_{summed.latex}, or the {summed.latex} on both sides"
            return Question(side.node.at, written(side.node)[:40], what, advice)
    return None


def _fit_as_laid_out(left: Meaning, right: Meaning) -> bool:
    """Whether the sides fit, a list as the column that it may be."""
    one, other = (each.value for each in _laid_out(left, right))
    if isinstance(one, Misfit) or isinstance(other, Misfit):
        return False
    return _fits(one, other) or _fits(_turned(one, other, left), _turned(other, one, right))


def _compared_letters(term: Term) -> Iterator[frozenset[str]]:
    """The letters that a side itself compares, as in ``\\mathbb{1}\\{i = j\\}``: it is of both."""
    waiting = [term]
    while waiting:
        part = waiting.pop()
        waiting += parts(part)
        found = part.comparisons if isinstance(part, Indicator) else ()
        found += tuple(chained(*part.conditions)) if isinstance(part, Cases) else ()
        for each in found:
            if isinstance(each.left, IndexVariable) and isinstance(each.right, IndexVariable):
                yield frozenset((each.left.name, each.right.name))


def notes(left: Meaning, right: Meaning) -> tuple[str, ...]:
    """How the sides were read where they could have been meant otherwise."""
    said = (*left.notes, *right.notes, *_hidden(left.value, right.value), *_layout(left, right))
    return tuple(dict.fromkeys((*said, *_inverted(left, right))))


def _inverted(left: Meaning, right: Meaning) -> list[str]:
    """The matrices that are taken as invertible, as their inverses are written."""
    terms = well_typed(left.value, right.value)
    taken = _taken_as_invertible(terms, right.scope)
    return [
        f"{latex(each, right.scope)} is taken as invertible: its inverse is written"
        for each in taken
    ]


def _layout(left: Meaning, right: Meaning) -> list[str]:
    """The layout that derivatives by vectors were read in."""
    if (left.met | right.met) <= {BY_MATRIX}:
        return []
    chosen = _laid_out(left, right)[0].value
    names = [name for name, layout in LAYOUTS.items() if same(left.under(layout), chosen)]
    if names:
        return [f"derivatives by vectors are laid out {names[0]}, as fits"]
    said = "each derivative in the shape of what it is taken by"
    return [f"products of derivatives are read as chains from the left, {said}"]


def _hidden(*values: Term | Misfit) -> list[str]:
    """Letters that are bound in a sum and free beside it."""
    terms = well_typed(*values)
    free = {variable.latex: variable.name for term in terms for variable in free_in(term).indices}
    bound = {variable.latex for term in terms for variable in bound_letters(term)}
    return [
        f"{name} is free, and bound in a sum: inside the sum it is the bound one"
        for latex, name in sorted(free.items())
        if latex and latex in bound
    ]


def bound_letters(term: Term) -> Iterator[IndexVariable]:
    """The letters that the sums of a term bind."""
    if isinstance(term, Ranged):
        yield term.over
    for part in parts(term):
        yield from bound_letters(part)


def trailing(node: Node, here: Environment) -> tuple[Node, list[Relation]]:
    """A side without the conditions in parentheses at its end, and these conditions."""
    if isinstance(node, Terms):
        last, found = trailing(node.parts[-1], here)
        if not found:
            return node, []
        return Terms(node.at, node.signs, (*node.parts[:-1], last)), found
    if not isinstance(node, Product):
        return node, []
    last_factor = node.factors[-1]
    if not isinstance(last_factor, Group) or last_factor.bracket != "(" or node.joins[-1]:
        return node, []
    items = last_factor.content.items
    relations = [item for item in items if isinstance(item, Relation)]
    rest = node.factors[:-1]
    if not relations or len(relations) != len(items) or _is_function(rest[-1], here):
        return node, []
    if probability_in(rest[-1], last_factor, here.scope) is not None:
        return node, []
    return (rest[0] if len(rest) == 1 else Product(node.at, rest, node.joins[:-1])), relations


def _is_function(node: Node, here: Environment) -> bool:
    base = node.base if isinstance(node, Script) else node
    kinds = ("FUNCTION", "INDICATOR")
    elementary = isinstance(base, Leaf) and (
        base.kind in kinds or base.text in {*WORD_FUNCTIONS, "I"}
    )
    return elementary or name_of(node) in here.scope.functions


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


@dataclass(frozen=True)
class Again:
    """The id of a line that says once more what a name is, and where that was said first."""

    name: str
    first: Place
    line: str


class _Said(TypedDict):
    """What is said of an equality whether it is read or not."""

    id: str
    part: str
    place: Place
    left: str
    right: str
    sign: Place | None
    from_start: Claim | None
    doubt: Unreadable | None
    doubt_from_start: Unreadable | None
    defines: str
    again: tuple[Again, ...]
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Printed:
    """One equality of a derivation file as it stands there.

    ``left`` and ``right`` are as printed. ``from_start`` equates the start of the chain with
    this right side; it is None for the first line of a chain, which does so itself, and where one
    of the two cannot be read. ``words`` is the paragraph right above its chain. ``doubt`` is what
    could not be read and may be a condition of this line: whoever finds it false cannot know that
    it is; ``doubt_from_start`` is the same for the chain so far. ``defines`` is the name that the
    line is taken to say what it is of. ``again`` are lines that say once more what a name of this
    line is; what that name means is open until they are proved. ``standing`` says what the line
    follows from, and what from it. ``instances`` are what it says at the first members of a
    recurrence: where one falls, the line does; where all of ``induction`` are proved, it is.
    ``sign`` is where its sign stands, if that can be told; ``place`` is that of its right side.
    """

    id: str
    part: str
    place: Place
    left: str
    right: str
    from_start: Claim | None = None
    ends_chain: bool = True
    expected: Verdict | None = None
    correction: Claim | None = None
    notes: tuple[str, ...] = ()
    words: str = ""
    doubt: Unreadable | None = None
    doubt_from_start: Unreadable | None = None
    defines: str = ""
    again: tuple[Again, ...] = ()
    standing: Standing = ALONE
    instances: tuple[Claim, ...] = ()
    induction: tuple[Claim, ...] = ()
    sign: Place | None = None

    @property
    def unread(self) -> Unreadable | None:
        """Why it is not read; None of a line that is."""
        return None

    @property
    def latex(self) -> str:
        """The equality as printed."""
        return " = ".join(filter(None, (self.left, self.right)))

    def read(self, equality: Equality, claim: Claim, notes: tuple[str, ...]) -> Line:
        """The same with what it was read as."""
        return Line(
            **self._said(),
            instances=self.instances,
            induction=self.induction,
            notes=notes,
            equality=equality,
            claim=claim,
        )

    def not_read(self, problem: Unreadable) -> NotRead:
        """The same with why it could not be read."""
        return NotRead(**self._said(), problem=problem)

    def _said(self) -> _Said:
        return _Said(
            id=self.id,
            part=self.part,
            place=self.place,
            left=self.left,
            right=self.right,
            sign=self.sign,
            from_start=self.from_start,
            doubt=self.doubt,
            doubt_from_start=self.doubt_from_start,
            defines=self.defines,
            again=self.again,
            standing=self.standing,
        )


def is_zero_alone(term: object) -> bool:
    """Whether a side is zero, a number or an array."""
    return isinstance(term, Zeros) or (isinstance(term, Number) and term.value == 0)


@dataclass(frozen=True, kw_only=True)
class Line(Printed):
    """An equality that was read, as trees and as a claim."""

    equality: Equality
    claim: Claim

    @property
    def is_in_argument(self) -> bool:
        """Whether it may be a condition of others, or follow from some: the trigger of premises.

        So it may by words above it, by its sign, by what the text supposes, by a side that is zero.
        """
        standing = self.standing
        said = standing.premise or standing.to_be or standing.supposed or self.words
        sides = (each for claim in self.claims for each in (claim.left, claim.right))
        return bool(said) or standing.solves is not None or any(map(is_zero_alone, sides))

    @property
    def is_of_rows(self) -> bool:
        """Whether it fits only where vectors are rows: the trigger of `rows_or_columns`."""
        return self.equality.reading is AS_ROWS

    @property
    def asks_of_letters(self) -> bool:
        """Whether two letters of it may be one: the trigger of `letters_distinct`."""
        doubts = (self.doubt, self.doubt_from_start)
        return any(isinstance(each, Question) and len(each.apart) == 2 for each in doubts)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is to be judged: the line, the chain up to it, its correction, its instances."""
        every = (self.claim, self.from_start, self.correction)
        return (*filter(None, every), *self.instances, *self.induction)


@dataclass(frozen=True, kw_only=True)
class NotRead(Printed):
    """An equality that could not be read, and why."""

    problem: Unreadable

    @property
    def unread(self) -> Unreadable:
        return self.problem

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is to be judged all the same: the chain up to it, and its correction."""
        return tuple(filter(None, (self.from_start, self.correction)))
