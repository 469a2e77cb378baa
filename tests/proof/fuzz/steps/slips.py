"""Slips: steps that change the value, in names and in values."""

from __future__ import annotations

from sympy import Abs, Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum, exp, log

from derivations.indices import Entries, Index
from derivations.language.index_nodes import Applied, applied
from derivations.word2vec.losses import COORDINATES, WORDS
from tests.proof.fuzz.expressions import LAST, LISTS, PARTS, POOL, opened, put
from tests.proof.fuzz.steps.of_sums import Place, Step, indices_in, whole

# Slips with names: captured ones, lost binders and deltas, one index for another.


def rename_into_capture(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w, x) becomes sum_x f(x, x)."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    new = at.rng.choice(POOL[index.space])
    return Sum(put(body, index, new, careful=False), (new, *bounds))


def push_in_captured(at: Place, node: Expr) -> Expr | None:
    """g(w) sum_w f(w) becomes sum_w g(w) f(w)."""
    if not isinstance(node, Mul):
        return None
    sums = [part for part in node.args if isinstance(part, Sum)]
    if not sums:
        return None
    index, bounds, body = opened(sums[0])
    others = list(node.args)
    others.remove(sums[0])
    factor = at.write.mul(*others)
    return Sum(at.write.mul(factor, body), (index, *bounds))


def pull_out_all(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w) g(w) becomes f(w) sum_w g(w)."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    if not isinstance(body, Mul):
        return None
    out = at.rng.choice(body.args)
    rest = list(body.args)
    rest.remove(out)
    return at.write.mul(out, Sum(at.write.mul(*rest), (index, *bounds)))


def join_under_one_name(at: Place, node: Expr) -> Expr | None:
    """(sum_w f)^2 becomes sum_w f^2."""
    if not isinstance(node, Pow) or not isinstance(node.base, Sum):
        return None
    return Sum(at.write.power(node.base.function, int(node.exp)), *node.base.limits)


def mix_up(at: Place, node: Expr) -> Expr | None:
    """sum_a sum_b f(a) g(b) becomes sum_a sum_b f(a) g(a)."""
    if not isinstance(node, Sum) or not isinstance(node.function, Mul):
        return None
    names = [limit[0] for limit in node.limits]
    pairs = [(a, b) for a in names for b in names if a != b and a.space == b.space]
    if not pairs:
        return None
    old, new = at.rng.choice(pairs)
    parts = list(node.function.args)
    n = at.rng.randrange(len(parts))
    parts[n] = put(parts[n], old, new)
    return Sum(at.write.mul(*parts), *node.limits)


def lose_binder(at: Place, node: Expr) -> Expr | None:
    """sum_w f becomes f."""
    return opened(node)[2] if isinstance(node, Sum) else None


def lose_size(at: Place, node: Expr) -> Expr | None:
    """A sum that its summand does not depend on is left out."""
    if not isinstance(node, Sum):
        return None
    index, _, body = opened(node)
    return body if index not in body.free_symbols else None


def part_of_range(at: Place, node: Expr) -> Expr | None:
    """The first or the last member of the index set is forgotten."""
    if not isinstance(node, Sum):
        return None
    index, _, body = opened(node)
    return Sum(body, (index, *at.rng.choice(PARTS[index.space])))


def other_set(at: Place, node: Expr) -> Expr | None:
    """A sum that counts draws counts words."""
    if not isinstance(node, Sum):
        return None
    index, _, body = opened(node)
    if index in body.free_symbols:
        return None
    space = at.rng.choice(list(POOL))
    return at.write.total(body, POOL[space][0]) if POOL[space][0] not in body.free_symbols else None


def lose_delta(at: Place, node: Expr) -> Expr | None:
    """A Kronecker delta is forgotten."""
    return Integer(1) if isinstance(node, KroneckerDelta) else None


def other_index(at: Place, node: Expr) -> Expr | None:
    """One index is mistaken for another of its kind, deltas or no deltas."""
    if isinstance(node, KroneckerDelta | Sum):
        return None
    found = indices_in(node)
    if not found:
        return None
    old = at.rng.choice(found)
    space = old.space if hasattr(old, "space") else old.base.space
    within = sorted((name for name in at.inside if name.space == space), key=str)
    other = at.rng.choice(within) if within and at.rng.random() < 0.7 else at.some.index(space, 0)
    return put(node, old, other, careful=at.rng.random() < 0.5)


def array_captured(at: Place, node: Expr) -> Expr | None:
    """f((a_i)_i) becomes f((a_h)_h) with an h that was free in a."""
    if not isinstance(node, Applied):
        return None
    for n, value in enumerate(node.values, node.labels):
        if isinstance(value, Entries):
            new = [at.rng.choice(POOL[index.space]) for index in value.indices]
            if len(set(new)) < len(new):
                return None
            entry = value.entry
            for old, other in zip(value.indices, new, strict=True):
                entry = put(entry, old, other, careful=False)
            return node.func(*node.args[:n], Entries(entry, *new), *node.args[n + 1 :])
    return None


def other_derivative(at: Place, node: Expr) -> Expr | None:
    """A derivative is by another entry or label, or is none."""
    if not isinstance(node, Applied) or not node.args[node.labels + len(node.depths) :]:
        return None
    n = at.rng.randrange(node.labels + len(node.depths), len(node.args))
    named = [part for part in indices_in(node.args[n]) if isinstance(part, Index)]
    other = at.some.index(named[0].space if named else WORDS)
    return node.func(*node.args[:n], other, *node.args[n + 1 :])


def derivative_lost(at: Place, node: Expr) -> Expr | None:
    """A function stands for its derivative, or the other way round."""
    if not isinstance(node, Applied):
        return None
    arguments = node.args[: node.labels + len(node.depths)]
    if node.partials:
        return applied(node.function, node.labels, node.depths)(*arguments)
    place = at.rng.randrange(len(node.depths))
    spaces = (WORDS, COORDINATES)[2 - node.depths[place] :]
    return node.partial(node.labels + place, tuple(at.some.index(space) for space in spaces))


def entries_alike(at: Place, node: Expr) -> Expr | None:
    """Every entry of an array is one of them."""
    if not isinstance(node, Applied):
        return None
    for n, value in enumerate(node.values, node.labels):
        if isinstance(value, Entries):
            index = at.rng.choice(value.indices)
            entry = put(value.entry, index, at.some.index(index.space))
            return node.func(*node.args[:n], Entries(entry, *value.indices), *node.args[n + 1 :])
    return None


STEPS: tuple[Step, ...] = (
    array_captured, other_derivative, derivative_lost, entries_alike,
    rename_into_capture, push_in_captured, pull_out_all, join_under_one_name, mix_up,
    lose_binder, lose_size, part_of_range, other_set, lose_delta, other_index, other_index,
)  # fmt: skip


# Slips with values: signs, factors, sums torn apart, a difference that nobody assumed.


def contract_out_of_range(at: Place, node: Expr) -> Expr | None:
    """f(t) becomes sum_b delta(b, t) f(b) for a t that need not be there, or in part of a set."""
    listed = [word for word in LISTS if node.has(word)]
    for space in at.rng.sample(list(POOL), len(POOL)):
        bound = at.rng.choice(POOL[space])
        numbers = sorted(part for part in _index_numbers(node) if part[0] == space.name)
        if numbers and not listed:
            number = Integer(at.rng.choice(numbers)[1])
            return at.write.total(at.write.mul(at.write.delta(bound, number), node), bound)
    found = [name for name in indices_in(node) if hasattr(name, "space")]
    if not found:
        return None
    picked = at.rng.choice(found)
    bound = at.rng.choice(POOL[picked.space])
    body = at.write.mul(at.write.delta(bound, picked), put(node, picked, bound))
    return Sum(body, (bound, *at.rng.choice(PARTS[picked.space])))


def _index_numbers(node: Expr) -> set[tuple[str, int]]:
    deltas = node.atoms(KroneckerDelta)
    return {
        (other.space.name, int(side))
        for delta in deltas
        for side, other in (delta.args, delta.args[::-1])
        if side.is_Integer and hasattr(other, "space")
    }


def sign(at: Place, node: Expr) -> Expr | None:
    """A sign is wrong."""
    return -node if isinstance(node, exp | Mul | Sum | KroneckerDelta) else None


def sign_above(at: Place, node: Expr) -> Expr | None:
    """exp(a) becomes exp(-a)."""
    return at.write.exp(-node.args[0]) if isinstance(node, exp) else None


def factor(at: Place, node: Expr) -> Expr | None:
    """A number or a power is wrong."""
    if isinstance(node, Pow):
        return at.write.power(node.base, int(node.exp) + at.rng.choice((-1, 1)))
    return at.write.mul(Integer(2), node) if isinstance(node, Mul) else None


def torn_apart(at: Place, node: Expr) -> Expr | None:
    """1/(a + b), exp(a + b), log(a + b) taken term by term."""
    if isinstance(node, Pow) and node.exp == -1 and isinstance(node.base, Add):
        return at.write.add(*(at.write.power(part, -1) for part in node.base.args))
    if isinstance(node, Pow) and node.exp == -1 and isinstance(node.base, Sum):
        return Sum(at.write.power(node.base.function, -1), *node.base.limits)
    if isinstance(node, exp | log) and isinstance(node.args[0], Add | Sum):
        inner = node.args[0]
        make = at.write.exp if isinstance(node, exp) else at.write.log
        if isinstance(inner, Sum):
            return Sum(make(inner.function), *inner.limits)
        return at.write.add(*(make(part) for part in inner.args))
    return None


def cancel_under_the_sum(at: Place, node: Expr) -> Expr | None:
    """f(w) becomes (sum_w P_w f(w)) / sum_w P_w: the name occurs elsewhere."""
    below = at.some.over_all(lambda: at.write.exp(at.some.real(1)), inhabited=True)
    index, bounds, body = opened(below)
    if index not in node.free_symbols:
        return None
    return at.write.over(Sum(at.write.mul(body, node), (index, *bounds)), below)


def unknown_difference(at: Place, node: Expr) -> Expr | None:
    """g becomes g + f delta(a, b) where nothing says that a and b differ."""
    nothing = at.write.mul(at.some.delta(), at.some.real(1))
    return at.write.add(node, nothing)


def swapped_difference(at: Place, node: Expr) -> Expr | None:
    """g becomes g (1 - delta(a, b)) and is not the same where a = b."""
    return at.write.mul(node, at.write.minus(Integer(1), at.some.delta()))


def root_of_square(at: Place, node: Expr) -> Expr | None:
    """x becomes exp(log(x^2)/2), which is its absolute value."""
    if node.is_Rational or isinstance(node, KroneckerDelta):
        return None
    squared = log(Pow(node, 2, evaluate=False), evaluate=False)
    return exp(Mul(squared, Pow(Integer(2), -1), evaluate=False), evaluate=False)


def moved_without_ends(at: Place, node: Expr) -> Expr | None:
    """sum_i f(i) becomes sum_i f(i + 1)."""
    found = whole(node)
    if found is None:
        return None
    index, body = found
    return at.write.total(put(body, index, index + at.rng.choice((-1, 1))), index)


def last_of_none(at: Place, node: Expr) -> Expr | None:
    """f becomes sum_k delta(k, K) f, where there may be no last one, or one more than there is."""
    space = at.rng.choice(list(LAST))
    bound = at.rng.choice(POOL[space])
    last = LAST[space] + at.rng.choice((-1, 0, 1))
    return at.write.total(at.write.mul(at.write.delta(bound, last), node), bound)


def sign_forgotten(at: Place, node: Expr) -> Expr | None:
    """|a| becomes a, or a becomes |a|."""
    if isinstance(node, Abs):
        return node.args[0]
    return at.write.absolute(node) if isinstance(node, Indexed | Add) else None


def absolute_term_by_term(at: Place, node: Expr) -> Expr | None:
    """|a + b| becomes |a| + |b|, |sum_w a| becomes sum_w |a|."""
    if not isinstance(node, Abs):
        return None
    inner = node.args[0]
    if isinstance(inner, Sum):
        return Sum(at.write.absolute(inner.function), *inner.limits)
    if isinstance(inner, Add):
        return at.write.add(*(at.write.absolute(part) for part in inner.args))
    return None


def one_too_many(at: Place, node: Expr) -> Expr | None:
    """A number counts one more."""
    return node + 1 if isinstance(node, Index) else None


STEPS_OF_SLIPS_OF_VALUES: tuple[Step, ...] = (
    moved_without_ends, last_of_none, sign_forgotten, absolute_term_by_term, one_too_many,
    contract_out_of_range, sign, sign_above, factor, torn_apart, cancel_under_the_sum,
    unknown_difference, swapped_difference, root_of_square,
)  # fmt: skip
