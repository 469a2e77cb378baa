"""Writing and checking: the same bytes everywhere, and nothing that is not ours is touched."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from codegen import commands
from codegen.commands import main
from codegen.emitted import GENERATED, MARK, package, texts_in
from codegen.kernel import NotProved, equalities
from codegen.subjects import CLAIMS, MODULES

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def generated_texts() -> dict[str, str]:
    return package(MODULES, equalities(CLAIMS))


@pytest.fixture(autouse=True)
def _proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdicts are tested elsewhere, and one text is like the next: they only take time."""
    monkeypatch.setattr(commands, "require_proved", lambda functions, claims: None)
    monkeypatch.setattr(commands, "package", lambda modules, stated: dict(generated_texts()))
    monkeypatch.setattr(commands, "executed", lambda modules, claims, options: 0)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    assert main(["--into", str(tmp_path)]) == 0
    return tmp_path


def texts(folder: Path) -> dict[str, str]:
    """What is generated: the files beside the runtime."""
    return {
        path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()
    }


def test_the_committed_files_are_what_is_generated(capsys: Any) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


@pytest.mark.slow
def test_the_text_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    """Every other run has a seed drawn by Python."""
    subprocess.run(
        [sys.executable, "-m", "codegen", "--into", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        check=True,
        capture_output=True,
    )
    assert texts(tmp_path) == texts(GENERATED)


def test_every_file_says_what_it_is_and_where_it_comes_from(written: Path) -> None:
    for name, text in texts(written).items():
        assert text.startswith(MARK), name
        assert "do not edit" in text.splitlines()[0]
        assert str(ROOT) not in text


def test_absent_files_are_missing(tmp_path: Path, capsys: Any) -> None:
    folder = tmp_path / "nothing"
    assert main(["--check", "--into", str(folder)]) == 1
    assert "naive_softmax.py: missing" in capsys.readouterr().out
    assert not folder.exists()


def test_written_files_are_in_sync(written: Path, capsys: Any) -> None:
    assert main(["--check", "--into", str(written)]) == 0
    assert main(["--into", str(written)]) == 0
    assert ": 0 written, 0 removed" in capsys.readouterr().out


def test_an_edited_file_is_shown_and_mended(written: Path, capsys: Any) -> None:
    path = written / "skip_gram.py"
    path.write_text(path.read_text(encoding="utf-8").replace("U.T @ error", "error @ U"))
    assert main(["--check", "--into", str(written)]) == 1
    out = capsys.readouterr().out
    assert f"{path}: changed" in out
    assert "\n-    grad_V = matrix_of(len(V), (c, None, error @ U))" in out
    assert "\n+    grad_V = matrix_of(len(V), (c, None, U.T @ error))" in out
    assert out.endswith(f"Mend with: python -m codegen --into {written}\n")
    assert main(["--into", str(written)]) == 0
    assert main(["--check", "--into", str(written)]) == 0


def test_a_deleted_file_is_missing(written: Path, capsys: Any) -> None:
    (written / "_runtime/rows.py").unlink()
    assert main(["--check", "--into", str(written)]) == 1
    assert "_runtime/rows.py: missing" in capsys.readouterr().out


def test_a_stale_file_is_removed(written: Path, capsys: Any) -> None:
    stale = written / "no_longer.py"
    stale.write_text(f"{MARK} from an older version: do not edit.\n")
    assert main(["--check", "--into", str(written)]) == 1
    assert f"{stale}: stale" in capsys.readouterr().out
    assert main(["--into", str(written)]) == 0
    assert not stale.exists()


@pytest.mark.parametrize("name", ["notes.txt", "naive_softmax.py"])
def test_what_is_not_ours_is_left_alone(name: str, written: Path, capsys: Any) -> None:
    own = written / name
    own.write_text("written by hand\n")
    before = texts(written)
    for arguments in (["--check"], []):
        assert main([*arguments, "--into", str(written)]) == 1
        assert f"left alone: {own}" in capsys.readouterr().err
        assert texts(written) == before


def test_the_runtime_stands_beside_the_kernels_as_it_was_written(written: Path) -> None:
    assert texts_in(written, "_runtime/*.py") == texts_in(GENERATED, "_runtime/*.py")
    assert not any(text.startswith(MARK) for text in texts_in(written, "_runtime/*.py").values())


def test_a_runtime_of_one_s_own_is_left_alone(written: Path, capsys: Any) -> None:
    own = written / "_runtime" / "rows.py"
    own.write_text("written by hand\n")
    for arguments in (["--check"], []):
        assert main([*arguments, "--into", str(written)]) == 1
        assert f"left alone: {own}" in capsys.readouterr().err
        assert own.read_text() == "written by hand\n"


def test_caches_are_not_looked_at(written: Path) -> None:
    (written / "__pycache__").mkdir()
    (written / "__pycache__" / "skip_gram.pyc").write_bytes(b"\xff\x00")
    assert main(["--check", "--into", str(written)]) == 0


def test_line_endings_count(written: Path) -> None:
    path = written / "_sigmoid.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["--check", "--into", str(written)]) == 1


def test_a_refusal_writes_nothing(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    def refuse(functions: Any, claims: Any) -> None:
        raise NotProved("c.any is refuted")

    monkeypatch.setattr(commands, "require_proved", refuse)
    assert main(["--into", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "codegen: c.any is refuted\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--chekc"],
        ["generated"],
        ["--into"],
        ["--check", "--prove"],
        ["--check", "--format", "json"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert "usage: python -m codegen" in capsys.readouterr().err
