"""The verdict on a claim: two independent arguments, and what follows from the pair.

A claim is proved when the difference of its sides has the normal form zero, for all sizes, and
the exact decision is zero at every small instance looked at. The first argument reads the sides
in index notation, the second one evaluates them directly. A claim is refuted by an instance and
a witness in numbers. If the two arguments contradict each other, this program is wrong somewhere:
that is a Disagreement, never a verdict.

Size bound: a second argument for all sizes, which uses no normal form. Theorem. Let D(S) be a sum
over R-tuples of members of a finite index set S of any function of the data at those members. If D
vanishes on all sets of at most R members, it vanishes on all. Proof. Group the tuples by the set T
of members they use: D(S) is the sum of g(T) over the subsets T of S with at most R members. By
Moebius inversion g(T) is the alternating sum of D(T') over T' inside T, hence zero for every T.

Sums of fewer indices are included (their g lives on smaller sets), and F members that are named by
free indices, or picked by a constant, belong to every set: sets of at most F + R members suffice.
What a claim divides by is cleared first, so R counts it. The argument is applied to
one index set after the other, over every pattern of equal words. Conditions must pass to subsets,
which equalities and inequalities between named words do. Exponentials of a score are arbitrary
functions of its words here; all scores must be the same sum over coordinates, so that no two become
dependent at a larger dimension.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice, product
from math import prod
from time import perf_counter, process_time
from typing import TypeVar

from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    preorder_traversal,
)
from sympy.core.numbers import Pi
from sympy.core.relational import Relational

from derivations.claim import (
    AtLeast,
    Claim,
    Condition,
    Equal,
    FullRank,
    Judgement,
    OneOfTwo,
    Proof,
    SumsTo,
    Symmetric,
    Verdict,
)
from derivations.indices import Index, IndexSet, WordArray
from derivations.language.functions import Above, Known, Signum
from derivations.language.index_nodes import (
    Applied,
    Determinant,
    InverseEntry,
    Opaque,
    Partial,
    differentiated,
    has_branch,
    unfold,
)
from derivations.language.traversal import free_in, node_count
from derivations.language.tree import IllTyped, Misfit
from derivations.proof.consequence import judged_under
from derivations.proof.decide import (
    SELECTIONS,
    Disagreement,
    Question,
    Selection,
    Side,
    covered,
    failing,
    find_witness,
    in_numbers,
    is_real_somewhere,
    question_of,
    selected,
)
from derivations.proof.evaluate import Instance
from derivations.proof.fixed_ranges import written_out
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.instances import Signature, instances, least_sizes, signature_of, size_names
from derivations.proof.normal_form import difference, in_one_line
from derivations.proof.reductions import (
    LEAST_NODES,
    Case,
    Merged,
    cases_by_sign,
    differences,
    equal_when_cleared,
    generalised,
    merged,
    otherwise_meant,
)
from derivations.proof.terms import Total

# How many bound indices a term holds once denominators are cleared: the R of the size bound.
#
# Counted for each index set on the raw expression, as differentiation leaves it. A sum
# of terms needs as many as its neediest term; a product adds up; what is divided by counts for
# every other term, since clearing it multiplies them. Without a sum inside, any function of a
# summand's own indices is allowed.


ANY_WORD = Symbol("any word")


class NotCovered(Exception):
    """The bound on sizes does not apply; the message says at what."""


@dataclass(frozen=True)
class Degree:
    """Bound indices by index set, and cleared denominators by text: (power, their own)."""

    sums: Counter[str] = field(default_factory=Counter)
    below: dict[str, tuple[int, Counter[str]]] = field(default_factory=dict)


def degree(expression: Expr) -> Counter[str]:
    """The number of bound indices over each index set, by the set's name.

    Raises NotCovered where the argument does not apply.
    """
    if expression.has(Product):
        raise NotCovered("a product over a range")
    if expression.has(InverseEntry, Determinant):
        raise NotCovered("the inverse or the determinant of a matrix")
    scores = {_any_words(node) for e in expression.atoms(exp) for node in e.atoms(Sum)}
    if len(scores) > 1:
        raise NotCovered("exponentials of different sums")
    return _common([_degree(expression, frozenset())]).sums


def _degree(node: Expr, bound: frozenset[Index]) -> Degree:
    match node:
        case Add():
            return _common([_degree(part, bound) for part in node.args])
        case Mul():
            return _product([_degree(part, bound) for part in node.args])
        case Pow(base=base, exp=Integer() as power):
            return _power(base, int(power), bound)
        case exp():
            for inner in sorted(node.atoms(Sum), key=str):
                _require_coordinates(inner)
            return Degree()
        case log():
            if _has_sum(node.args[0]):
                raise NotCovered("a sum inside a logarithm")
            return Degree()
        case Sum():
            return _sum(node, bound)
        case Symbol() if node.is_integer and not isinstance(node, Index):
            raise NotCovered(f"the size {node} as a number")
        case Applied():
            if _has_sum(node) or any(node.depths):
                raise NotCovered(f"a sum or an array inside {node.function}")
            return Degree()
        case Symbol() | Rational() | Pi() | Indexed() | KroneckerDelta() | Opaque() | Partial():
            return Degree()
        case Abs() | Signum() | Above() | Known() | Pow() if not (
            _has_sum(node) or _has_size(node)
        ):
            return Degree()
    raise NotCovered(f"{type(node).__name__}: {node}")


def _sum(node: Sum, bound: frozenset[Index]) -> Degree:
    inside = bound | {limit[0] for limit in node.limits}
    body = _degree(node.function, inside)
    sums = Counter(body.sums)
    for index, lower, upper in node.limits:
        if (lower, upper) != (index.space.lower, index.space.upper):
            raise NotCovered(f"a sum from {lower} to {upper}")
        sums[index.space.name] += 1
    return Degree(sums, body.below)


def _require_coordinates(score: Sum) -> None:
    """Refuse a sum inside an exponential that is not over a whole set of coordinates."""
    for index, lower, upper in score.limits:
        if (lower, upper) != (index.space.lower, index.space.upper):
            raise NotCovered(f"a sum from {lower} to {upper} inside an exponential")
        listed = (e for e in score.atoms(Indexed) if isinstance(e.base, WordArray))
        place = any(index in entry.free_symbols for entry in listed)
        if index.space.labels or index.space.symmetric or place:
            raise NotCovered("a sum over words inside an exponential")


def _power(base: Expr, power: int, bound: frozenset[Index]) -> Degree:
    inner = _degree(base, bound)
    if power > 0:
        return _product([inner] * power)
    if not _has_sum(base):
        return Degree()
    if inner.below or not bound.isdisjoint(base.free_symbols):
        raise NotCovered("a sum below a fraction bar that depends on a bound index")
    return Degree(Counter(), {str(unfold(base)): (-power, inner.sums)})


def _product(parts: list[Degree]) -> Degree:
    sums: Counter[str] = Counter()
    below: dict[str, tuple[int, Counter[str]]] = {}
    for part in parts:
        sums.update(part.sums)
        for key, (power, own) in part.below.items():
            below[key] = (below.get(key, (0, own))[0] + power, own)
    return Degree(sums, below)


def _common(parts: list[Degree]) -> Degree:
    """The neediest of several terms over their common denominator."""
    below: dict[str, tuple[int, Counter[str]]] = {}
    for part in parts:
        for key, (power, own) in part.below.items():
            below[key] = (max(below.get(key, (0, own))[0], power), own)
    sums: Counter[str] = Counter()
    for part in parts:
        cleared = Counter(part.sums)
        for key, (power, own) in below.items():
            for name, times in own.items():
                cleared[name] += (power - part.below.get(key, (0, own))[0]) * times
        sums |= cleared
    # what was divided by is a factor of the whole and need not be counted again
    return Degree(sums, below)


def _has_sum(node: Expr) -> bool:
    if isinstance(node, exp):
        return False
    return isinstance(node, Sum) or any(_has_sum(part) for part in node.args)


def _has_size(node: Expr) -> bool:
    symbols = (part for part in node.free_symbols if isinstance(part, Symbol))
    return any(part.is_integer and not isinstance(part, Index) for part in symbols)


def _any_words(node: Sum) -> str:
    """The text of a sum with every word replaced by one mark, and its indices by numbers."""

    def marked(part: Expr) -> Expr:
        if isinstance(part, Indexed) and not isinstance(part.base, WordArray):
            return part.base[tuple(marked(index) for index in part.indices)]
        if isinstance(part, Index):
            return ANY_WORD if part.space.labels else part
        if isinstance(part, Indexed):
            return ANY_WORD
        if isinstance(part, Sum):
            return Sum(marked(part.function), *part.limits)
        return part.func(*map(marked, part.args)) if part.args else part

    opened = unfold(node)
    sums = (part for part in preorder_traversal(opened) if isinstance(part, Sum))
    bound = (limit[0] for part in sums for limit in part.limits)
    names = {index: Index(f"#{number}", index.space) for number, index in enumerate(bound)}
    return str(marked(opened.xreplace(names)))


NAME = "size bound"
MOST_WORDS = 7
MOST_GRID = 10_000
Extents = dict[tuple[str, str], tuple[int, ...]]


def by_size_bound(signature: Signature, cases: list[Case], question: Question) -> Proof | None:
    """The exhaustive check up to F + R members; None where the argument does not apply."""
    try:
        bounds = [_bounds(signature, case.left - case.right) for case in cases]
    except NotCovered:
        return None
    largest = {name: max(bound[name] for bound in bounds) for name in bounds[0]}
    if prod(bound + 1 for bound in largest.values()) > MOST_GRID:
        return None
    count = 0
    for sizes, extents in _grid(signature, largest):
        for instance in instances(signature, sizes, MOST_WORDS, extents):
            count += 1
            try:
                failure = failing(question, instance)
                if failure is not None and failure.certain:
                    return Proof(NAME, False, f"fails at {instance}", count)
                if failure is not None:
                    return None
            except OutsideFragment:
                return None
    around_zero = {_size(space) for space in signature.spaces if space.symmetric}
    shown = {("places" if size in around_zero else size): n for size, n in largest.items()}
    detail = ", ".join(f"{name} ≤ {bound}" for name, bound in sorted(shown.items()))
    return Proof(NAME, True, detail or "no sizes", count) if count else None


def _bounds(signature: Signature, difference: Expr) -> dict[str, int]:
    """F + R by size; sets of one size are one set here, and what they need adds up."""
    _require_plain_sets(signature)
    roaming = degree(difference)
    bounds: dict[str, int] = {}
    chosen = 0
    for space in sorted(signature.spaces, key=lambda space: space in signature.labels):
        needed = sum(1 for index in signature.indices if index.space == space)
        if space in signature.labels:  # the last ones: the lists have their lengths by now
            needed += _listed(signature, space, bounds)
            chosen += needed
        if _size(space) not in signature.uncounted:
            needed += int(space.symmetric) + roaming[space.name]
            known = bounds.get(_size(space), 0)
            bounds[_size(space)] = max(known + needed, int(space.inhabited))
    if chosen > MOST_WORDS:
        raise NotCovered("too many words to choose")
    return bounds


def _listed(signature: Signature, labels: IndexSet, bounds: Mapping[str, int]) -> int:
    """How many entries of lists are members of a label set at the largest sizes."""
    entries = 0
    for known in signature.lists.values():
        if labels in known.values:
            spaces = [space for (space,) in known.places]
            entries += prod(bounds[_size(space)] - int(space.symmetric) for space in spaces)
    return entries


def _require_plain_sets(signature: Signature) -> None:
    """Refuse a claim in which members are more than members of a set named by its size."""
    if any(
        isinstance(each, SumsTo | AtLeast | FullRank | OneOfTwo) for each in signature.conditions
    ):
        raise NotCovered("a condition that does not pass to subsets")
    if signature.numbered:
        raise NotCovered("a member given by its number")
    if any(space.symmetric for space in signature.ordered):
        raise NotCovered("places of a window that count as numbers")
    compared = [space for space in signature.distinguished if not space.symmetric]
    if compared or len(signature.distinguished) > 1:
        raise NotCovered("members that are told apart by more than being equal")
    if not set(signature.sizes) <= set().union(*map(size_names, signature.spaces)):
        raise NotCovered("a size that only terms have, and index notation has not")
    ends: dict[str, set[tuple[Expr, Expr]]] = {}
    for space in signature.spaces:
        if not isinstance(space.upper, Symbol) or not (space.lower == 1 or space.symmetric):
            raise NotCovered(f"the set {space.name} from {space.lower} to {space.upper}")
        ends.setdefault(_size(space), set()).add((space.lower, space.upper))
        if space.labels != (space in signature.labels):
            raise NotCovered(f"the set {space.name} as both labels and places")
    if any(len(known) > 1 for known in ends.values()):
        raise NotCovered("one size of two kinds of sets")
    if any(len(spaces) != 1 for known in signature.lists.values() for spaces in known.places):
        raise NotCovered("a list read at places of several sets")


def _grid(
    signature: Signature, largest: Mapping[str, int]
) -> Iterator[tuple[dict[str, int], Extents]]:
    """All sizes up to the bounds; a symmetric set is any set of members around zero."""
    smallest: dict[str, int] = {}
    for space in signature.spaces:
        name = _size(space)
        smallest[name] = max(smallest.get(name, 0), int(space.inhabited))
    choices = [range(least, largest.get(name, least) + 1) for name, least in smallest.items()]
    for chosen in product(*choices):
        sizes = dict(zip(smallest, chosen, strict=True))
        extents = {
            space.ends: tuple(range(sizes[_size(space)]))
            for space in signature.spaces
            if space.symmetric
        }
        yield sizes, extents


def _size(space: IndexSet) -> str:
    return space.ends[1]


__all__ = ["SELECTIONS", "Disagreement", "Selection", "judge"]

ALL_SIZES = "normal form"
SMALL_SIZES = "small sizes"


Binding = TypeVar("Binding", Symmetric, SumsTo, OneOfTwo)  # what entries do not vary alone under
# where there is no proof, a counterexample is looked for at this many instances more
MOST_SEARCHED = 3000
# and at this many at which the sides differ for some signs that no small numbers have
MOST_DOUBTFUL = 3
MOST_KNOWN = 500


def judge(claim: Claim, sizes: str = "default") -> Judgement:
    """Judge one claim, with the small sizes of the selection named ``sizes``.

    Raises Disagreement when the arguments contradict each other.
    """
    start = perf_counter()
    judgement = _judged_as_meant(claim, SELECTIONS[sizes])
    return replace(judgement, seconds=perf_counter() - start)


# judgements on claims that others follow from, each with its claim
_KNOWN: dict[tuple[int, int], tuple[Claim, Judgement]] = {}


def _judged_as_meant(claim: Claim, selection: Selection) -> Judgement:
    """By itself, then as what follows from others; a condition is no claim."""

    def plain(other: Claim) -> Judgement:
        return _by_itself(other, selection)

    def again(other: Claim) -> Judgement:
        known = _KNOWN.get((id(other), selection.above))
        if known is None or known[0] is not other:
            if len(_KNOWN) > MOST_KNOWN:
                _KNOWN.clear()
            known = _KNOWN[id(other), selection.above] = (other, _judged_as_meant(other, selection))
        return known[1]

    found = plain(claim) if claim.under is None else judged_under(claim, plain, again)
    decided = found.verdict in (Verdict.PROVED, Verdict.ILL_TYPED) or found.disagreement
    if decided or not claim.determines:
        return found
    reason = f"it is a condition on {claim.determines}, and no claim: there is nothing to prove"
    return replace(
        found, verdict=Verdict.UNDECIDED, witness=None, reason=reason, shown="", difference=""
    )


def _by_itself(claim: Claim, selection: Selection) -> Judgement:
    """The judgement on a claim without what it may follow from."""
    is_large = claim.misfit is None and node_count(*claim.terms) >= LEAST_NODES
    general = generalised(claim) if is_large else None
    judgement = _judged(general, selection) if general is not None else None
    if judgement is None or judgement.verdict is not Verdict.PROVED or not _has_values(claim):
        judgement = _judged(claim, selection)
    return replace(judgement, claim=claim)


def _judged(claim: Claim, selection: Selection) -> Judgement:
    if claim.misfit is not None:
        return Judgement(claim, Verdict.ILL_TYPED, reason=_ill_typed(claim, claim.misfit))
    bound = _varied(claim, SumsTo) or _varied(claim, OneOfTwo)
    if bound is not None:
        reason = f"a derivative by entries of {bound.of.name}, which do not vary alone: {bound}"
        return Judgement(claim, Verdict.UNDECIDED, reason=reason)
    found = _as_claimed(claim, selection)
    symmetric = _varied(claim, Symmetric)
    if symmetric is None or found.verdict is not Verdict.REFUTED:
        return found
    try:
        others = [
            _as_claimed(each, selection) for each in otherwise_meant(claim, _symmetric(claim))
        ]
    except (IllTyped, OutsideFragment):
        others = []
    if others and all(each.verdict is Verdict.REFUTED for each in others):
        return found
    reason = (
        f"false where the entries of {symmetric.of.name} vary as if independent; {symmetric}, and "
        "it may be meant with those across the diagonal varied together"
    )
    return Judgement(claim, Verdict.UNDECIDED, found.proofs, reason=reason)


def _as_claimed(claim: Claim, selection: Selection) -> Judgement:
    original = claim
    try:
        put: Merged = ()
        if any(isinstance(each, Equal) for each in claim.conditions):
            claim, put = merged(claim)
        signature = signature_of(claim, put)
    except OutsideFragment as left:
        return Judgement(original, Verdict.UNDECIDED, reason=str(left))
    if signature.clash:
        reason = f"{signature.clash} stands for two things"
        return Judgement(original, Verdict.UNDECIDED, reason=reason)
    try:
        cases = _cases(*signature.sides, claim.conditions)
        everywhere, left_over = _by_normal_form(claim, signature, cases)
    except OutsideFragment as left:
        cases, left_over = [], ()
        everywhere = Proof(ALL_SIZES, False, f"outside the fragment: {left}")
    try:
        question = question_of(original, claim)
        judgement = _compared(original, signature, cases, question, everywhere, selection)
        if judgement.verdict is Verdict.REFUTED and len(left_over) == 1:
            return replace(judgement, difference=in_one_line(left_over[0], original.names))
        return judgement
    except OutsideFragment as left:
        return Judgement(original, Verdict.UNDECIDED, (everywhere,), reason=str(left))
    except (ZeroDivisionError, NoValue):
        reason = "a side has no value at some size the proof would need"
        return Judgement(original, Verdict.UNDECIDED, (everywhere,), reason=reason)


def _has_values(claim: Claim) -> bool:
    """Whether both sides have real values somewhere at one of the smallest sizes."""
    try:
        one, put = merged(claim)
        signature = signature_of(one, put)
    except OutsideFragment:
        return False
    left, right = (Side(term, Integer(0)) for term in claim.terms)
    question = Question(left, right, tuple(a.name for a in one.sides.axes), claim.conditions)
    smallest = selected(signature, SELECTIONS["default"], least_sizes(*claim.terms))
    for instance in islice(smallest, MOST_DOUBTFUL):
        try:
            evaluate = partial(in_numbers, question, instance)
            if is_real_somewhere(evaluate, question.assumed_at(instance)):
                return True
        except (ZeroDivisionError, NoValue, OutsideFragment):
            continue
    return False


def _varied(claim: Claim, kind: type[Binding]) -> Binding | None:
    """A condition that keeps entries by which a derivative is taken from varying by themselves."""
    binding = [each for each in claim.conditions if isinstance(each, kind)]
    if not binding:
        return None
    varied = {variable.name for variable in free_in(*claim.terms).varied}
    return next((each for each in binding if each.of.name in varied), None)


def _symmetric(claim: Claim) -> frozenset[str]:
    return frozenset(each.of.name for each in claim.conditions if isinstance(each, Symmetric))


def _compared(
    claim: Claim,
    signature: Signature,
    cases: list[Case],
    question: Question,
    everywhere: Proof,
    selection: Selection,
) -> Judgement:
    count = 0
    undefined: list[Instance] = []
    defined: list[Instance] = []
    doubtful: list[Judgement] = []
    least = least_sizes(*claim.terms)
    for each in claim.conditions:
        if isinstance(each, AtLeast):
            least[each.of.name] = max(least.get(each.of.name, 0), int(each.value))
    full = selected(signature, SELECTIONS["full"], least)
    wider = () if everywhere.holds else islice(full, MOST_SEARCHED)
    late = process_time() + selection.most_seconds
    for instance in chain(selected(signature, selection, least), wider):
        if process_time() > late:
            reason = f"not decided within {selection.most_seconds} seconds"
            return Judgement(claim, Verdict.UNDECIDED, (everywhere,), reason=reason)
        count += 1
        try:
            failure = failing(question, instance)
        except (ZeroDivisionError, NoValue):
            undefined.append(instance)
            continue
        defined.append(instance)
        if failure is None:
            continue
        judgement = _refuted(claim, question, instance, count)
        shown = failure.certain or (judgement.witness and not failure.at_zero)
        if everywhere.holds and shown:
            raise Disagreement(
                f"{claim.id}: the normal form of the difference is zero, but the sides "
                f"differ at {instance}"
            )
        if judgement.witness or failure.certain or len(doubtful) == MOST_DOUBTFUL:
            return judgement
        doubtful.append(judgement)
    if doubtful:
        return doubtful[0]
    small = Proof(
        SMALL_SIZES, count > 0 and not undefined, covered(signature, selection, least), count
    )
    if not (everywhere.holds and small.holds):
        reason = everywhere.detail if small.holds else _no_instance(undefined, defined, signature)
        return Judgement(claim, Verdict.UNDECIDED, (everywhere, small), reason=reason)
    if not is_real_somewhere(
        partial(in_numbers, question, instance), question.assumed_at(instance)
    ):
        reason = "no numbers were found at which both sides have a real value"
        return Judgement(claim, Verdict.UNDECIDED, (everywhere, small), reason=reason)
    bound = by_size_bound(signature, cases, question)
    if bound is not None and not bound.holds:
        raise Disagreement(f"{claim.id}: {bound.detail}, but the normal form is zero")
    proofs = (everywhere, small, bound) if bound else (everywhere, small)
    return Judgement(claim, Verdict.PROVED, proofs)


def _cases(left: Expr, right: Expr, conditions: tuple[Condition, ...]) -> list[Case]:
    """The cases by unknown signs; one where no sign decides anything."""
    if any(_compares(unfold(side)) for side in (left, right)):
        return cases_by_sign(left, right, conditions)
    return [Case(differentiated(left), differentiated(right))]


def _compares(term: Expr) -> bool:
    return has_branch(term) or bool(term.has(Relational))


def _by_normal_form(
    claim: Claim, signature: Signature, cases: list[Case]
) -> tuple[Proof, tuple[Total, ...]]:
    """The argument for all sizes, and what it leaves of the difference in each case."""
    try:
        left = _left_over(*signature.sides, cases, claim.conditions)
        failure = f"the difference has {sum(map(len, left))} terms left"
    except OutsideFragment as node:
        left, failure = (), f"outside the fragment: {node}"
    if any(left) or not left:
        if _equal_when_written_out(signature, claim.conditions):
            return Proof(ALL_SIZES, True, "the difference is zero at each member, written out"), ()
        if equal_when_cleared(*signature.sides, claim.sides.axes, claim.conditions):
            multiplied = "the difference times what is inverted is zero for all sizes"
            return Proof(ALL_SIZES, True, multiplied), ()
        return Proof(ALL_SIZES, False, failure), left
    return Proof(ALL_SIZES, True, "the difference is zero for all sizes"), left


def _left_over(
    left: Expr, right: Expr, cases: list[Case], conditions: tuple[Condition, ...]
) -> tuple[Total, ...]:
    """The difference in each case; of sides without signs, the one there is."""
    only = cases[0] if len(cases) == 1 and not cases[0].signs else None
    if only is None or has_branch(only.left) or has_branch(only.right):
        return differences(left, right, cases, conditions)
    return (difference(only.left, only.right, conditions),)


def _equal_when_written_out(signature: Signature, conditions: tuple[Condition, ...]) -> bool:
    """Whether the sides are equal at each member of fixed ranges; False where none is fixed."""
    try:
        pairs = written_out(*signature.sides)
        found = [_left_over(*pair, _cases(*pair, conditions), conditions) for pair in pairs]
        return bool(found) and all(left and not any(left) for left in found)
    except OutsideFragment:
        return False


def _no_instance(undefined: list[Instance], defined: list[Instance], signature: Signature) -> str:
    """Why small instances show nothing: some have no value, maybe those of one size."""
    if undefined:
        for size, least in undefined[0].sizes.items():
            at_least = all(each.sizes[size] == least for each in undefined)
            if at_least and defined and all(each.sizes[size] > least for each in defined):
                return f"a side has no value where {size} = {least}; declare {size} >= {least + 1}"
        return f"a side has no value at {len(undefined)} small instances"
    if not signature.conditions:
        return "there are more words than small instances have"
    return "no small instance meets the conditions"


def _refuted(claim: Claim, question: Question, instance: Instance, count: int) -> Judgement:
    witness = find_witness(
        partial(in_numbers, question, instance), instance, question.assumed_at(instance)
    )
    proof = Proof(SMALL_SIZES, False, f"the sides differ at {_spelled(instance)}", count)
    if witness is None:
        reason = "the sides differ, but no small numbers show it"
        return Judgement(claim, Verdict.UNDECIDED, (proof,), reason=reason)
    return Judgement(claim, Verdict.REFUTED, (proof,), witness)


def _spelled(instance: Instance) -> str:
    sizes = (f"{name} = {size}" for name, size in instance.sizes.items())
    return ", ".join(sizes) or "every size"


def _ill_typed(claim: Claim, misfit: Misfit) -> str:
    """Both shapes, and whether a transpose would make the line true."""
    reason = str(misfit)
    if not isinstance(claim.left, Misfit) and not isinstance(claim.right, Misfit):
        turned = replace(claim, right=claim.right.T)
        if turned.misfit is None and judge(turned).verdict is Verdict.PROVED:
            reason += "; with the right side transposed the line is true"
    return reason
