"""The command proposes declarations: where it is asked to, and where a file has none."""

import json
import os
import sys
from pathlib import Path
from subprocess import run

import pytest

from derivations.verify import main

TEXT = "# Note\n\n$$J(x) = x^T x$$\n\n$$\\nabla_x J(x) = 2 x$$\n"
BLOCK = [
    "```given",
    "size d >= 1",
    "vector x in R^d",
    "# ? J: introduced at 3:3",
    "define J(x) = x^T x",
    "```",
]


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text(TEXT)
    return path


def test_new_shows_a_block_to_paste_and_changes_nothing(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--new", str(note)]) == 0
    assert capsys.readouterr().out.splitlines() == BLOCK
    assert note.read_text() == TEXT


def test_a_file_without_declarations_is_not_judged_and_a_block_is_proposed(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(note)]) == 2
    found = capsys.readouterr()
    assert found.out.splitlines() == BLOCK
    assert "declares nothing, so that nothing is judged" in found.err
    assert note.read_text() == TEXT


def test_write_puts_the_block_in_front_and_the_file_is_judged_then(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--new", "--write", str(note)]) == 0
    assert "1 block of declarations put in; 1 question to look at" in capsys.readouterr().out
    assert note.read_text() == "\n".join([*BLOCK, "", TEXT])
    assert main([str(note)]) == 0


def test_write_leaves_a_file_that_has_declarations(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"```given\nscalar a\n```\n\n{TEXT}"
    note.write_text(text)
    assert main(["--new", "--write", str(note)]) == 2
    assert "has declarations already, and is left as it is" in capsys.readouterr().err
    assert note.read_text() == text


def test_write_keeps_the_line_breaks_of_the_file(note: Path) -> None:
    note.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert main(["--new", "--write", str(note)]) == 0
    assert b"\n" not in note.read_bytes().replace(b"\r\n", b"")


def test_displays_that_contradict_each_other_are_shown_and_the_exit_code_says_so(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note.write_text(f"{TEXT}\n$$x = x^T x$$\n")
    assert main(["--new", str(note)]) == 1
    assert "# ! x: " in capsys.readouterr().out


def test_a_file_that_needs_no_declarations_is_judged(note: Path) -> None:
    note.write_text("$$1 + 1 = 2$$\n")
    assert main([str(note)]) == 0
    assert main(["--new", str(note)]) == 0


def test_parts_have_blocks_of_their_own_where_a_letter_changes(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note.write_text(
        "## (a)\n\n$$\\sum_{x=1}^n y_x = \\sum_{x=1}^n y_x$$\n\n## (b)\n\n$$\\exp(x) = \\exp(x)$$\n"
    )
    assert main(["--new", str(note)]) == 0
    out = capsys.readouterr().out
    assert "index x in 1..n" in out
    assert "before line 7:" in out
    assert main(["--new", "--write", str(note)]) == 0
    assert main([str(note)]) == 0


@pytest.mark.parametrize("arguments", [["--new"], ["--write", "{}"], ["--new", "{}", "b.2"]])
def test_wrong_usage_is_refused(note: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([each.format(note) for each in arguments])
    assert stopped.value.code == 2


def test_a_proposal_is_the_same_on_every_run(tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    file.write_text(
        "$$\\sum_{w \\in V} \\exp(u_w^T v_c) = \\sum_{w \\in V} \\exp(v_c^T u_w) + u_o^T v_o$$\n\n"
        "$$L = f(p) + g(q) + h(r)$$\n\n$$\\frac{\\partial M}{\\partial x} = a + N + K$$\n"
    )
    command = [sys.executable, "-m", "derivations.verify", "--new", str(file)]
    seeds = [{**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    one, other = (run(command, env=seed, capture_output=True, check=True) for seed in seeds)
    assert one.stdout == other.stdout


def test_each_of_several_files_without_declarations_gets_its_own_proposal(
    note: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = tmp_path / "declared.md"
    declared.write_text("```given\nscalar a\n```\n\n$$a + a = 2 a$$\n")
    assert main([str(note), str(declared)]) == 2
    out = capsys.readouterr().out
    assert "declares nothing" in " ".join(out.split())
    assert "define J(x) = x^T x" in out
    assert "1 of 2 files as they should be" in out
    assert main(["--format", "json", str(note), str(declared)]) == 2
    first, second = json.loads(capsys.readouterr().out)["files"]
    assert (first["code"], second["code"]) == (2, 0)
    assert first["proposal"].splitlines() == BLOCK


def test_blocks_for_latex_are_comments_and_are_put_into_the_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "note.tex"
    head = "\\documentclass{article}\n\\begin{document}\n"
    file.write_text(head + "\\[ J(x) = x^T x \\]\n\\[ \\nabla_x J(x) = 2 x \\]\n\\end{document}\n")
    assert main([str(file)]) == 2
    assert "% vector x in R^d" in capsys.readouterr().out
    assert main(["--new", "--write", str(file)]) == 0
    assert file.read_text().startswith(f"{head}% given\n% size d >= 1\n")
    assert main([str(file)]) == 0
