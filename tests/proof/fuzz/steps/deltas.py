"""Steps with Kronecker deltas: introduce, exchange, square, and use of the conditions."""

from __future__ import annotations

from sympy import Expr, Indexed, Integer, KroneckerDelta, Mul

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.indices import Index, WordArray
from derivations.word2vec.losses import WORDS
from tests.proof.fuzz.names import put, unused
from tests.proof.fuzz.steps.place import Place, Step, indices_in
from tests.proof.fuzz.vocabulary import LISTS, POOL


def introduce(at: Place, node: Expr) -> Expr | None:
    """f(t) = sum_b delta(b, t) f(b), for a name or a word t."""
    found = indices_in(node)
    if not found:
        return None
    picked = at.rng.choice(found)
    space = picked.space if isinstance(picked, Index) else WORDS
    bound = unused(at.rng.choice(POOL[space]), node.free_symbols | picked.free_symbols)
    body = at.write.mul(at.write.delta(bound, picked), put(node, picked, bound))
    return at.write.total(body, bound)


def introduce_first(at: Place, node: Expr) -> Expr | None:
    """U[1, i] = sum_b delta(b, 1) U[b, i]: there is a first word at every size."""
    if not isinstance(node, Indexed) or node.is_integer or node.indices[0] != 1:
        return None
    bound = unused(at.rng.choice(POOL[WORDS]), node.free_symbols)
    entry = node.base[(bound, *node.indices[1:])]
    return at.write.total(at.write.mul(at.write.delta(bound, 1), entry), bound)


def exchange(at: Place, node: Expr) -> Expr | None:
    """delta(a, b) f(a) = delta(a, b) f(b)."""
    if not isinstance(node, Mul):
        return None
    deltas = [part for part in node.args if isinstance(part, KroneckerDelta)]
    if not deltas or len(node.args) < 2:
        return None
    delta = at.rng.choice(deltas)
    old, new = at.rng.sample(delta.args, 2)
    if old.is_Integer:
        return None
    others = list(node.args)
    others.remove(delta)
    return at.write.mul(delta, *(put(part, old, new) for part in others))


def square(at: Place, node: Expr) -> Expr | None:
    """A delta is its own square."""
    return Mul(node, node, evaluate=False) if isinstance(node, KroneckerDelta) else None


def add_nothing(at: Place, node: Expr) -> Expr | None:
    """g + f delta(a, b) = g, where a and b are known to differ."""
    if not at.conditions:
        return None
    pair = unequal(at, at.rng.choice(at.conditions))
    if pair is None or any(not at.inside.isdisjoint(index.free_symbols) for index in pair):
        return None
    nothing = at.write.mul(at.write.delta(*pair), at.some.real(1))
    return at.write.add(node, nothing)


def unequal(at: Place, condition: Condition) -> tuple[Expr, Expr] | None:
    """Two indices that a condition makes different."""
    match condition:
        case Unequal(left, right):
            return left, right
        case NotAmong(word, listed):
            return word, _entry(at, listed)
        case Distinct():
            return None


def _entry(at: Place, listed: WordArray) -> Expr:
    return listed[tuple(at.some.name(space) for space in LISTS[listed])]


def same_draw(at: Place, node: Expr) -> Expr | None:
    """delta(n[k], n[l]) = delta(k, l), where no word is drawn twice, and back."""
    distinct = [c.words for c in at.conditions if isinstance(c, Distinct)]
    if not isinstance(node, KroneckerDelta) or not distinct:
        return None
    listed = at.rng.choice(distinct)
    left, right = node.args
    if all(isinstance(side, Indexed) and side.base == listed for side in node.args):
        pairs = zip(left.indices, right.indices, strict=True)
        return at.write.mul(*(at.write.delta(a, b) for a, b in pairs), Integer(1))
    if len(LISTS[listed]) == 1 and all(
        isinstance(side, Index) and side.space == LISTS[listed][0] for side in node.args
    ):
        return at.write.delta(listed[left], listed[right])
    return None


STEPS: tuple[Step, ...] = (
    introduce, introduce, introduce_first, exchange, square, add_nothing, add_nothing, same_draw,
)  # fmt: skip
