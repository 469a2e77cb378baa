"""A watched file is judged again where it changed; what is read again, and the key of a claim."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from derivations.reader.derivation import (
    Readings,
    UnreadableFile,
    declarations_of,
    derivation,
    reading,
)
from derivations.reader.equation import Line, NotRead
from derivations.reader.source import Given, Siblings
from derivations.report.judging import (
    NOTHING_MOVED,
    READ_ANEW,
    Keys,
    Look,
    Unkeyed,
    Watched,
    key_of,
)
from derivations.watch import main

# What is judged once is not judged again, and what has moved is told.


TEXT = """\
```given
scalar a, b
```
$$(a + b)^2 = a^2 + 2 a b + b^2$$

$$a - b = b - a$$

$$a + a = 2 a$$
"""
MENDED = TEXT.replace("a - b = b - a", "a - b = - (b - a)")


class Saved:
    """A file that is saved and looked at."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.watched = Watched(str(path))

    def look(self, text: str) -> Look:
        self.path.write_text(text, encoding="utf-8")
        found = self.watched.look()
        self.watched.remember(found)
        return found


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    return Saved(tmp_path / "own.md")


def test_only_what_is_changed_is_judged(saved: Saved) -> None:
    assert len(saved.look(TEXT).found) == 3
    assert len(saved.look(MENDED).found) == 1
    assert len(saved.look(TEXT).found) == 0


def test_a_line_that_moves_up_or_down_is_not_judged_again_and_has_not_moved(saved: Saved) -> None:
    saved.look(TEXT)
    found = saved.look(TEXT.replace("$$a - b", "Words.\n\n$$b + b = 2 b$$\n\n$$a - b"))
    assert len(found.found) == found.moved == 1
    assert "✓ line.2  b + b = 2 b  new, proved" in found.page
    found = saved.look(TEXT)
    assert len(found.found) == 0
    assert found.moved == 1
    assert "- line.2  b + b = 2 b  gone" in found.page


def test_a_changed_declaration_has_what_depends_on_it_judged(saved: Saved) -> None:
    saved.look(TEXT)
    assert len(saved.look(TEXT.replace("scalar a, b", "scalar a, b > 0")).found) == 3


def test_what_is_newly_proved_and_newly_wrong_is_told(saved: Saved) -> None:
    first = saved.look(TEXT)
    assert "start with line.2" in first.page
    assert first.code == 1
    mended = saved.look(MENDED)
    assert "✓ line.2  a - b = - (b - a)  newly proved" in mended.page
    assert mended.code == 0
    spoilt = saved.look(MENDED.replace("= 2 a$$", "= 3 a$$"))
    assert "✗ line.3  newly wrong: refuted" in spoilt.page
    assert "the sides differ by −a" in spoilt.page
    assert "line.1" not in spoilt.page


def test_a_line_that_is_wrong_otherwise_is_told_once_more(saved: Saved) -> None:
    saved.look(TEXT)
    found = saved.look(TEXT.replace("b - a$$", "b - 2 a$$"))
    assert "✗ line.2  still refuted" in found.page
    assert NOTHING_MOVED in saved.look(TEXT.replace("b - a$$", "b - 2 a $$")).page


def test_what_cannot_be_read_costs_its_line(saved: Saved) -> None:
    saved.look(TEXT)
    found = saved.look(TEXT.replace("$$a + a = 2 a$$", "$$a + a = 2 q$$"))
    assert "✗ line.3  newly wrong: not read" in found.page
    assert "at 'q': nothing has this name" in found.page
    assert saved.look(TEXT).moved == 1


def test_a_file_that_is_no_derivation_for_a_while_is_one_again(saved: Saved) -> None:
    saved.look(TEXT)
    found = saved.look("")
    assert (found.code, found.page) == (2, "")
    assert "there is no line to judge" in found.complaints[0]
    assert len(saved.look(TEXT).found) == 0


def test_a_file_that_declares_nothing_gets_declarations_proposed(saved: Saved) -> None:
    found = saved.look("$$x^T y = y^T x$$\n")
    assert "declares nothing" in found.complaints[0]
    assert "vector x" in found.page
    assert len(saved.look(f"```given\n{declared(found.page)}\n```\n$$x^T y = y^T x$$").found) == 1


def declared(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if not line.startswith("```"))


def test_a_file_read_as_a_whole_has_the_same_verdicts_or_the_difference_is_told(
    saved: Saved,
) -> None:
    saved.look(TEXT)
    assert saved.watched.sure
    saved.look(MENDED)
    assert not saved.watched.sure
    assert saved.watched.look_anew() is None
    assert saved.watched.sure
    assert saved.watched.lines is not None
    saved.watched.lines = saved.watched.lines[:2]  # as if it had been read wrongly
    found = saved.watched.look_anew()
    assert found is not None
    assert found.page.startswith(READ_ANEW)
    assert "new, proved" in found.page
    assert saved.watched.look_anew() is None


def test_what_was_judged_is_judged_once_more_where_nobody_waits_and_moves_nothing(
    saved: Saved,
) -> None:
    saved.look(TEXT)
    assert [saved.watched.warm() for _ in range(4)] == [True, True, True, False]
    assert saved.look(TEXT).moved == 0
    assert not saved.watched.warm()
    assert len(saved.look(MENDED).found) == 1
    assert [saved.watched.warm(), saved.watched.warm()] == [True, False]


def test_a_key_that_said_too_little_would_be_seen(
    saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("derivations.report.judging.key_of", lambda claim: claim.id)
    saved.look(TEXT)
    assert len(saved.look(MENDED).found) == 0


# The command that watches: it says what it lacks, and tells of a save, a new file, one gone.


ROOT = Path(__file__).parents[2]
TEXT_OF_COMMAND = "```given\nscalar a, b\n```\n$$a + b = b + a$$\n"
PATIENCE = 60.0


def test_without_the_library_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert main(["own.md"]) == 2
    said = "watch needs watchfiles, which is not installed: pip install watchfiles"
    assert capsys.readouterr().err == f"derivations watch: {said}\n"
    monkeypatch.setattr(sys, "prefix", "/home/me/pipx/venvs/proved-kernels")
    assert main(["own.md"]) == 2
    assert "pipx inject proved-kernels watchfiles" in capsys.readouterr().err


def test_a_file_that_is_none_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("watchfiles")
    assert main([str(tmp_path / "none.md")]) == 2
    assert "none.md: no such file" in capsys.readouterr().err
    assert main(["-"]) == 2


def _can_be_interrupted() -> None:
    """Where tests run in the background, what they start would ignore this signal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Watching:
    """The command at work on a folder."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "derivations.watch", str(folder)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=_can_be_interrupted,
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.told = ""

    def until(self, words: str) -> str:
        """All that is said until it says this; each thing is heard once."""
        assert self.process.stdout is not None
        late = time.monotonic() + PATIENCE
        while words not in self.told and time.monotonic() < late:
            self.told += (self.process.stdout.read() or b"").decode()
            time.sleep(0.01)
        assert words in self.told, self.told
        heard, self.told = self.told, ""
        return heard

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    pytest.importorskip("watchfiles")
    (tmp_path / "own.md").write_text(TEXT_OF_COMMAND, encoding="utf-8")
    found = Watching(tmp_path)
    yield found
    found.process.kill()
    found.process.wait()


def test_a_save_a_new_file_and_one_that_is_gone_are_told(
    watching: Watching, tmp_path: Path
) -> None:
    assert "own.md: 1 step · 1 proved" in watching.until("watching 1 file")
    own, other = tmp_path / "own.md", tmp_path / "other.md"
    own.write_text(TEXT_OF_COMMAND.replace("= b + a", "= b - a"), encoding="utf-8")
    watching.until("✗ line.1  newly wrong: refuted")
    other.write_text(TEXT_OF_COMMAND, encoding="utf-8")
    watching.until("other.md: 1 step · 1 proved")
    other.unlink()
    watching.until("other.md is gone")
    swapped = tmp_path / "swapped"  # as editors save
    swapped.write_text(TEXT_OF_COMMAND, encoding="utf-8")
    swapped.replace(own)
    watching.until("✓ line.1  a + b = b + a  newly proved")
    assert watching.end() == 0


# A changed file that is read piece by piece is read as if nothing of it had been read before.


READINGS_TEXT = r"""Some words, with $m = 2 b$ among them.

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
    rows = READINGS_TEXT.split("\n")
    for at, row in enumerate(rows):
        if not row.strip():
            continue
        yield "\n".join([*rows[:at], *rows[at + 1 :]])
        if "$$" in row:
            yield "\n".join([*rows[:at], row.replace(" = ", " = 2 + ", 1), *rows[at + 1 :]])
            yield "\n".join([*rows[:at], row, row, *rows[at + 1 :]])
        yield READINGS_TEXT


@pytest.mark.parametrize("every", [13, pytest.param(1, marks=pytest.mark.slow)])
def test_every_edit_is_read_as_the_text_is_by_itself(every: int) -> None:
    readings = Readings()
    known = {READINGS_TEXT: read(READINGS_TEXT)}
    tried = list(edits())[::every]
    for text in tried:
        known[text] = known.get(text) or read(text)
        assert read(text, readings) == known[text], text
    assert len(tried) * every > 60
    assert len(set(map(str, known.values()))) == len(known)


def test_what_is_unchanged_is_the_same_object() -> None:
    readings = Readings()
    before = reading(READINGS_TEXT, "f.md", readings=readings).entries
    changed = READINGS_TEXT.replace(r"x^T y = y^T x", r"2 x^T y = y^T x")
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
    read(READINGS_TEXT, readings)
    declared = declarations_of(f"```given\n{given}\n```\n", "g.md", Siblings())
    assert (
        read(READINGS_TEXT, readings, declared)
        == read(READINGS_TEXT, None, declared)
        != read(READINGS_TEXT)
    )
    assert read(READINGS_TEXT, readings) == read(READINGS_TEXT)


def test_a_key_without_the_place_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derivations.reader.derivation.key_of_span", lambda span: span.text)
    readings = Readings()
    texts = [READINGS_TEXT, f"\n{READINGS_TEXT}"]
    assert [read(text, readings) for text in texts] != [read(text) for text in texts]


def test_a_key_without_what_is_known_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derivations.reader.declare.block.Known.__eq__", lambda *_: True)
    readings = Readings()
    texts = [READINGS_TEXT, READINGS_TEXT.replace("size n >= 2", "size n >= 1")]
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
    monkeypatch.setattr("derivations.reader.derivation.SIDES", {})
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


def test_a_key_depends_on_neither_place_nor_spelling() -> None:
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
        key_of(replace(line.claim, conditions=(object(),)))  # type: ignore[arg-type]
