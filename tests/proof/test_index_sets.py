"""Index sets mean what they say of themselves: no argument goes by what they are called."""

from dataclasses import replace

import pytest
from sympy import Derivative, Expr, IndexedBase, Integer, KroneckerDelta, Symbol, exp, log

from derivations.claim import Claim, Distinct, Equal, Judgement, NotAmong, Unequal, Verdict
from derivations.indices import Index, IndexSet, IndexSum, WordArray, total
from derivations.proof.instances import Signature, instances, signature_of
from derivations.proof.judge import judge
from tests.proof.by_hand import PROVED, REFUTED, UNDECIDED, equality, judged

ONE = Integer(1)


def size(name: str, **known: bool) -> Symbol:
    return Symbol(name, integer=True, **(known or {"positive": True}))


def D(loss: Expr, by: Expr) -> Expr:
    return Derivative(loss, by, evaluate=False)


def argued(judgement: Judgement) -> set[str]:
    return {proof.name for proof in judgement.proofs if proof.holds}


# Least squares: samples and coordinates

SAMPLES = IndexSet("sample", ONE, size("n"))
FEATURES = IndexSet("feature", ONE, size("p"))
s, t = Index("s", SAMPLES), Index("t", SAMPLES)
f, g = Index("f", FEATURES), Index("g", FEATURES)
X, y, beta, M = (IndexedBase(name) for name in ("X", "y", "beta", "M"))
residual = total(X[s, g] * beta[g], g) - y[s]
squares = total(residual**2, s) / 2


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (total(residual * X[s, f], s), PROVED),
        (total(X[s, f], s), REFUTED),
        (total(residual * X[s, f], s) / 2, REFUTED),
        (residual * X[s, f], REFUTED),
    ],
    ids=["gradient", "residual forgotten", "half kept", "one sample"],
)
def test_least_squares(right: Expr, verdict: Verdict) -> None:
    judgement = judged(equality(D(squares, beta[f]), right))
    assert judgement.verdict is verdict
    if verdict is PROVED:
        assert argued(judgement) == {"normal form", "small sizes", "size bound"}


def test_two_features_are_tried_as_equal_and_as_different() -> None:
    second = D(D(squares, beta[f]), beta[g])
    assert judged(equality(second, total(X[s, f] * X[s, g], s))).verdict is PROVED
    assert judged(equality(second, total(X[s, f] ** 2, s))).verdict is REFUTED


# The same softmax under other names


def softmax(classes: str, axes: str, count: str, dimension: str) -> tuple[Claim, Claim]:
    """The gradient of a loss by one row, and the same with a wrong sign."""
    words = IndexSet(classes, ONE, size(count), labels=True)
    across = IndexSet(axes, ONE, size(dimension))
    o, w, x = (Index(name, words) for name in "owx")
    i, h = Index("i", across), Index("h", across)
    U, v = IndexedBase("U"), IndexedBase("v")

    def share(w: Expr) -> Expr:
        return exp(total(U[w, h] * v[h], h)) / total(exp(total(U[x, h] * v[h], h)), x)

    gradient = D(-log(share(o)), U[w, i])
    right = (share(w) - KroneckerDelta(w, o)) * v[i]
    return equality(gradient, right), equality(gradient, -right)


@pytest.mark.parametrize(
    "names",
    [
        ("word", "coordinate", "N", "d"),
        ("coordinate", "word", "N", "d"),
        ("token", "axis", "T", "q"),
        ("d", "d", "d", "N"),
    ],
    ids=str,
)
def test_renamed_sets_and_sizes_change_nothing(names: tuple[str, str, str, str]) -> None:
    usual = [judge(claim) for claim in softmax("word", "coordinate", "N", "d")]
    renamed = [judge(claim) for claim in softmax(*names)]
    assert [one.verdict for one in usual] == [PROVED, REFUTED]
    assert [one.verdict for one in renamed] == [PROVED, REFUTED]
    assert argued(usual[0]) == argued(renamed[0])
    if names[2:] in (("N", "d"), ("T", "q")):
        assert usual[0].instances == renamed[0].instances


# Two sets of labels: words and inner nodes of a tree

WORDS = IndexSet("word", ONE, size("N"), labels=True)
NODES = IndexSet("node", ONE, size("R"), labels=True)
STEPS = IndexSet("step", ONE, size("L", nonnegative=True), inhabited=False)
AXES = IndexSet("axis", ONE, size("d"))
c, o, w, x = (Index(name, WORDS) for name in ("c", "o", "w", "x"))
r, q, a = (Index(name, NODES) for name in ("r", "q", "a"))
u = Index("u", STEPS)
i, h = Index("i", AXES), Index("h", AXES)
path, turn = WordArray("path", NODES), IndexedBase("turn")
V, Z = IndexedBase("V"), IndexedBase("Z")


def along(node: Expr) -> Expr:
    return total(Z[node, h] * V[c, h], h)


def smooth(z: Expr) -> Expr:
    return 1 / (1 + exp(-z))


tree = -total(log(smooth(turn[u] * along(path[u]))), u)
by_node = -total(
    KroneckerDelta(path[u], r) * turn[u] * (1 - smooth(turn[u] * along(path[u]))) * V[c, i], u
)
by_center = -total(turn[u] * (1 - smooth(turn[u] * along(path[u]))) * Z[path[u], i], u)


@pytest.mark.parametrize(
    ("left", "right", "conditions", "verdict"),
    [
        (D(tree, Z[r, i]), by_node, (), PROVED),
        (D(tree, V[c, i]), by_center, (), PROVED),
        (D(tree, V[x, i]), KroneckerDelta(x, c) * by_center, (), PROVED),
        (D(tree, V[x, i]), by_center, (), REFUTED),
        (D(tree, V[x, i]), 0, (Unequal(x, c),), PROVED),
        (D(tree, Z[r, i]), 0, (NotAmong(r, path),), PROVED),
        (D(tree, Z[r, i]), 0, (), REFUTED),
        (D(tree, Z[r, i]), -by_node, (), REFUTED),
        (D(tree, Z[r, i]), by_node, (Distinct(path),), PROVED),
    ],
)
def test_a_path_of_nodes_beside_words(
    left: Expr, right: Expr, conditions: tuple[Unequal | NotAmong | Distinct, ...], verdict: Verdict
) -> None:
    assert judged(equality(left, right, *conditions)).verdict is verdict


BOTH = total(total(KroneckerDelta(w, o) * KroneckerDelta(r, q) * M[w, r], w), r)


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (M[o, q], PROVED),
        (total(M[o, r], r), REFUTED),
        (total(M[w, q], w), REFUTED),
        (KroneckerDelta(x, o) * M[o, q], REFUTED),
        (KroneckerDelta(a, q) * M[o, q], REFUTED),
    ],
    ids=["both", "words only", "nodes only", "a word apart", "a node apart"],
)
def test_a_delta_in_each_of_two_sets_of_labels(right: Expr, verdict: Verdict) -> None:
    judgement = judged(equality(BOTH, right))
    assert judgement.verdict is verdict
    if verdict is PROVED:
        assert argued(judgement) == {"normal form", "small sizes", "size bound"}


def test_each_set_of_labels_has_its_own_patterns_and_its_own_size() -> None:
    pair = KroneckerDelta(w, x) * V[w, i] * V[x, i] * KroneckerDelta(r, q) * Z[r, i] * Z[q, i]
    shape = signature_of(equality(pair, pair))
    met = list(instances(shape, {"N": 1, "R": 1, "d": 1}))
    assert len(met) == 4
    alike = {(m.indices["w"] == m.indices["x"], m.indices["r"] == m.indices["q"]) for m in met}
    assert len(alike) == 4
    assert {(m.sizes["N"], m.sizes["R"]) for m in met} == {(1, 1), (1, 2), (2, 1), (2, 2)}


def test_a_set_that_counts_has_its_size_where_the_other_has_not() -> None:
    counted = equality(size("N") * Z[r, i], total(Z[r, i], w))
    assert judged(counted).verdict is PROVED
    assert judged(equality(size("N") * Z[r, i], total(Z[r, i], q))).verdict is REFUTED


# A matrix over pairs of words, rows of a batch

F, T, S = (IndexedBase(name) for name in ("F", "T", "S"))
gap = total(Z[w, h] * V[x, h], h) + S[w] - T[w, x]
counts = total(total(F[w, x] * gap**2, w), x)


@pytest.mark.parametrize(
    ("by", "right", "verdict"),
    [
        (Z[w, i], 2 * total(F[w, x] * gap * V[x, i], x), PROVED),
        (Z[w, i], 2 * total(F[x, w] * gap * V[x, i], x), REFUTED),
        (S[w], 2 * total(F[w, x] * gap, x), PROVED),
        (S[w], 2 * F[w, x] * gap, REFUTED),
    ],
    ids=["by a row", "transposed", "by a bias", "one pair"],
)
def test_a_loss_of_a_matrix_over_pairs_of_words(by: Expr, right: Expr, verdict: Verdict) -> None:
    assert judged(equality(D(counts, by), right)).verdict is verdict


BATCH = IndexSet("pair", ONE, size("B", nonnegative=True), inhabited=False)
b = Index("b", BATCH)
centers = WordArray("centers", WORDS)
rows = total((total(V[centers[b], h] * X[b, h], h) - y[b]) ** 2, b)
off = total(V[centers[b], h] * X[b, h], h) - y[b]


def test_rows_and_a_list_of_words_by_the_same_index() -> None:
    right = 2 * total(KroneckerDelta(centers[b], w) * off * X[b, i], b)
    assert judged(equality(D(rows, V[w, i]), right)).verdict is PROVED
    assert judged(equality(D(rows, V[w, i]), 2 * total(off * X[b, i], b))).verdict is REFUTED
    assert judged(equality(D(rows, X[b, i]), 2 * off * V[centers[b], i])).verdict is PROVED
    assert judged(equality(D(rows, X[b, i]), 2 * off * V[w, i])).verdict is REFUTED


# Sets that could be taken for one another

CONTEXTS = replace(WORDS, name="context")
OTHERS = replace(WORDS, name="other", upper=size("M"))
z, other = Index("z", CONTEXTS), Index("other", OTHERS)


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (V[w, i], V[z, i], REFUTED),
        (V[w, i], V[other, i], REFUTED),
        (M[w, z], M[z, w], REFUTED),
        (KroneckerDelta(w, z), 1, REFUTED),
        (KroneckerDelta(w, z), 0, REFUTED),
        (KroneckerDelta(w, other), 1, REFUTED),
        (KroneckerDelta(w, other), 0, REFUTED),
        (total(V[w, i], w), total(V[other, i], other), REFUTED),
        (total(KroneckerDelta(w, other) * V[w, i], w), V[other, i], REFUTED),
        (total(KroneckerDelta(w, z) * V[w, i], w), V[o, i], REFUTED),
        (total(total(M[w, z], w), z), total(M[w, w], w), REFUTED),
        (total(total(V[w, i] * Z[z, i], w), z), total(V[w, i] * Z[w, i], w), REFUTED),
        # the same integers: the same sum, whatever they are called
        (total(V[w, i], w), total(V[z, i], z), PROVED),
        (total(KroneckerDelta(w, z) * V[w, i], w), V[z, i], PROVED),
    ],
)
def test_sets_of_other_names_or_sizes(left: Expr, right: Expr, verdict: Verdict) -> None:
    assert judged(equality(left, right)).verdict is verdict


def test_a_set_that_may_be_empty_is_not_one_that_has_members() -> None:
    """A sum over no draws is no denominator."""
    draws = IndexSet("draw", ONE, size("K", nonnegative=True), inhabited=False)
    e, e_too = Index("e", draws), Index("E", draws)
    share = total(exp(V[e, i]), e) / total(exp(V[e_too, i]), e_too)
    assert judged(equality(share, 1)).verdict is UNDECIDED
    share = total(exp(V[w, i]), w) / total(exp(V[x, i]), x)
    assert judged(equality(share, 1)).verdict is PROVED


def test_one_letter_for_members_of_two_sets_is_not_decided() -> None:
    namesake = Index("w", NODES)
    judgement = judged(equality(V[w, i], V[namesake, i]))
    assert judgement.verdict is UNDECIDED
    assert "w stands for two things" in judgement.reason


def test_a_letter_that_a_condition_makes_another_word_is_not_taken_for_its_namesake() -> None:
    namesake = Index("w", NODES)
    claim = equality(V[w, i] * Z[namesake, i], V[o, i] * Z[namesake, i], Equal(w, o))
    assert judged(claim).verdict is UNDECIDED


def test_one_name_for_lists_of_two_sets_is_not_decided() -> None:
    namesake = WordArray("path", WORDS)
    assert namesake != path
    judgement = judged(equality(V[path[u], i], V[namesake[u], i]))
    assert judgement.verdict is UNDECIDED


# Members that are told apart are not renamed


@pytest.mark.parametrize(
    "claim",
    [
        equality(IndexSum(KroneckerDelta(w, o) * V[w, i], (w, Integer(2), WORDS.upper)), 0),
        equality(IndexSum(KroneckerDelta(h, i) * V[c, h], (h, Integer(2), AXES.upper)), 0),
        equality(w * V[w, i], V[w, i]),
        equality(i * V[w, i], V[w, i]),
        equality(KroneckerDelta(i, 1) * V[w, i], V[w, i]),
        equality(V[w, i], V[w, s]),
    ],
    ids=["words from 2", "axes from 2", "a word as number", "an axis as number", "axis 1", "sets"],
)
def test_a_claim_that_only_the_first_member_meets_is_refuted(claim: Claim) -> None:
    assert judged(claim).verdict is REFUTED


def test_a_size_below_zero_is_no_size() -> None:
    """The set 2..K is empty at K = 0, where K − 1 is not zero."""
    later = IndexSet("later", Integer(2), size("K", nonnegative=True), inhabited=False)
    e = Index("e", later)
    ones = equality(total(ONE, e), later.size)
    assert judged(ones).verdict is REFUTED


def test_a_list_read_at_a_place_that_a_word_gives_is_judged() -> None:
    """Words index the list: all of them are tried, none is renamed."""
    parent = WordArray("parent", NODES)
    claim = equality(Z[parent[w], i], Z[r, i])
    assert judged(claim).verdict is REFUTED
    summed = total(Z[parent[w], i], w)
    assert judged(equality(summed, summed)).verdict is PROVED
    assert judged(equality(D(summed, Z[r, i]), 0)).verdict is REFUTED
    nested = V[centers[b], i] * Z[parent[centers[b]], i]
    assert judged(equality(nested, nested)).verdict is UNDECIDED


# Many sizes


def many(count: int) -> tuple[Claim, Claim]:
    """A product of sums over as many sets, and the same with one sum forgotten."""
    spaces = [IndexSet(f"set{n}", ONE, size(f"n{n}")) for n in range(count)]
    factors = [
        total(IndexedBase(f"A{n}")[e], e) for n in range(count) for e in [Index("e", spaces[n])]
    ]
    whole = Integer(1)
    for factor in factors:
        whole *= factor
    extra = Index("e", spaces[-1])
    wrong = whole / factors[-1] * IndexedBase(f"A{count - 1}")[extra]
    return equality(whole, whole + 0 * wrong), equality(whole, wrong)


@pytest.mark.parametrize("count", [5, 8, 12, 30])
def test_a_claim_with_many_sizes_is_judged_at_few_of_them(count: int) -> None:
    right, wrong = (judge(claim) for claim in many(count))
    assert right.verdict is PROVED
    assert wrong.verdict is REFUTED
    small = next(proof for proof in right.proofs if proof.name == "small sizes")
    assert small.instances <= 500
    assert f"in all at most {3 if count < 30 else 2} above the smallest" in small.detail


def test_many_sets_of_labels_are_judged() -> None:
    sets = [IndexSet(f"set{n}", ONE, size(f"m{n}"), labels=True) for n in range(4)]
    alike = Integer(1)
    for n, space in enumerate(sets):
        alike *= KroneckerDelta(Index(f"e{n}", space), Index(f"f{n}", space))
    assert judged(equality(alike * V[c, i], alike * V[c, i])).verdict is PROVED
    assert judged(equality(alike * V[c, i], V[c, i])).verdict is REFUTED


def test_more_words_than_are_tried_are_undecided_and_said_to_be() -> None:
    named = [Index(f"e{n}", WORDS) for n in range(9)]
    sides = sum((V[word, i] for word in named), Integer(0))
    judgement = judged(equality(sides, sides + V[w, i]))
    assert judgement.verdict is UNDECIDED
    assert "more words" in judgement.reason


def test_words_told_apart_by_number_are_not_tried_without_end() -> None:
    named = [Index(f"e{n}", WORDS) for n in range(7)]
    sides = V[ONE, i] + sum((V[word, i] for word in named), Integer(0))
    assert judged(equality(sides, sides + V[w, i])).verdict is UNDECIDED


def test_a_rule_that_renames_what_is_told_apart_loses_the_counterexample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second row may be any row but the first; a renamed word is always the first."""
    claim = equality(KroneckerDelta(o, 2) * V[o, i], 0)
    assert judge(claim).verdict is REFUTED
    monkeypatch.setattr(Signature, "renamable", lambda *_: True)
    assert judge(claim).verdict is UNDECIDED
