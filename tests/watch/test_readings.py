"""What is read again, and the key of a claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from derivations.reader.chain import Readings
from derivations.reader.derivation import UnreadableFile, declarations_of, derivation, reading
from derivations.reader.line import Line, NotRead
from derivations.reader.segmentation import Given
from derivations.reader.source import Siblings
from derivations.report.watching import Keys, Unkeyed, key_of

# A changed file that is read piece by piece is read as if nothing of it had been read before.


TEXT = r"""Some words, with $m = 2 b$ among them.

```given
size n >= 2
index i, j in 1..n
vector x, y in R^n
scalar a, b
scalar \lambda > 0
define J(a) = \frac{1}{2} \sum_i (a x_i - y_i)^2
```

## (a) The slope

$$\frac{\partial}{\partial a} J(a) = \sum_i (a x_i - y_i) x_i = a x^T x - x^T y$$

- a.2 proved

Let $a = 2 b$. Then

$$a x_i = 2 b x_i$$

```given
scalar a > 0
```

$$\log a^2 = 2 \log a$$

$$p_i = \frac{x_i}{\lambda}$$

$$\lambda p_i = x_i$$

- line.9 proved

## (b) What is wrong

$$\lambda p_i = x_i$$

$$x^T y = y^T x = \sum_i x_i y_j$$

- b.3 refuted, should be $\sum_i x_i y_i$

### (i) Below it

$$c = a$$

$$\lambda a \mathbf{1}^T x = \sum_j \lambda a x_j$$
"""


def read(text: str, readings: Readings | None = None, given: Given | None = None) -> list[str]:
    """Everything that is told of what was read, line by line."""
    try:
        found = reading(text, "f.md", readings=readings, given=given)
    except UnreadableFile as error:
        return [str(error)]
    told = [f"{each} {each.advice}" for each in found.problems]
    return [*told, *map(str, found.elsewhere), *map(spelled, found.entries)]


def spelled(line: Line | NotRead) -> str:
    claims = [f"{each.id} {each.place} {each.title} {key_of(each)}" for each in line.claims]
    said = (line.id, line.place, line.latex, line.notes, line.doubt, line.doubt_from_start)
    more = (line.words, line.defines, line.again, line.expected, line.ends_chain)
    problem = line.problem if isinstance(line, NotRead) else None
    return f"{said} {more} {claims} {problem}"


def edits() -> Iterator[str]:
    """One line taken out, said twice, or with a letter or a number more; and back."""
    rows = TEXT.split("\n")
    for at, row in enumerate(rows):
        if not row.strip():
            continue
        yield "\n".join([*rows[:at], *rows[at + 1 :]])
        if "$$" in row:
            yield "\n".join([*rows[:at], row.replace(" = ", " = 2 + ", 1), *rows[at + 1 :]])
            yield "\n".join([*rows[:at], row, row, *rows[at + 1 :]])
        yield TEXT


@pytest.mark.parametrize("every", [13, pytest.param(1, marks=pytest.mark.slow)])
def test_every_edit_is_read_as_the_text_is_by_itself(every: int) -> None:
    readings = Readings()
    known = {TEXT: read(TEXT)}
    tried = list(edits())[::every]
    for text in tried:
        known[text] = known.get(text) or read(text)
        assert read(text, readings) == known[text], text
    assert len(tried) * every > 60
    assert len(set(map(str, known.values()))) == len(known)


def test_what_is_unchanged_is_the_same_object() -> None:
    readings = Readings()
    before = reading(TEXT, "f.md", readings=readings).entries
    changed = TEXT.replace(r"x^T y = y^T x", r"2 x^T y = y^T x")
    after = reading(changed, "f.md", readings=readings).entries
    kept = [
        one.id
        for one, other in zip(before, after, strict=True)
        if isinstance(one, Line) and isinstance(other, Line) and one.equality is other.equality
    ]
    read_again = {line.id for line in before if isinstance(line, Line)} - {*kept}
    assert read_again == {"b.2", "b.3"}


@pytest.mark.parametrize("given", ["scalar a, b > 0", "vector a in R^n", "size n >= 3"])
def test_declarations_from_elsewhere_are_part_of_what_is_known(given: str) -> None:
    readings = Readings()
    read(TEXT, readings)
    declared = declarations_of(f"```given\n{given}\n```\n", "g.md", Siblings())
    assert read(TEXT, readings, declared) == read(TEXT, None, declared) != read(TEXT)
    assert read(TEXT, readings) == read(TEXT)


def test_a_key_without_the_place_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derivations.reader.chain.key_of_span", lambda span: span.text)
    readings = Readings()
    texts = [TEXT, f"\n{TEXT}"]
    assert [read(text, readings) for text in texts] != [read(text) for text in texts]


def test_a_key_without_what_is_known_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derivations.reader.declare.block.Known.__eq__", lambda *_: True)
    readings = Readings()
    texts = [TEXT, TEXT.replace("size n >= 2", "size n >= 1")]
    assert [read(text, readings) for text in texts] != [read(text) for text in texts]


SIDES = r"""```given
scalar a, b
```

$$a + b = b + a$$

$$q = a b$$

$$\mathrm{LHS} = a + b$$

$$a - b = -(b - a)$$
"""
OTHER = SIDES.replace("a + b = b + a", "2 a + b = b + 2 a")


def test_what_speaks_of_the_sides_of_another_display_is_read_with_it_and_nothing_else_is() -> None:
    readings = Readings()
    before = reading(SIDES, "f.md", readings=readings).entries
    after = reading(OTHER, "f.md", readings=readings).entries
    kept = [
        one.equality is other.equality
        for one, other in zip(before, after, strict=True)
        if isinstance(one, Line) and isinstance(other, Line)
    ]
    assert kept == [False, True, False, True]
    assert list(map(spelled, after)) == list(map(spelled, reading(OTHER, "f.md").entries))


def test_a_key_without_the_sides_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derivations.reader.chain.SIDES", {})
    readings = Readings()
    texts = [SIDES, OTHER]
    assert [read(text, readings) for text in texts] != [read(text) for text in texts]


# Two claims have one key exactly where they say the same: names, shapes, conditions.


DECLARED = """\
```given
size n >= 1
index i in 1..n
vector x, y in R^n
scalar a, b
define J(a) = a^2 x^T y
```
"""


def key(line: str, declared: str = DECLARED) -> str:
    (found,) = derivation(f"{declared}\n$$\n{line}\n$$\n", "f.md").lines
    return key_of(found.claim)


FORMULA = r"\frac{\partial}{\partial a} J(a) = 2 a \sum_i x_i y_i"


def test_what_is_read_a_second_time_has_the_same_key() -> None:
    assert key(FORMULA) == key(FORMULA)


def test_where_it_stands_and_how_it_is_spelled_do_not_matter() -> None:
    assert key(FORMULA) == key(
        "\n" + FORMULA.replace(r"\frac{\partial}{\partial a}", "   \\partial_a")
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a + b = b", "b + a = b"),
        ("a = b", "b = a"),
        ("2 a = b", "3 a = b"),
        ("x^T x = y^T y", "x^T x = x^T y"),
        (r"\sum_i x_i = a", r"\sum_i y_i = a"),
        (r"\exp a = b", r"\log a = b"),
    ],
)
def test_another_claim_has_another_key(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("scalar a, b", "scalar a, b > 0"),
        ("size n >= 1", "size n >= 2"),
        ("a^2 x^T y", "a^3 x^T y"),
        ("vector x, y in R^n", "vector x in R^n\nvector y in {0, 1}^n"),
    ],
)
def test_a_declaration_that_it_depends_on_belongs_to_the_key(before: str, after: str) -> None:
    assert before in DECLARED
    assert key(FORMULA, DECLARED.replace(before, after)) != key(FORMULA)


def test_a_key_is_kept_with_its_claim_until_it_is_forgotten() -> None:
    lines = derivation(f"{DECLARED}\n$$ a = b = a $$\n", "f.md").lines
    keys = Keys()
    assert [keys(line.claim) for line in lines] == [key_of(line.claim) for line in lines]
    keys.keep((lines[0].claim,))
    assert len(keys.known) == 1


def test_what_nobody_knows_is_an_error() -> None:
    (line,) = derivation(f"{DECLARED}\n$$ a = b $$\n", "f.md").lines
    with pytest.raises(Unkeyed):
        key_of(replace(line.claim, conditions=(object(),)))
