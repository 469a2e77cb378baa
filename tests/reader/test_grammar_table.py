"""The table of the grammar is kept between runs: whatever is in its file, the reading is right."""

from pathlib import Path

import pytest
from lark import Lark

from derivations.reader import parser, syntax
from derivations.reader.parser import formula
from derivations.reader.source import Source

ANEW = parser._parser.__wrapped__
FORMULA = r"\frac{1}{2} \sum_i (x_i - \mu)^2"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the table is kept in this test; nothing is there yet."""
    file = tmp_path / "grammar.lark"
    monkeypatch.setattr(parser, "_table", lambda: str(file))
    return file


def _read_anew(monkeypatch: pytest.MonkeyPatch) -> syntax.Node:
    monkeypatch.setattr(parser, "_parser", ANEW)
    return formula(Source(FORMULA).whole)


def test_a_kept_table_reads_what_a_new_one_reads(
    monkeypatch: pytest.MonkeyPatch, kept: Path
) -> None:
    new = _read_anew(monkeypatch)
    before = kept.read_bytes()
    made: list[object] = []
    monkeypatch.setattr(Lark, "_build_parser", lambda *_: made.append(None))
    assert _read_anew(monkeypatch) == new
    assert kept.read_bytes() == before
    assert not made


@pytest.mark.parametrize("content", [b"", b"nonsense", bytes(range(256)) * 20])
def test_a_file_that_is_no_table_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, kept: Path, content: bytes
) -> None:
    new = _read_anew(monkeypatch)
    kept.write_bytes(content)
    assert _read_anew(monkeypatch) == new
    assert kept.read_bytes() != content


def test_the_table_of_another_grammar_is_not_used(
    monkeypatch: pytest.MonkeyPatch, kept: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.lark"
    other.write_text('start: "a"\n')
    monkeypatch.setattr(parser, "GRAMMAR", other)
    ANEW()
    monkeypatch.undo()
    monkeypatch.setattr(parser, "_table", lambda: str(kept))
    assert isinstance(_read_anew(monkeypatch), syntax.Node)


def test_nothing_is_kept_where_no_compiled_module_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert parser._table() is False
