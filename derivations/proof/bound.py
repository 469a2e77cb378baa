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
pass to subsets, which inequalities between words do. Exponentials of a score are arbitrary
functions of its words here; all scores must be the same sum over coordinates, so that no two
become dependent at a larger dimension.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from sympy import Expr, Integer

from derivations.claim import Proof
from derivations.indices import IndexSet
from derivations.proof.decide import Sides, holds
from derivations.proof.degree import NotCovered, degree
from derivations.proof.instances import instances
from derivations.proof.shape import Shape

NAME = "size bound"
MOST_WORDS = 7
Extents = dict[tuple[str, str], tuple[int, ...]]


def by_size_bound(shape: Shape, cases: list[Sides]) -> Proof | None:
    """The exhaustive check up to F + R members; None where the argument does not apply."""
    try:
        bounds = [_bounds(shape, case.left_taken - case.right_taken) for case in cases]
    except NotCovered:
        return None
    largest = {name: max(bound[name] for bound in bounds) for name in bounds[0]}
    count = 0
    for sizes, extents in _grid(shape, largest):
        for instance in instances(shape, sizes, MOST_WORDS, extents):
            count += 1
            if not all(holds(case, instance) for case in cases):
                return Proof(NAME, False, f"fails at {instance}", count)
    around_zero = {_size(space) for space in shape.spaces if space.symmetric}
    shown = {("places" if size in around_zero else size): n for size, n in largest.items()}
    detail = ", ".join(f"{name} ≤ {bound}" for name, bound in sorted(shown.items()))
    return Proof(NAME, True, detail or "no sizes", count) if count else None


def _bounds(shape: Shape, difference: Expr) -> dict[str, int]:
    """F + R for every index set, by the set's size; words named by lists or freely count."""
    if shape.numbered:
        raise NotCovered("a member given by its number")
    roaming = degree(difference)
    bounds = {}
    for space in shape.spaces:
        named = sum(1 for index in shape.indices if index.space == space)
        if space.name != "word":
            bound = named + int(space.symmetric) + roaming[space.name]
            bounds[_size(space)] = max(bound, int(space.inhabited))
    if shape.words is not None and _size(shape.words) in shape.summed:
        bounds[_size(shape.words)] = _words(shape, bounds) + roaming["word"]
    return bounds


def _words(shape: Shape, bounds: Mapping[str, int]) -> int:
    """How many words can be chosen in all at the largest sizes."""
    free = sum(1 for index in shape.indices if index.space == shape.words)
    listed = 0
    for spaces in shape.lists:
        entries = 1
        for space in spaces:
            entries *= bounds[_size(space)] - int(space.symmetric)
        listed += entries
    if free + listed > MOST_WORDS:
        raise NotCovered("too many words to choose")
    return free + listed


def _grid(shape: Shape, largest: Mapping[str, int]) -> Iterator[tuple[dict[str, int], Extents]]:
    """All sizes up to the bounds; a symmetric set is any set of members around zero."""
    choices = []
    for space in shape.spaces:
        name = _size(space)
        smallest = 1 if space.inhabited else 0
        choices.append([(space, n) for n in range(smallest, largest.get(name, smallest) + 1)])
    for chosen in product(*choices):
        sizes, extents = {}, {}
        for space, n in chosen:
            sizes[_size(space)] = n
            if space.lower != Integer(1):
                extents[str(space.lower), str(space.upper)] = tuple(range(n))
        yield sizes, extents


def _size(space: IndexSet) -> str:
    (symbol,) = space.size.free_symbols
    return str(symbol)
