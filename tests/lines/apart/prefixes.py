"""Products and sums of logarithms up to an index, of numbers above zero; each with a slip or none.

A monomial in prefix products and entries is written in two ways; its exponents at each place say
whether the two are equal, at all sizes up to four and all members.
"""

from __future__ import annotations

from random import Random

from tests.lines.apart.case import Case

GIVEN = r"""
size T >= 2
index t, s in 1..T
vector a in R^T, a_t > 0
vector b in (0, 1)^T
define A_t = \prod_{s=1}^t a_s
"""
PIECES: tuple[tuple[str, str, int, int], ...] = (  # text, array, first, last place beside t
    ("A_t", "a", -9, 0),
    ("A_{t-1}", "a", -9, -1),
    ("a_t", "a", 0, 0),
    ("b_t", "b", 0, 0),
    (r"\left(\prod_{s=1}^t b_s\right)", "b", -9, 0),
    (r"\left(\prod_{s=1}^{t-1} b_s\right)", "b", -9, -1),
    (r"\left(\prod_{s=t}^T a_s\right)", "a", 0, 9),
    (r"\left(\prod_{s=t+1}^T a_s\right)", "a", 1, 9),
)
SAME = (  # a piece, and the two that it is the product of
    (0, (1, 2)),
    (4, (5, 3)),
    (6, (2, 7)),
)
Exponents = dict[tuple[str, int], int]


def _exponents(pieces: list[int], last: int, at: int) -> Exponents:
    """How often each entry is a factor, where the index is ``at`` of ``last``."""
    found: Exponents = {}
    for number in pieces:
        _, array, low, high = PIECES[number]
        for place in range(max(1, at + low), min(last, at + high) + 1):
            found[array, place] = found.get((array, place), 0) + 1
    return found


def _written(pieces: list[int], *, logarithms: bool) -> str:
    texts = [PIECES[number][0] for number in pieces]
    if logarithms:
        return " + ".join(rf"\log {each}" for each in texts) or "0"
    return " ".join(texts) or "1"


def case(seed: str) -> Case:
    """A product of such pieces in two ways."""
    random = Random(seed)
    left = [random.randrange(len(PIECES)) for _ in range(random.choice((1, 2)))]
    right: list[int] = []
    for number in left:
        parts = dict(SAME).get(number)
        right += [number] if parts is None else [*parts]
    random.shuffle(right)
    if random.random() < 0.5:
        right[random.randrange(len(right))] = random.randrange(len(PIECES))
    logarithms = random.random() < 0.3
    sides = (_written(each, logarithms=logarithms) for each in (left, right))
    true = all(
        _exponents(left, last, at) == _exponents(right, last, at)
        for last in range(2, 5)
        for at in range(1, last + 1)
    )
    return Case("logarithms" if logarithms else "products", GIVEN, " = ".join(sides), true)
