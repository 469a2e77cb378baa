"""Size bound: a second argument for all sizes, which uses no normal form.

Theorem. Let D(S) be a sum over R-tuples of members of a finite index set S of any function of the
data at those members. If D vanishes on all sets of at most R members, it vanishes on all. Proof.
Group the tuples by the set T of members they use: D(S) is the sum of g(T) over the subsets T of S
with at most R members. By Moebius inversion g(T) is the alternating sum of D(T') over T' inside T,
hence zero for every T.

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
from dataclasses import dataclass, field
from itertools import product
from math import prod

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

from derivations.claim import Proof
from derivations.indices import Index, IndexSet, WordArray
from derivations.language.data_conditions import AtLeast, FullRank, OneOfTwo, SumsTo
from derivations.language.functions import Above, Known, Signum
from derivations.language.index_nodes import (
    Applied,
    Determinant,
    InverseEntry,
    Opaque,
    Partial,
    unfold,
)
from derivations.proof.decide import Question, failing
from derivations.proof.fragment import OutsideFragment
from derivations.proof.instances import instances
from derivations.proof.signs import Case
from derivations.proof.size_signature import Shape, size_names

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
            for inner in node.atoms(Sum):
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


def by_size_bound(shape: Shape, cases: list[Case], question: Question) -> Proof | None:
    """The exhaustive check up to F + R members; None where the argument does not apply."""
    try:
        bounds = [_bounds(shape, case.left - case.right) for case in cases]
    except NotCovered:
        return None
    largest = {name: max(bound[name] for bound in bounds) for name in bounds[0]}
    if prod(bound + 1 for bound in largest.values()) > MOST_GRID:
        return None
    count = 0
    for sizes, extents in _grid(shape, largest):
        for instance in instances(shape, sizes, MOST_WORDS, extents):
            count += 1
            try:
                failure = failing(question, instance)
                if failure is not None and failure.certain:
                    return Proof(NAME, False, f"fails at {instance}", count)
                if failure is not None:
                    return None
            except OutsideFragment:
                return None
    around_zero = {_size(space) for space in shape.spaces if space.symmetric}
    shown = {("places" if size in around_zero else size): n for size, n in largest.items()}
    detail = ", ".join(f"{name} ≤ {bound}" for name, bound in sorted(shown.items()))
    return Proof(NAME, True, detail or "no sizes", count) if count else None


def _bounds(shape: Shape, difference: Expr) -> dict[str, int]:
    """F + R by size; sets of one size are one set here, and what they need adds up."""
    _require_plain_sets(shape)
    roaming = degree(difference)
    bounds: dict[str, int] = {}
    chosen = 0
    for space in sorted(shape.spaces, key=lambda space: space in shape.labels):
        needed = sum(1 for index in shape.indices if index.space == space)
        if space in shape.labels:  # the last ones: the lists have their lengths by now
            needed += _listed(shape, space, bounds)
            chosen += needed
        if _size(space) not in shape.uncounted:
            needed += int(space.symmetric) + roaming[space.name]
            known = bounds.get(_size(space), 0)
            bounds[_size(space)] = max(known + needed, int(space.inhabited))
    if chosen > MOST_WORDS:
        raise NotCovered("too many words to choose")
    return bounds


def _listed(shape: Shape, labels: IndexSet, bounds: Mapping[str, int]) -> int:
    """How many entries of lists are members of a label set at the largest sizes."""
    entries = 0
    for known in shape.lists.values():
        if labels in known.values:
            spaces = [space for (space,) in known.places]
            entries += prod(bounds[_size(space)] - int(space.symmetric) for space in spaces)
    return entries


def _require_plain_sets(shape: Shape) -> None:
    """Refuse a claim in which members are more than members of a set named by its size."""
    if any(isinstance(each, SumsTo | AtLeast | FullRank | OneOfTwo) for each in shape.conditions):
        raise NotCovered("a condition that does not pass to subsets")
    if shape.numbered:
        raise NotCovered("a member given by its number")
    if any(space.symmetric for space in shape.ordered):
        raise NotCovered("places of a window that count as numbers")
    compared = [space for space in shape.told_apart if not space.symmetric]
    if compared or len(shape.told_apart) > 1:
        raise NotCovered("members that are told apart by more than being equal")
    if not set(shape.sizes) <= set().union(*map(size_names, shape.spaces)):
        raise NotCovered("a size that only terms have, and index notation has not")
    ends: dict[str, set[tuple[Expr, Expr]]] = {}
    for space in shape.spaces:
        if not isinstance(space.upper, Symbol) or not (space.lower == 1 or space.symmetric):
            raise NotCovered(f"the set {space.name} from {space.lower} to {space.upper}")
        ends.setdefault(_size(space), set()).add((space.lower, space.upper))
        if space.labels != (space in shape.labels):
            raise NotCovered(f"the set {space.name} as both labels and places")
    if any(len(known) > 1 for known in ends.values()):
        raise NotCovered("one size of two kinds of sets")
    if any(len(spaces) != 1 for known in shape.lists.values() for spaces in known.places):
        raise NotCovered("a list read at places of several sets")


def _grid(shape: Shape, largest: Mapping[str, int]) -> Iterator[tuple[dict[str, int], Extents]]:
    """All sizes up to the bounds; a symmetric set is any set of members around zero."""
    smallest: dict[str, int] = {}
    for space in shape.spaces:
        name = _size(space)
        smallest[name] = max(smallest.get(name, 0), int(space.inhabited))
    choices = [range(least, largest.get(name, least) + 1) for name, least in smallest.items()]
    for chosen in product(*choices):
        sizes = dict(zip(smallest, chosen, strict=True))
        extents = {
            space.ends: tuple(range(sizes[_size(space)]))
            for space in shape.spaces
            if space.symmetric
        }
        yield sizes, extents


def _size(space: IndexSet) -> str:
    return space.ends[1]
