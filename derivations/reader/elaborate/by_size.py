"""Cases by the size of numbers: ``x & x > 0 \\\\ 0 & x \\le 0``.

They are read where exactly one case holds for all signs that the compared differences can have.
Where none or two hold, but only where a difference is zero, the cases say nothing there: they have
no value. What signs are possible at once is seen by linear arithmetic (`fourier_motzkin.py`), which
may call too many of them possible: then cases are refused that could have been read.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from derivations.language.data_conditions import Positive
from derivations.language.fourier_motzkin import Signed, possible
from derivations.language.functions import ABS
from derivations.language.tree import (
    Apply,
    Choice,
    Entry,
    InnerProduct,
    Negative,
    Number,
    Plus,
    Quotient,
    Reference,
    Size,
    Term,
    Times,
)
from derivations.reader.elaborate.arithmetic import alike, constant_of
from derivations.reader.elaborate.environment import Environment, fitted, resolve
from derivations.reader.elaborate.indexing import is_order
from derivations.reader.elaborate.indicators import all_hold, inequalities
from derivations.reader.elaborate.spelling import letter_of
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Cases, Content, Node, Relation
from derivations.reader.written import written

HOLDING = {">": {1}, r"\ge": {0, 1}, "<": {-1}, r"\le": {-1, 0}, "=": {0}, r"\ne": {-1, 1}}
STRICT = {r"\ge": ">", r"\le": "<"}
MOST_COMPARED = 4


@dataclass(frozen=True)
class _Linear:
    """A difference of numbers as a linear form, made so that its first coefficient is above zero.

    ``turned`` says that this took a minus.
    """

    form: tuple[tuple[Hashable, Fraction], ...]
    number: Fraction
    turned: bool

    def signed(self, sign: int) -> Signed:
        """The form with a sign."""
        return Signed(dict(self.form), self.number, sign)


@dataclass(frozen=True)
class _Said:
    """One inequality: what is compared, and the signs of that under which it holds."""

    of: tuple[tuple[tuple[Hashable, Fraction], ...], Fraction]
    signs: frozenset[int]


@dataclass(frozen=True)
class _Case:
    """The inequalities of a case, and its test; ``strictly`` as it is inside."""

    said: tuple[_Said, ...]
    test: Term
    strictly: Term | None


def compares_numbers(node: Cases) -> bool:
    """Whether one of the conditions is an order."""
    said = (item for each in node.conditions if each is not None for item in each.items)
    return any(isinstance(item, Relation) and is_order(item) for item in said)


def cases_by_size(node: Cases, here: Environment) -> Term:
    """The first value whose inequalities hold, which is the only one."""
    *first, last = node.conditions
    compared: dict[object, _Linear] = {}
    cases = [_case(each, compared, here) for each in node.conditions if each is not None]
    if len(compared) > MOST_COMPARED:
        what = f"cases by the signs of more than {MOST_COMPARED} numbers"
        raise Unreadable(node.at, written(node), what, "write them one within the other")
    if None in first:
        raise Unreadable(node.at, written(node), "a case behind all others", "write it last")
    meeting = _meeting(node, cases, compared, here, rest=last is None)
    kept = [n for n, each in enumerate(cases) if not meeting or each.strictly is not None]
    values = [node.values[n] for n in kept]
    if last is None:
        values.append(node.values[-1])
    if not meeting:
        values, kept, meeting = _without_boundary(values, kept, cases, here, rest=last is None)
    terms = list(alike([resolve(value, here) for value in values], node, here))
    if meeting:
        here.mention("nothing is claimed where cases meet")
        tests = [each for n in kept if (each := cases[n].strictly) is not None]
    else:
        tests = [cases[n].test for n in kept]
        tests = tests if last is None else tests[:-1]
    return fitted(node, lambda: Choice(tuple(tests), tuple(terms)))


def _without_boundary(
    values: list[Node], kept: list[int], cases: list[_Case], here: Environment, *, rest: bool
) -> tuple[list[Node], list[int], bool]:
    """The cases without one whose value is no number, as the subgradients ``[-1, 1]`` at zero."""
    lost = [n for n in kept if cases[n].strictly is None and not _is_number(values[n], here)]
    if not lost or rest or len(lost) == len(kept):
        return values, kept, False
    for n in lost:
        here.mention(f"{written(values[n])} is read as no value: there nothing is claimed")
    left = [n for n in kept if n not in lost]
    return [values[n] for n in left], left, True


def _is_number(node: Node, here: Environment) -> bool:
    try:
        resolve(node, here)
    except Unreadable:
        return False
    return True


def _meeting(
    node: Cases,
    cases: list[_Case],
    compared: Mapping[object, _Linear],
    here: Environment,
    *,
    rest: bool,
) -> bool:
    """Whether two cases hold, or none, where some of what is compared is zero.

    Unreadable where that is so elsewhere.
    """
    known = [*_facts(compared.values(), here)]
    branches = [*_absolute_values(compared.values())]
    meeting = False
    for signs in product((-1, 0, 1), repeat=len(compared)):
        pattern = dict(zip(compared, signs, strict=True))
        said = [*known, *(compared[key].signed(sign) for key, sign in pattern.items())]
        if not any(possible([*said, *branch]) for branch in branches):
            continue
        hold = sum(all(pattern[each.of] in each.signs for each in case.said) for case in cases)
        if hold == 1 or (rest and not hold):
            continue
        if 0 not in signs or rest:
            what = "what is it where two cases meet?" if hold else "what is it in all other cases?"
            advice = "say in each case where it holds" if hold else r"end with & \text{otherwise}"
            raise Unreadable(node.at, written(node), what, advice)
        meeting = True
    return meeting


def _case(content: Content, compared: dict[object, _Linear], here: Environment) -> _Case:
    said: list[_Said] = []
    tests: list[Term] = []
    strictly: list[Term] = []
    inside = True
    for item in content.items:
        if not isinstance(item, Relation):
            raise Unreadable(item.at, written(item), "an inequality is expected in each case")
        if any(here.scope.letter(letter_of(part)) for part in item.parts if letter_of(part)):
            what, advice = "cases of numbers and of indices at once", "write one within the other"
            raise Unreadable(item.at, written(item), what, advice)
        strict = Relation(item.at, item.parts, tuple(STRICT.get(each, each) for each in item.signs))
        for sign, difference, test in inequalities(item, here):
            linear = _linear(difference)
            key = (linear.form, linear.number)
            compared.setdefault(key, linear)
            signs = frozenset(-each if linear.turned else each for each in HOLDING[sign])
            said.append(_Said(key, signs))
            tests.append(test)
            inside = inside and signs != {0}
        strictly += [test for _, _, test in inequalities(strict, here)]
    return _Case(tuple(said), all_hold(tests), all_hold(strictly) if inside else None)


def _facts(compared: Iterable[_Linear], here: Environment) -> Iterator[Signed]:
    """What is known of the numbers in what is compared: those above zero, and absolute values."""
    positive = {each.of.name for each in here.scope.conditions if isinstance(each, Positive)}
    for number in dict.fromkeys(key for each in compared for key, _ in each.form):
        match number:
            case Reference(variable) | Entry(of=Reference(variable)) if variable.name in positive:
                yield Signed({number: Fraction(1)}, Fraction(0), 1)
            case Size(least=least) if least:
                yield Signed({number: Fraction(1)}, Fraction(0), 1)
            case InnerProduct(left, right) if left == right:
                yield Signed({number: Fraction(1)}, Fraction(0), 1, or_zero=True)


def _absolute_values(compared: Iterable[_Linear]) -> Iterator[list[Signed]]:
    """What absolute values are, for each choice of the signs of what they are of."""
    found = dict.fromkeys(key for each in compared for key, _ in each.form)
    inside = [(key, key.of) for key in found if isinstance(key, Apply) and key.function is ABS]
    for signs in product((1, -1), repeat=min(len(inside), MOST_COMPARED)):
        branch = []
        for (whole, of), sign in zip(inside, signs, strict=False):
            form: dict[Hashable, Fraction] = {}
            number = _collect(of, Fraction(1), form)
            branch.append(Signed(form, number, sign, or_zero=True))
            equal: dict[Hashable, Fraction] = {key: -sign * q for key, q in form.items()}
            equal[whole] = equal.get(whole, Fraction(0)) + 1
            branch.append(Signed(equal, -sign * number, 0))
        yield branch


def _linear(term: Term) -> _Linear:
    form: dict[Hashable, Fraction] = {}
    number = _collect(term, Fraction(1), form)
    ordered = [(key, q) for key, q in sorted(form.items(), key=lambda pair: repr(pair[0])) if q]
    if not ordered:
        return _Linear((), number, turned=False)
    lead = ordered[0][1]
    scaled = tuple((key, q / abs(lead) * (1 if lead > 0 else -1)) for key, q in ordered)
    return _Linear(scaled, number / lead, turned=lead < 0)


def _collect(term: Term, by: Fraction, form: dict[Hashable, Fraction]) -> Fraction:
    """Add a multiple of a term to a linear form; the number that is left over."""
    match term:
        case Number(value):
            return by * value
        case Plus(parts):
            return sum((_collect(part, by, form) for part in parts), Fraction(0))
        case Negative(of):
            return _collect(of, -by, form)
        case Times(left, right):
            for one, other in ((left, right), (right, left)):
                number = constant_of(one)
                if number is not None:
                    return _collect(other, by * number, form)
        case Quotient(over, under) if constant_of(under):
            return _collect(over, by / (constant_of(under) or Fraction(1)), form)
    form[term] = form.get(term, Fraction(0)) + by
    return Fraction(0)
