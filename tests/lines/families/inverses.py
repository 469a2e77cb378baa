"""Identities of matrices declared invertible or positive definite, each with a slip or none.

What a line says is worked out with exact matrices of a few sizes, by elimination.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from tests.lines.draw import Text

GIVEN = r"""
size n, d >= 1
matrix A, B in R^{n x n}, invertible
matrix S in R^{n x n}, positive definite
matrix X in R^{n x d}
matrix Y in R^{d x n}
vector x, y in R^n
vector z in R^d
scalar \lambda > 0
"""
SHAPES = {
    "A": ("n", "n"),
    "B": ("n", "n"),
    "S": ("n", "n"),
    "X": ("n", "d"),
    "Y": ("d", "n"),
    "x": ("n", "1"),
    "y": ("n", "1"),
    "z": ("d", "1"),
}
SIZES = ({"n": 1, "d": 1, "1": 1}, {"n": 2, "d": 1, "1": 1}, {"n": 2, "d": 3, "1": 1})
Grid = tuple[tuple[Fraction, ...], ...]
Numbers = Mapping[str, Grid]


class Singular(Exception):
    """A matrix without an inverse."""


def product(left: Grid, right: Grid) -> Grid:
    columns = list(zip(*right, strict=True))
    return tuple(
        tuple(sum((p * q for p, q in zip(row, c, strict=True)), Fraction(0)) for c in columns)
        for row in left
    )


def unit(size: int) -> Grid:
    return tuple(tuple(Fraction(int(i == j)) for j in range(size)) for i in range(size))


def plus(one: Grid, other: Grid, sign: int = 1) -> Grid:
    rows = zip(one, other, strict=True)
    return tuple(tuple(p + sign * q for p, q in zip(r, s, strict=True)) for r, s in rows)


def inverse(of: Grid) -> Grid:
    size = len(of)
    rows = [[*row, *one] for row, one in zip(of, unit(size), strict=True)]
    for at in range(size):
        pivot = next((r for r in range(at, size) if rows[r][at]), None)
        if pivot is None:
            raise Singular
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [each / rows[at][at] for each in rows[at]]
        for r in range(size):
            if r != at:
                rows[r] = [p - rows[r][at] * q for p, q in zip(rows[r], rows[at], strict=True)]
    return tuple(tuple(row[size:]) for row in rows)


@dataclass(frozen=True)
class Term:
    """A matrix: a letter, I, a number times I, or made of others."""

    op: str
    parts: tuple[Term, ...] = ()
    name: str = ""

    @property
    def shape(self) -> tuple[str, str]:
        match self.op:
            case "letter":
                return SHAPES[self.name]
            case "unit" | "scaled":
                return (self.name, self.name)
            case "turned":
                return self.parts[0].shape[::-1]
            case "product":
                return (self.parts[0].shape[0], self.parts[1].shape[1])
        return self.parts[0].shape

    @property
    def text(self) -> str:
        texts = [each.text for each in self.parts]
        match self.op:
            case "letter":
                return self.name
            case "unit":
                return "I"
            case "scaled":
                return r"\lambda I"
            case "product":
                return " ".join(f"({t})" if _is_sum(p) else t for p, t in _zip(self.parts, texts))
            case "plus" | "minus":
                sign = "+" if self.op == "plus" else "-"
                second = f"({texts[1]})" if _is_sum(self.parts[1]) else texts[1]
                return f"{texts[0]} {sign} {second}"
        above = "^{-1}" if self.op == "inverse" else "^T"
        return f"{texts[0]}{above}" if self.parts[0].op == "letter" else f"({texts[0]}){above}"

    def at(self, numbers: Numbers, sizes: Mapping[str, int]) -> Grid:
        parts = [each.at(numbers, sizes) for each in self.parts]
        match self.op:
            case "letter":
                return numbers[self.name]
            case "unit":
                return unit(sizes[self.name])
            case "scaled":
                by = numbers["lambda"][0][0]
                return tuple(tuple(by * q for q in row) for row in unit(sizes[self.name]))
            case "turned":
                return tuple(zip(*parts[0], strict=True))
            case "inverse":
                return inverse(parts[0])
            case "product":
                return product(*parts)
        return plus(parts[0], parts[1], 1 if self.op == "plus" else -1)


def _zip(parts: tuple[Term, ...], texts: list[str]) -> Iterator[tuple[Term, str]]:
    return zip(parts, texts, strict=True)


def _is_sum(term: Term) -> bool:
    return term.op in ("plus", "minus")


def letter(name: str) -> Term:
    return Term("letter", name=name)


def turned(of: Term) -> Term:
    return Term("turned", (of,))


def over(of: Term) -> Term:
    return Term("inverse", (of,))


def times(*parts: Term) -> Term:
    found = parts[0]
    for each in parts[1:]:
        found = Term("product", (found, each))
    return found


def add(one: Term, other: Term) -> Term:
    return Term("plus", (one, other))


def less(one: Term, other: Term) -> Term:
    return Term("minus", (one, other))


def _square(random: Random) -> Term:
    return letter(random.choice("AABS"))


def _pair(random: Random) -> tuple[Term, Term]:
    """Two matrices whose products have both orders."""
    x, y = letter("X"), letter("Y")
    return random.choice(((x, y), (y, x), (turned(x), x), (x, turned(x)), (turned(x), turned(y))))


def _equal(random: Random) -> tuple[str, Term, Term]:
    a, b = _square(random), _square(random)
    one = Term("unit", name="n")
    match random.randrange(7):
        case 0:
            p, q = _pair(random)
            small, large = q.shape[0], p.shape[0]
            kind = random.choice(("scaled", "scaled", "unit"))
            left = times(over(add(times(p, q), Term(kind, name=large))), p)
            right = times(p, over(add(times(q, p), Term(kind, name=small))))
            return "push through", left, right
        case 1:
            return "parallel sum", over(add(over(a), over(b))), times(a, over(add(a, b)), b)
        case 2:
            return "difference", less(over(a), over(b)), times(over(a), less(b, a), over(b))
        case 3:
            p, q = letter("X"), letter("Y")
            middle = over(add(Term("unit", name="d"), times(q, over(a), p)))
            right = less(over(a), times(over(a), p, middle, q, over(a)))
            return "Woodbury", over(add(a, times(p, q))), right
        case 4:
            return "split", times(over(add(a, b)), a), less(one, times(over(add(a, b)), b))
        case 5:
            return "commutes", times(a, over(add(one, a))), times(over(add(one, a)), a)
    return "product", over(times(a, b)), times(over(b), over(a))


def _slipped(term: Term, random: Random) -> Term:
    """The term with a mistake, which may make no difference."""
    if term.parts and random.random() < 0.75:
        at = random.randrange(len(term.parts))
        new = _slipped(term.parts[at], random)
        if new.shape == term.parts[at].shape:
            return replace(term, parts=(*term.parts[:at], new, *term.parts[at + 1 :]))
    match term.op:
        case "letter" if term.shape == ("n", "n"):
            return random.choice((letter(random.choice("ABS")), turned(term), over(term)))
        case "plus" | "minus":
            return replace(term, op="minus" if term.op == "plus" else "plus")
        case "scaled":
            return replace(term, op="unit")
        case "inverse" if term.shape == ("n", "n"):
            return term.parts[0]
        case "product" if term.parts[0].shape == term.parts[1].shape:
            return replace(term, parts=term.parts[::-1])
    return term


def _applied(left: Term, right: Term, random: Random) -> tuple[Term, Term]:
    """Both sides times a vector, or between two."""
    rows, columns = left.shape
    if random.random() < 0.5:
        return left, right
    last = letter("z" if columns == "d" else random.choice("xy"))
    left, right = times(left, last), times(right, last)
    if random.random() < 0.3:
        first = turned(letter("z" if rows == "d" else random.choice("xy")))
        return times(first, left), times(first, right)
    return left, right


def _drawn(sizes: Mapping[str, int], random: Random) -> Numbers:
    def grid(rows: int, columns: int) -> Grid:
        return tuple(
            tuple(Fraction(random.randint(-5, 5)) for _ in range(columns)) for _ in range(rows)
        )

    found = {name: grid(sizes[r], sizes[c]) for name, (r, c) in SHAPES.items()}
    root = found["S"]
    found["S"] = plus(product(tuple(zip(*root, strict=True)), root), unit(sizes["n"]))
    found["lambda"] = ((Fraction(random.randint(1, 5)),),)
    return found


def _is_true(left: Term, right: Term, random: Random) -> bool | None:
    """Whether both are equal wherever both have values; None where they have none."""
    seen = False
    for sizes in SIZES * 3:
        numbers = _drawn(sizes, random)
        try:
            inverse(numbers["A"])
            inverse(numbers["B"])
            pair = left.at(numbers, sizes), right.at(numbers, sizes)
        except Singular:
            continue
        if pair[0] != pair[1]:
            return False
        seen = True
    return True if seen else None


def inverse_case(seed: str) -> Text:
    """A line about inverses, true or with a slip."""
    random = Random(seed)
    while True:
        kind, left, right = _equal(random)
        if random.random() < 0.5:
            right = _slipped(right, random)
        left, right = _applied(left, right, random)
        if random.random() < 0.3:
            left, right = right, left
        true = _is_true(left, right, random)
        if left.shape == right.shape and left != right and true is not None:
            return Text(kind, GIVEN, f"{left.text} = {right.text}", true)
