"""Piecewise terms: cases by index, by the size of numbers, by numbers of two values; indicators."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product

from derivations.claim import OneOfTwo, Positive, Signed, possible
from derivations.language import tree
from derivations.language.functions import ABOVE, ABS, NOT_BELOW
from derivations.language.tree import (
    Apply,
    Choice,
    Comparison,
    Entry,
    IndexNumber,
    IndexVariable,
    Indicator,
    InnerProduct,
    Negative,
    Number,
    Numbered,
    Offset,
    Plus,
    Quotient,
    Reference,
    Size,
    Sum,
    Term,
    Times,
    Variable,
    Zeros,
)
from derivations.reader.elaborate.constructors import alike, constant_of, is_zero
from derivations.reader.elaborate.indexing import (
    ORDERS,
    TURNED,
    comparison,
    is_order,
    is_whole,
    ordered_bounds,
    unordered,
)
from derivations.reader.environment import (
    Environment,
    IllFormed,
    fitted,
    ill_formed,
    letter_of,
    resolve,
    scalar,
    shape_of,
)
from derivations.reader.source import Unreadable
from derivations.reader.syntax import Cases, Content, Group, Node, Relation, written

# Conditions on numbers that are one of two: ``y_i = 1`` where y is declared in {0, 1}^n.
#
# Such a condition holds where a number that is linear in y is one, and does not where it is zero:
# ``y`` for ``y = 1`` and ``1 - y`` for ``y = 0``; where the two are -1 and 1, ``(1 + y) / 2`` and
# ``(1 - y) / 2``. That is exact at both values, and there are no others.


_ONE = Number(Fraction(1))
TWO = Number(Fraction(2))


@dataclass(frozen=True)
class Test:
    """A number that is one where it equals ``value``, of two that it can be, and zero where not."""

    of: Term
    value: int
    negated: bool
    signs: bool

    @property
    def term(self) -> Term:
        """What is one where it holds, else zero."""
        above = (self.value == 1) != self.negated
        if not self.signs:
            return self.of if above else Plus((_ONE, Negative(self.of)))
        return Quotient(Plus((_ONE, self.of if above else Negative(self.of))), TWO)


def tested(relation: Node, here: Environment) -> Test | None:
    """The test of ``y_i = 1`` or ``y \\\\ne 0``; None for what compares anything else."""
    if not isinstance(relation, Relation) or relation.signs not in (("=",), (r"\ne",)):
        return None
    try:
        left, right = (resolve(part, here) for part in relation.parts)
    except (IllFormed, Unreadable):
        return None
    if constant_of(left) is not None:
        left, right = right, left
    variable, value = _variable(left), constant_of(right)
    said = [each for each in here.scope.conditions if isinstance(each, OneOfTwo)]
    kinds = [each for each in said if variable is not None and each.of.name == variable.name]
    if not kinds or value is None:
        return None
    signs = bool(kinds[0].signs)
    if value not in ((-1, 1) if signs else (0, 1)):
        what, advice = "it never has this value", "compare it with one of its two values"
        raise Unreadable(relation.at, written(relation), what, advice)
    return Test(left, int(value), relation.signs != ("=",), signs)


def _variable(term: Term) -> Variable | None:
    """The variable that a number is, or is an entry of."""
    match term:
        case Reference(variable) if not term.shape:
            return variable
        case Entry(Reference(variable), _):
            return variable
    return None


def _cases_of_two(node: Cases, here: Environment) -> Term | None:
    """Values for both that a number can be; None for cases by anything else."""
    tests = [_only_test(each, here) for each in node.conditions if each is not None]
    known = [each for each in tests if each is not None]
    if not known:
        return None
    rest = node.conditions[-1] is None
    values = {(each.value == 1) != each.negated for each in known}
    both = len(node.values) == 2 and len(known) + rest == 2 and len(values) == len(known)
    if not both or len({each.of for each in known}) > 1 or None in node.conditions[:-1]:
        what, advice = (
            "these are not both values that it can have",
            "write one case for each",
        )
        raise Unreadable(node.at, written(node), what, advice)
    first = known[0]
    other = Test(first.of, first.value, not first.negated, first.signs)
    one, two = alike([resolve(value, here) for value in node.values], node, here)
    return fitted(node, lambda: Plus((Times(first.term, one), Times(other.term, two))))


def _only_test(content: Content, here: Environment) -> Test | None:
    return tested(content.only, here) if content.only is not None else None


def times(tests: Sequence[Term], body: Term) -> Term:
    """A term times all of these numbers."""
    for each in reversed(tests):
        body = Times(each, body)
    return body


def indicator(content: Content, here: Environment) -> Term:
    """One where the comparisons hold, else zero."""
    only = content.only
    if isinstance(only, Group):
        return indicator(only.content, here)
    if isinstance(only, Relation) and is_order(only):
        return _in_order(only, here)
    if any(isinstance(item, Relation) and is_order(item) for item in content.items):
        tests = [
            _in_order(item, here)
            if isinstance(item, Relation) and is_order(item)
            else Indicator((comparison(item, here),))
            for item in content.items
        ]
        return _all_hold(tests)
    tests = [test.term for item in content.items if (test := tested(item, here)) is not None]
    if tests:
        rest = [item for item in content.items if tested(item, here) is None]
        others = [Indicator((comparison(item, here),)) for item in rest]
        return _all_hold([*tests, *others])
    return Indicator(tuple(_comparisons(content, here)))


def _comparisons(content: Content, here: Environment) -> Iterator[Comparison]:
    """The comparisons of an indicator, braces around them or not."""
    if not content.items:
        raise ill_formed(content, "an indicator", "nothing to indicate")
    for item in content.items:
        if isinstance(item, Group):
            yield from _comparisons(item.content, here)
        else:
            yield comparison(item, here)


def _in_order(relation: Relation, here: Environment) -> Term:
    """One where ``i < j``, else zero; an inequality between numbers where they are no letters."""
    letters = [here.scope.letter(letter_of(part)) for part in relation.parts]
    if not all(letters):
        entries = _of_entries(relation, here)
        if entries is not None:
            return entries
        return _all_hold([test for _, _, test in _inequalities(relation, here)])
    left, right = letters[0], letters[1]
    if len(letters) != 2 or left is None or right is None or left.space != right.space:
        what = "an order of two letters of one range is expected"
        advice = "write \\mathbb{1}\\{i < j\\}"
        raise Unreadable(relation.at, written(relation), what, advice)
    if left.space.labels:
        raise unordered(relation, left.space)
    lower, upper = ordered_bounds(TURNED[relation.signs[0]], IndexNumber(left))
    over = IndexVariable(right.space, right.name, right.latex)
    return Sum(over, Indicator((Comparison(over, right),)), lower, upper)


def _of_entries(relation: Relation, here: Environment) -> Term | None:
    """``\\mathbb{1}[h > 0]`` of a vector or matrix: that of each entry; None for numbers."""
    if len(relation.parts) != 2:
        return None
    sides = [resolve(part, here) for part in relation.parts]
    if not any(side.shape for side in sides):
        return None
    here.mention(f"the indicator of {written(relation)} is read entry by entry")
    left, right = alike(sides, relation, replace(here, by_entries=True))
    if left.shape != right.shape:
        raise ill_formed(relation, f"shape {shape_of(left)}", f"shape {shape_of(right)}")
    sign = relation.signs[0]
    return fitted(relation, lambda: test(sign, left, right))


def _inequalities(relation: Relation, here: Environment) -> Iterator[tuple[str, Term, Term]]:
    """The pairs of a chain ``a < b \\le c``: sign, left side less right one, and its test."""
    numbers = [scalar(part, here, "an inequality") for part in relation.parts]
    if all(is_whole(number, members=True) for number in numbers):
        what = "an order of two letters of one range is expected"
        advice = "give the sum bounds made of sizes, or write \\mathbb{1}\\{i < j\\}"
        raise Unreadable(relation.at, written(relation), what, advice)
    for left, sign, right in zip(numbers, relation.signs, numbers[1:], strict=False):
        if sign not in (*ORDERS, "=", r"\ne"):
            what, advice = "this relation of numbers is not read", r"read are <, \le, > and \ge"
            raise Unreadable(relation.at, written(relation), what, advice)
        yield sign, less(left, right), test(sign, left, right)


def less(left: Term, right: Term) -> Term:
    """The left side less the right one."""
    if is_zero(right) or isinstance(right, Zeros):
        return left
    return (
        Negative(right)
        if is_zero(left) or isinstance(left, Zeros)
        else Plus((left, Negative(right)))
    )


def test(sign: str, left: Term, right: Term) -> Term:
    """One where the inequality holds, else zero."""
    match sign:
        case ">":
            return Apply(ABOVE, less(left, right))
        case r"\ge":
            return Apply(NOT_BELOW, less(left, right))
        case "<" | r"\le":
            return test(TURNED[sign], right, left)
        case "=":
            return Times(test(r"\ge", left, right), test(r"\ge", right, left))
    return Plus((_ONE, Negative(test("=", left, right))))


def _all_hold(tests: list[Term]) -> Term:
    """One where all tests are one."""
    result = tests[0]
    for each in tests[1:]:
        result = Times(result, each)
    return result


# Cases by the size of numbers: ``x & x > 0 \\ 0 & x \le 0``.
#
# They are read where exactly one case holds for all signs that the compared differences can have.
# Where none or two hold, but only where a difference is zero, the cases say nothing there: they
# have no value. What signs are possible at once is seen by linear arithmetic
# (`claim.py`), which may call too many of them possible: then cases are refused that
# could have been read.


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


def _compares_numbers(node: Cases) -> bool:
    """Whether one of the conditions is an order."""
    said = (item for each in node.conditions if each is not None for item in each.items)
    return any(isinstance(item, Relation) and is_order(item) for item in said)


def _cases_by_size(node: Cases, here: Environment) -> Term:
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
        for sign, difference, test in _inequalities(item, here):
            linear = _linear(difference)
            key = (linear.form, linear.number)
            compared.setdefault(key, linear)
            signs = frozenset(-each if linear.turned else each for each in HOLDING[sign])
            said.append(_Said(key, signs))
            tests.append(test)
            inside = inside and signs != {0}
        strictly += [test for _, _, test in _inequalities(strict, here)]
    return _Case(tuple(said), _all_hold(tests), _all_hold(strictly) if inside else None)


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


Said = tuple[Comparison, ...]


@resolve.register
def _cases(node: Cases, here: Environment) -> Term:
    """One value for each case; the last one is what is left."""
    if len(node.values) < 2:
        raise Unreadable(node.at, written(node), "a single case", "write its value alone")
    if _compares_numbers(node):
        return _cases_by_size(node, here)
    of_two = _cases_of_two(node, here)
    if of_two is not None:
        return of_two
    said = [_said(each, here) for each in node.conditions if each is not None]
    if None in node.conditions[:-1]:
        raise Unreadable(node.at, written(node), "a case behind all others", "write it last")
    told_apart = said if node.conditions[-1] is None else said[:-1]
    if node.conditions[-1] is not None and not _is_rest(said[-1], told_apart):
        advice = r"end with & \text{otherwise}"
        raise Unreadable(node.at, written(node), "what is it in all other cases?", advice)
    for one, other in combinations(told_apart, 2):
        if not any(_exclude(a, b) for a in one for b in other):
            advice = "say which case holds there, as in i = j, i \\ne k"
            raise Unreadable(node.at, written(node), "what is it where two cases meet?", advice)
    values = alike([resolve(value, here) for value in node.values], node, here)
    return fitted(node, lambda: tree.Cases(tuple(told_apart), values))


def _said(content: Content, here: Environment) -> Said:
    for item in content.items:
        if isinstance(item, Relation) and not {*item.signs} <= {"=", r"\ne"}:
            what = "cases by what is compared so"
            advice = "read are = and \\ne between indices, and inequalities between numbers"
            raise Unreadable(item.at, written(item), what, advice)
    return tuple(comparison(item, here) for item in content.items)


def _is_rest(last: Said, before: list[Said]) -> bool:
    """Whether the last case is where none of those before it holds."""
    if any(len(each) != 1 for each in before):
        return False
    needed = [each for (each,) in before]
    return len(last) == len(needed) and all(
        any(_contradict(one, other) for other in last) for one in needed
    )


def _contradict(one: Comparison, other: Comparison) -> bool:
    """Whether one is the negation of the other."""
    same = (one.left, one.right) in ((other.left, other.right), (other.right, other.left))
    return same and one.negated != other.negated


def _exclude(one: Comparison, other: Comparison) -> bool:
    """Whether both can never hold: a contradiction, or one letter that equals two numbers."""
    if _contradict(one, other):
        return True
    if one.negated or other.negated:
        return False
    pairs = [
        (a, b)
        for a, shared in ((one.left, one.right), (one.right, one.left))
        for b, again in ((other.left, other.right), (other.right, other.left))
        if shared == again
    ]
    return any(_differ(a, b) for a, b in pairs)


def _differ(one: object, other: object) -> bool:
    match one, other:
        case Numbered(a), Numbered(b):
            return a != b
        case Offset(of, Number(a)), Offset(again, Number(b)):
            return of == again and a != b
        case Offset(of, Number(a)), _:
            return of == other and a != 0
        case _, Offset(of, Number(a)):
            return of == one and a != 0
    return False
