"""Inverses and determinants, for all sizes and at small ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import pytest
from sympy import Derivative, IndexedBase, Integer

from derivations.claim import Claim, FullRank, Judgement, PositiveDefinite, Symmetric, Verdict
from derivations.indices import Entries, Index, IndexSet, total
from derivations.language.index_nodes import InverseEntry, differentiated
from derivations.proof.judge import NotCovered, degree, judge
from derivations.proof.normal_form import difference, normal_form, spelled
from derivations.reader.derivation import derivation, reading
from derivations.report.statement import mathematics
from tests.proof.by_hand import PROVED, REFUTED, UNDECIDED, h, i, j, k, n

# Inverses of matrices: identities of them for all sizes stand with false twins in `forms.md`.


GIVEN = r"""
size n, d >= 1
matrix A, B in R^{n x n}, invertible
matrix S in R^{n x n}, symmetric, invertible
matrix P, L in R^{n x n}, positive definite
matrix X in R^{n x d}
vector x, y, b, \mu in R^n
scalar \lambda > 0
index i, j, k in 1..n
if X^\top X invertible
define w = A^{-1} b
define \hat{b} = (X^\top X + \lambda I)^{-1} X^\top y
define q(x) = (x - \mu)^\top S^{-1} (x - \mu)
define f(b) = A^{-1} b
"""


def claims_of(line: str, given: str = GIVEN) -> list[Claim]:
    text = f"```given\n{given}\n```\n\n$$ {line} $$\n"
    return [each.claim for each in derivation(text, "inverses").lines]


def judged(line: str, given: str = GIVEN) -> Judgement:
    (claim,) = claims_of(line, given)
    return judge(claim)


@pytest.mark.parametrize("line", [r"A A^{-1} = I", r"(X^\top X)^{-1} X^\top X = I"])
def test_without_the_declaration_an_inverse_is_the_premise_of_its_line(line: str) -> None:
    given = "\n".join(each for each in GIVEN.splitlines() if "if " not in each and "-1" not in each)
    text = f"```given\n{given.replace(', invertible', '')}\n```\n\n$$ {line} $$\n"
    (entry,) = reading(text, "inverses").lines
    assert judge(entry.claim).verdict is PROVED
    assert any(isinstance(each, FullRank) for each in entry.claim.conditions)
    assert any("taken as invertible: its inverse is written" in each for each in entry.notes)


@pytest.mark.parametrize("line", [r"(A - A)^{-1} x = (A - A)^{-1} x", r"(x x^T)^{-1} x x^T x = x"])
def test_an_inverse_that_is_never_there_proves_nothing(line: str) -> None:
    assert judged(line).verdict is UNDECIDED


def test_what_is_declared_invertible_is_a_condition_of_the_claim() -> None:
    (claim,) = claims_of("A A^{-1} = I")
    (condition,) = claim.conditions
    assert isinstance(condition, FullRank)
    assert str(condition) == "A invertible"


def test_a_symmetric_inverse_is_needed_for_its_symmetry() -> None:
    line = r"\nabla_x (x^\top S^{-1} x) = 2 S^{-1} x"
    assert judged(line, GIVEN.replace("symmetric, ", "")).verdict is REFUTED


def test_where_there_are_more_columns_than_rows_nothing_is_claimed() -> None:
    judgement = judged(r"X (X^\top X)^{-1} X^\top = I")
    assert judgement.witness is not None
    assert judgement.witness.sizes["n"] > judgement.witness.sizes["d"]


def test_a_counterexample_has_the_inverse_that_is_declared() -> None:
    assert judged(r"\sum_i \sum_j |A_{ij}| = 0").verdict is REFUTED
    nonzero = r"\operatorname{sign}(\sum_i \sum_j A_{ij}^2) = 1"
    assert judged(nonzero).verdict is not REFUTED
    assert judged(nonzero.replace("A", "C"), f"{GIVEN}matrix C in R^{{n x n}}").verdict is REFUTED


DEFINITE = GIVEN.replace("symmetric, invertible", "positive definite")


def test_a_positive_definite_matrix_is_symmetric_and_has_an_inverse() -> None:
    (claim,) = claims_of("S S^{-1} = I", DEFINITE)
    kinds = {type(each) for each in claim.conditions}
    assert kinds == {Symmetric, FullRank, PositiveDefinite}
    assert judge(claim).verdict is PROVED
    assert judged(r"\nabla_\mu q = -2 S^{-1} (x - \mu)", DEFINITE).verdict is PROVED


def test_a_counterexample_of_a_positive_definite_matrix_is_one() -> None:
    line = r"|x^\top S x| = x^\top S x"
    assert judged(line).verdict is REFUTED
    assert judged(line, DEFINITE).verdict is Verdict.UNDECIDED
    judgement = judged(r"x^\top S^{-1} x = x^\top S x", DEFINITE)
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    assert not judgement.witness.values["S[1,1]"].startswith(("-", "0"))


A, C = IndexedBase("A"), IndexedBase("C")


def of(base: IndexedBase, row: Index, column: Index) -> InverseEntry:
    return InverseEntry(row, column, Entries(base[j, h], j, h))


def test_a_matrix_is_put_together_with_its_own_inverse_alone() -> None:
    together = total(A[i, j] * of(A, j, k), j)
    assert not difference(together, total(of(A, i, j) * A[j, k], j))
    assert difference(together, total(C[i, j] * of(A, j, k), j))
    assert difference(together, total(A[j, i] * of(A, j, k), j))
    assert difference(together, total(A[i, j] * of(A, j, k) * C[j, j], j))


def test_a_sum_over_a_part_of_the_range_stays() -> None:
    inner = Index("j", IndexSet("row", Integer(1), n - 1))
    part = total(A[i, inner] * of(A, inner, k), inner)
    assert difference(part, total(A[i, j] * of(A, j, k), j))


def test_names_of_bound_indices_in_a_matrix_do_not_matter() -> None:
    other = InverseEntry(i, k, Entries(A[h, j], h, j))
    assert not difference(of(A, i, k), other)
    turned = InverseEntry(k, i, Entries(A[h, j], j, h))
    assert not difference(of(A, i, k), turned)


def test_the_derivative_of_an_entry_is_taken_by_rule() -> None:
    taken = differentiated(Derivative(of(A, i, k), A[1, 1], evaluate=False))
    assert not difference(taken, -of(A, i, Integer(1)) * of(A, Integer(1), k))


def test_the_bound_on_sizes_does_not_cover_inverses() -> None:
    with pytest.raises(NotCovered):
        degree(of(A, i, k))


def test_an_entry_of_an_inverse_is_printed_by_the_name_of_the_matrix() -> None:
    assert mathematics(of(A, i, k)) == "A⁻¹[i,k]"
    assert "⁻¹[" in spelled(normal_form(of(A, i, k)))[0]


# Random products of matrices and their inverses: equal exactly where they are one word.
#
# Matrices A, B and their transposes are the letters of a free group, a symmetric matrix S is its
# own transpose: whether two products are equal for all of them is seen from their reduced words,
# without any algebra of entries.


GIVEN_OF_RANDOM_INVERSES = r"""
size n >= 1
matrix A, B in R^{n x n}, invertible
matrix S in R^{n x n}, symmetric, invertible
vector x in R^n
"""
COUNT = 60


@dataclass(frozen=True)
class Letter:
    """A matrix, turned over or not, and its inverse or not."""

    name: str
    turned: bool = False
    inverted: bool = False

    @property
    def plain(self) -> Letter:
        """The same written in one way."""
        return replace(self, turned=self.turned and self.name != "S")


Word = tuple[Letter, ...]


def inverse(word: Word) -> Word:
    return tuple(replace(each, inverted=not each.inverted) for each in reversed(word))


def transpose(word: Word) -> Word:
    return tuple(replace(each, turned=not each.turned) for each in reversed(word))


def reduced(word: Word) -> Word:
    """The word without letters beside their inverses."""
    found: list[Letter] = []
    for each in word:
        if found and found[-1].plain == inverse((each,))[0].plain:
            found.pop()
        else:
            found.append(each)
    return tuple(each.plain for each in found)


def written(word: Word, random: Random) -> str:
    """A word as LaTeX, some parts of it as the inverse or the transpose of another word."""
    if not word:
        return "I"
    way = random.random()
    if way < 0.15:
        return f"({written(inverse(word), random)})^{{-1}}"
    if way < 0.3:
        return f"({written(transpose(word), random)})^T"
    if len(word) > 1:
        cut = random.randrange(1, len(word))
        return f"{written(word[:cut], random)} {written(word[cut:], random)}"
    (only,) = word
    above = {(True, True): "^{-T}", (True, False): "^T", (False, True): "^{-1}"}
    return only.name + above.get((only.turned, only.inverted), "")


def drawn(random: Random, most: int) -> Word:
    return tuple(
        Letter(random.choice("AABS"), random.random() < 0.3, random.random() < 0.5)
        for _ in range(random.randrange(1, most))
    )


def pair(random: Random) -> tuple[Word, Word]:
    """A word, and one that is the same after cancelling, or has been changed."""
    word = drawn(random, 4)
    place = random.randrange(len(word) + 1)
    between = drawn(random, 2)
    other = (*word[:place], *between, *inverse(between), *word[place:])
    if random.random() < 0.5:
        place = random.randrange(len(other))
        changed = random.choice(
            (
                replace(other[place], inverted=not other[place].inverted),
                replace(other[place], turned=not other[place].turned),
                replace(other[place], name=random.choice("ABS")),
            )
        )
        other = (*other[:place], changed, *other[place + 1 :])
    return word, other


@pytest.mark.parametrize("seed", range(COUNT))
def test_products_with_inverses_are_equal_where_their_words_are(seed: int) -> None:
    random = Random(seed)
    left, right = pair(random)
    line = f"{written(left, random)} x = {written(right, random)} x"
    text = f"```given\n{GIVEN_OF_RANDOM_INVERSES}\n```\n\n$$ {line} $$\n"
    (read,) = derivation(text, "words").lines
    same = reduced(left) == reduced(right)
    assert judge(read.claim).verdict is (Verdict.PROVED if same else Verdict.REFUTED), line


def test_there_are_many_of_both_kinds() -> None:
    pairs = [pair(Random(seed)) for seed in range(COUNT)]
    same = sum(reduced(left) == reduced(right) for left, right in pairs)
    assert COUNT // 4 < same < 3 * COUNT // 4


# Traces and determinants: identities of them stand with false twins in `forms.md`.


GIVEN_OF_DETERMINANTS = r"""
size n, d >= 1
matrix A, B in R^{n x n}
matrix M, N in R^{n x n}, invertible
matrix P, Q in R^{n x n}, positive definite
matrix S in R^{n x n}, symmetric
matrix X, Y in R^{d x n}
vector x, \mu in R^n
scalar c > 0
scalar b
index i, j in 1..n
define L = M^{-1}
define \ell = -\frac{1}{2} \log |P| - \frac{1}{2} (x - \mu)^\top P^{-1} (x - \mu)
"""


def judged_of_determinants(line: str, given: str = GIVEN_OF_DETERMINANTS) -> Judgement:
    text = f"```given\n{given}\n```\n\n$$ {line} $$\n"
    (found,) = derivation(text, "determinants").lines
    return judge(found.claim)


def test_a_logarithm_is_split_only_where_each_determinant_is_known_to_be_above_zero() -> None:
    line = r"\log \det(M N) = \log \det(M) + \log \det(N)"
    assert judged_of_determinants(line).verdict is UNDECIDED
    assert judged_of_determinants(line.replace("M", "P").replace("N", "Q")).verdict is PROVED


@pytest.mark.parametrize(
    "line",
    [
        r"\nabla_P \log |P| = 2 P^{-1} - \operatorname{diag}(\operatorname{diag}(P^{-1}))",
        r"\nabla_S \operatorname{tr}(S B) = \frac{1}{2} (B + B^\top)",
        r"\frac{\partial}{\partial S_{ij}} x^\top S x = (2 - \mathbb{1}_{i = j}) x_i x_j",
    ],
)
def test_what_is_true_under_another_convention_for_symmetric_matrices_is_not_refuted(
    line: str,
) -> None:
    judgement = judged_of_determinants(line)
    assert judgement.verdict is UNDECIDED
    assert "varied together" in judgement.reason
    assert (
        judged_of_determinants(
            line,
            GIVEN_OF_DETERMINANTS.replace("positive definite", "invertible").replace(
                ", symmetric", ""
            ),
        ).verdict
        is REFUTED
    )


def test_a_determinant_is_shown_by_the_name_of_its_matrix() -> None:
    text = f"```given\n{GIVEN_OF_DETERMINANTS}\n```\n\n$$ \\det(A) = 1 $$\n"
    (line,) = derivation(text, "determinants").lines
    assert mathematics(line.claim.sides.left) == "det(A)"
    assert spelled(normal_form(line.claim.sides.left)) == ["det((A[i,w])_w,i)"]
