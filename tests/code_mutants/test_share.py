"""A seeded share of the mutants, and checks of the campaign itself."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.code_mutants import run as campaign
from tests.code_mutants.mutation_operators import (
    TEXTS,
    Edit,
    Sites,
    all_edits,
    drawn,
    spoilt,
    users,
)
from tests.code_mutants.run import (
    Fate,
    Key,
    Look,
    argument_checks,
    differs,
    fate,
    hypothesis,
    judged,
    key_of,
    limited,
    looked_at,
    main,
    run,
    symbolic,
)
from tests.planting import package_of

FEW, SHARE, SEED, PARTS = 8, 24, 0, 4
# what all kernels use is run with all of them, which takes long where nothing is found
# loops and the text for JAX have planted mistakes of their own
NUMPY = [file for file in TEXTS if "/" not in file or file.startswith("_runtime/")]
OF_ONE = [file for file in NUMPY if not file.startswith("_")]


def edit(file: str, old: str, new: str) -> Edit:
    """One edit, of a place that the file has."""
    text = TEXTS[file]
    assert old in text, "the code has changed: say the edit anew"
    start = len(text[: text.index(old)].encode())
    line = text[: text.index(old)].count("\n") + 1
    return Edit(file, line, "", "planted", start, start + len(old.encode()), new, old)


@pytest.mark.slow
def test_running_on_symbols_sees_edits_of_single_kernels() -> None:
    assert_seen_or_explained(drawn(FEW, SEED, OF_ONE), FEW)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_running_on_symbols_sees_every_edit_but_those_that_are_explained(part: int) -> None:
    assert_seen_or_explained(drawn(SHARE, SEED, NUMPY)[part::PARTS], SHARE // PARTS)


def assert_seen_or_explained(edits: list[Edit], count: int) -> None:
    found = judged([quickly(one) for one in edits], looked_at(), [])
    assert len(edits) == count
    assert [str(one.edit) for one in (*found.missed, *found.unlisted)] == []
    assert found.contradicted == []


def quickly(one: Edit) -> Fate:
    """What symbols say; of what they pass, ordinary numbers and wrong arguments as well.

    What comes to no end is seen.
    """
    texts = spoilt(one)
    if (seen := limited(lambda: symbolic(one, texts))) is not None:
        return Fate(one, seen)
    package = package_of(texts)
    numbers = limited(lambda: differs(one, package))
    return Fate(one, None, numbers, None, limited(lambda: argument_checks(one, package)))


def test_edits_are_of_all_files_and_kinds() -> None:
    every = all_edits()
    code = {name for name, text in TEXTS.items() if "def " in text or "\nif " in text}
    assert {one.file for one in every} == code
    assert len(every) > 3000
    assert len({one.kind for one in every}) > 15


def test_an_edit_changes_what_it_says_and_nothing_else_and_leaves_a_file_of_python() -> None:
    for one in drawn(20, 3):
        text, changed = TEXTS[one.file], one.applied(TEXTS[one.file])
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(text)), str(one)
        before, after = text.encode(), changed.encode()
        assert before[one.start : one.end].decode() == one.old
        assert after[: one.start] == before[: one.start]
        assert after[one.start + len(one.new.encode()) :] == before[one.end :]


def test_texts_for_people_are_left_alone() -> None:
    """Docstrings, comments, messages of errors and annotations."""
    text = """def f(n: int) -> int:
    \"\"\"Says 1 + 1.\"\"\"
    if n < 0:  # below 0
        raise ValueError(f"n is {n + 1}")
    m: int = n + 1
    return m
"""
    changed = {one.line for one in Sites("f.py", text).edits()}
    assert changed == {3, 6} or changed == {3, 5, 6}


def test_the_same_seed_draws_the_same_edits() -> None:
    assert drawn(6, 5) == drawn(6, 5) != drawn(6, 6)


def test_who_uses_a_file_is_run_with_it() -> None:
    assert users("glove.py") == {"glove"}
    assert {"_runtime.batches", "cbow", "spans"} <= users("_runtime/rows.py")
    assert "contrastive" not in users("_runtime/rows.py")


MATHEMATICS = ("glove.py", "grad_b = 2 * weighted", "grad_b = 3 * weighted")
NOT_FINITE = ("negative_sampling.py", "guarded(u_o @ v_c, u_o, v_c)", "(u_o @ v_c)")
UNCHECKED = ("_runtime/arguments.py", "if not 0 <= index < below:", "if not index < below:")
HARMLESS = ("naive_softmax.py", "leader = scores.argmax()", "leader = scores.argmax() + 0")


def test_an_edit_of_the_mathematics_is_seen_on_symbols_and_by_properties() -> None:
    one = edit(*MATHEMATICS)
    texts = spoilt(one)
    assert "grad_b[0] is not what was proved" in str(symbolic(one, texts))
    assert hypothesis(one, package_of(texts)) is not None


@pytest.mark.slow
def test_what_is_not_finite_is_left_to_the_properties() -> None:
    one = edit(*NOT_FINITE)
    texts = spoilt(one)
    assert symbolic(one, texts) is None
    assert hypothesis(one, package_of(texts)) == "infinity_in_gives_no_finite_result"


def test_a_check_that_is_gone_is_seen_by_the_wrong_arguments() -> None:
    one = edit(*UNCHECKED)
    assert argument_checks(one, package_of(spoilt(one))) is not None


def test_a_length_that_is_not_compared_is_seen_by_a_wrong_argument() -> None:
    old, new = "nodes=(nodes, (signs.shape[0],))", 'nodes=(nodes, ("L",))'
    one = edit("hierarchical_softmax.py", old, new)
    texts = spoilt(one)
    assert symbolic(one, texts) is None
    assert argument_checks(one, package_of(texts)) is not None


def test_an_edit_that_symbols_do_not_see_and_numbers_do_is_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """A blind layer in place of the run on symbols: the command has to fail."""
    monkeypatch.setattr(campaign, "symbolic", lambda edit, texts, plan: None)
    found = fate(edit(*MATHEMATICS))
    assert found.missed
    assert exit_code(monkeypatch, found) == 1
    assert "MISSED" in capsys.readouterr().out


def exit_code(monkeypatch: pytest.MonkeyPatch, found: Fate, *arguments: str) -> int:
    """What the command says of a single mutant of this fate."""
    command = "tests.code_mutants.run"
    monkeypatch.setattr(f"{command}.drawn", lambda count, seed, files: [found.edit])
    monkeypatch.setattr(f"{command}.run", lambda edits, jobs, progress: [found])
    monkeypatch.setattr(f"{command}.false_alarm", lambda file: None)
    return main(["--count", "1", *arguments])


def test_a_survivor_fails_the_command_until_a_reason_is_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    survivor = Fate(edit(*HARMLESS))
    assert exit_code(monkeypatch, survivor) == 1
    shown = capsys.readouterr().out
    assert "NOT LOOKED AT" in shown
    assert "+    leader = scores.argmax() + 0" in shown
    table = listed(survivor, "equivalent")
    monkeypatch.setattr("tests.code_mutants.run.looked_at", lambda: table)
    monkeypatch.setattr("tests.code_mutants.run.looked_at", lambda: table)
    assert exit_code(monkeypatch, survivor, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["reasons"] == {"equivalent": 1}


def listed(found: Fate, reason: str) -> dict[Key, Look]:
    """A table with one entry."""
    key = key_of(found.edit)
    return {key: Look(key, reason, "nothing is added")}


def test_no_reason_stands_against_what_a_layer_says() -> None:
    one = edit(*HARMLESS)
    every = [one]
    for seen in (Fate(one, hypothesis="a property"), Fate(one, bytes="a kernel")):
        assert judged([seen], listed(seen, "equivalent"), every).contradicted
    other = Fate(one, numbers="a kernel")
    assert judged([other], listed(other, "equivalent"), every).missed == [other]
    assert judged([other], listed(other, "equivalent"), every).failed


def test_a_gap_that_is_known_still_fails() -> None:
    survivor = Fate(edit(*HARMLESS))
    assert judged([survivor], listed(survivor, "gap"), [survivor.edit]).failed


def test_an_entry_that_symbols_see_by_now_is_stale() -> None:
    killed = Fate(edit(*HARMLESS), "seen")
    found = judged([killed], listed(killed, "equivalent"), [killed.edit])
    assert [why for _, why in found.stale] == ["symbols see it: seen"]
    assert not found.failed


def test_an_entry_whose_place_is_gone_is_stale() -> None:
    survivor = Fate(edit(*HARMLESS))
    found = judged([], listed(survivor, "equivalent"), [])
    assert [why for _, why in found.stale] == ["no such place"]


def test_every_entry_of_the_table_is_an_edit_that_there_is() -> None:
    assert judged([], looked_at(), list(all_edits())).stale == []


@pytest.mark.parametrize(
    "entry", ['reason = "luck"\nwhy = "x"', 'reason = "speed"\nwhy = ""'], ids=["reason", "why"]
)
def test_a_table_without_reasons_is_refused(entry: str, tmp_path: Path) -> None:
    table = tmp_path / "table.toml"
    place = 'file = "f.py"\nline = "x = 1"\nkind = "constant"\nchanges = ["1 -> 0"]'
    table.write_text(f"[[edit]]\n{place}\n{entry}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is no reason, or does not say why"):
        looked_at(table)


def test_a_layer_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "SECONDS", 0.2)

    def endless(edit: Edit, texts: Any, plan: Any) -> str:
        while True:
            pass

    monkeypatch.setattr(campaign, "symbolic", endless)
    found = fate(edit(*HARMLESS))
    assert found.symbolic == "does not end: more than 0.2 s"
    assert found.late


def test_a_process_that_dies_counts_as_what_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(edit: Edit, texts: Any, plan: Any) -> str:
        os._exit(3)

    one = edit(*HARMLESS)
    monkeypatch.setattr(campaign, "symbolic", dies)
    assert [found.symbolic for found in run([one], 2)] == ["does not end: its process ended"]


def test_memory_beyond_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(edit: Edit, texts: Any, plan: Any) -> str:
        return str(len(np.zeros(2**40)))

    monkeypatch.setattr(campaign, "symbolic", greedy)
    assert [found.symbolic for found in run([edit(*HARMLESS)], 1)] == [
        "does not end: out of memory"
    ]


@pytest.mark.parametrize("arguments", [["--count", "0"], ["--seeds", "1"]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert "usage: python -m tests.code_mutants.run" in capsys.readouterr().err
