"""A seeded share of the mutants, and checks of the campaign itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.code_mutants import run as campaign
from tests.code_mutants.__main__ import main
from tests.code_mutants.drawn import all_edits, drawn
from tests.code_mutants.edit import Edit
from tests.code_mutants.layers import argument_checks, hypothesis, symbolic
from tests.code_mutants.numbers import differs
from tests.code_mutants.package import TEXTS, imported, spoilt, users
from tests.code_mutants.run import Fate, fate
from tests.code_mutants.tally import lines, passed

SHARE, SEED = 40, 1


def edit(file: str, old: str, new: str) -> Edit:
    """One edit, of a place that the file has."""
    text = TEXTS[file]
    assert old in text, "the code has changed: say the edit anew"
    start = len(text[: text.index(old)].encode())
    line = text[: text.index(old)].count("\n") + 1
    return Edit(file, line, "", "planted", start, start + len(old.encode()), new, old)


@pytest.mark.parametrize("part", range(4))
def test_running_on_symbols_sees_every_edit_that_changes_the_numbers(part: int) -> None:
    share = drawn(SHARE, SEED)[part::4]
    missed = []
    for one in share:
        texts = spoilt(one)
        if symbolic(one, texts) is None and differs(one, imported(texts)):
            missed.append(str(one))
    assert len(share) == SHARE // 4
    assert missed == []


def test_edits_are_of_all_files_and_kinds() -> None:
    every = list(all_edits())
    code = {name for name, text in TEXTS.items() if "def " in text}
    assert {one.file for one in every} == code
    assert len(every) > 3000
    assert len({one.kind for one in every}) > 15


def test_an_edit_changes_what_it_says_and_nothing_else() -> None:
    for one in drawn(60, 3):
        before, after = TEXTS[one.file].encode(), one.applied(TEXTS[one.file]).encode()
        assert before[one.start : one.end].decode() == one.old
        assert after[: one.start] == before[: one.start]
        assert after[one.start + len(one.new.encode()) :] == before[one.end :]


def test_the_same_seed_draws_the_same_edits() -> None:
    assert drawn(30, 5) == drawn(30, 5)
    assert drawn(30, 5) != drawn(30, 6)


def test_who_uses_a_file_is_run_with_it() -> None:
    assert users("glove.py") == {"glove"}
    assert {"_rows", "cbow", "spans"} <= users("_scatter.py")
    assert "contrastive" not in users("_scatter.py")


MATHEMATICS = ("glove.py", "grad_b = 2 * weighted", "grad_b = 3 * weighted")
NOT_FINITE = ("_products.py", "np.where(spoilt, np.nan, products)", "np.where(spoilt, 0, products)")
UNCHECKED = ("_arguments.py", "if not 0 <= index < below:", "if not index < below:")
HARMLESS = ("naive_softmax.py", "leader = scores.argmax()", "leader = scores.argmax() + 0")


def test_an_edit_of_the_mathematics_is_seen_on_symbols_and_by_properties() -> None:
    one = edit(*MATHEMATICS)
    texts = spoilt(one)
    assert "grad_b[0] is not what was proved" in str(symbolic(one, texts))
    assert hypothesis(one, imported(texts)) is not None


def test_what_is_not_finite_is_left_to_the_properties() -> None:
    one = edit(*NOT_FINITE)
    texts = spoilt(one)
    assert symbolic(one, texts) is None
    assert hypothesis(one, imported(texts)) == "nan_in_gives_nan_out"


def test_a_check_that_is_gone_is_seen_by_the_wrong_arguments() -> None:
    one = edit(*UNCHECKED)
    texts = spoilt(one)
    assert symbolic(one, texts) is None
    assert argument_checks(one, imported(texts)) is not None


def test_a_length_that_is_not_compared_is_seen_by_a_wrong_argument() -> None:
    old, new = "nodes=(nodes, (signs.shape[0],))", 'nodes=(nodes, ("L",))'
    one = edit("hierarchical_softmax.py", old, new)
    texts = spoilt(one)
    assert symbolic(one, texts) is None
    assert argument_checks(one, imported(texts)) is not None


def test_an_edit_that_symbols_do_not_see_and_numbers_do_is_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """A blind layer in place of the run on symbols: the command has to fail."""
    monkeypatch.setattr(campaign, "symbolic", lambda edit, texts: None)
    found = fate(edit(*MATHEMATICS))
    assert found.missed
    assert [found] == next(iter(passed([found], {}).values()))
    monkeypatch.setattr("tests.code_mutants.__main__.drawn", lambda count, seed: [found.edit])
    monkeypatch.setattr("tests.code_mutants.__main__.executed_lines", dict)
    monkeypatch.setattr("tests.code_mutants.__main__.false_alarm", lambda file: None)
    assert main(["--count", "1"]) == 1
    assert "MISSED" in capsys.readouterr().out


def test_a_survivor_is_listed_with_whether_its_line_runs_on_symbols() -> None:
    one = edit(*HARMLESS)
    found = Fate(one, None, None, None, None)
    run_on_symbols = "\n".join(lines([found], {one.file: {one.line}}))
    assert "equal in the reals at every size run: 1" in run_on_symbols
    assert str(one) in run_on_symbols
    assert "its line not run on symbols: 1" in "\n".join(lines([found], {}))


def test_a_layer_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "SECONDS", 0.2)

    def endless(edit: Edit, texts: Any) -> str:
        while True:
            pass

    monkeypatch.setattr(campaign, "symbolic", endless)
    assert "not done within" in str(fate(edit(*HARMLESS)).symbolic)


@pytest.mark.parametrize("arguments", [["--count", "0"], ["--seeds", "1"]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert "usage: python -m tests.code_mutants" in capsys.readouterr().err
