"""Random products of matrices and their inverses: equal exactly where they are one word.

Matrices A, B and their transposes are the letters of a free group, a symmetric matrix S is its own
transpose: whether two products are equal for all of them is seen from their reduced words, without
any algebra of entries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation

GIVEN = r"""
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
    text = f"```given\n{GIVEN}\n```\n\n$$ {line} $$\n"
    (read,) = derivation(text, "words").lines
    same = reduced(left) == reduced(right)
    assert judge(read.claim).verdict is (Verdict.PROVED if same else Verdict.REFUTED), line


def test_there_are_many_of_both_kinds() -> None:
    pairs = [pair(Random(seed)) for seed in range(COUNT)]
    same = sum(reduced(left) == reduced(right) for left, right in pairs)
    assert COUNT // 4 < same < 3 * COUNT // 4
