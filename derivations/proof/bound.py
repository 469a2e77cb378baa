"""A second argument for all sizes, which uses no normal form: a bound on the sizes to check.

Theorem. Let D(S) be a sum over R-tuples of members of a finite index set S of any function of
the data at those members. If D vanishes on all sets of at most R members, it vanishes on all.
Proof. Group the tuples by the set T of members they use: D(S) is the sum of g(T) over the
subsets T of S with at most R members. By Moebius inversion g(T) is the alternating sum of
D(T') over T' inside T, hence zero for every T.

Sums of fewer indices are included (their g lives on smaller sets), and F members that are named
by free indices, or picked by a constant, belong to every set: sets of at most F + R members
suffice. What a claim divides by is cleared first, so R counts it (`degree.py`). The argument is
applied to one index set after the other, over every pattern of equal words. Conditions must
pass to subsets, which equalities and inequalities between named words do. Exponentials of a
score are arbitrary functions of its words here; all scores must be the same sum over
coordinates, so that no two become dependent at a larger dimension.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from sympy import Expr, Symbol

from derivations.claim import Proof
from derivations.data_conditions import AtLeast, FullRank, OneOfTwo, SumsTo
from derivations.indices import IndexSet
from derivations.proof.decide import Question, failing
from derivations.proof.degree import NotCovered, degree
from derivations.proof.fragment import OutsideFragment
from derivations.proof.instances import instances
from derivations.proof.signs import Case
from derivations.proof.size_signature import Shape, size_names

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
