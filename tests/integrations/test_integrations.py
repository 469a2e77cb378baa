"""Where else the checker works: shells, hooks, IPython, pytest, VS Code, names of packages."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from venv import EnvBuilder
from zipfile import ZipFile

import pytest

import proved_kernels
from derivations import verify
from derivations.console import COMMANDS, SHELLS, main
from derivations.python import Report, register
from derivations.report.judging import Watched
from proved_kernels import FIRST_LINES


def completion(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    pytest.importorskip("shtab")
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def in_shell(shell: str, script: str, folder: Path) -> str:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run(
        [shell, "-c", script], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_gets_all_commands_and_options(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = completion(shell, capsys)
    options = ("format", "given", "html", "emit", "version")
    assert all(word in script for word in (*COMMANDS, *options))


def test_bash_completes_commands_options_and_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "completion").write_text(completion("bash", capsys))
    (tmp_path / "homework.md").touch()
    script = """
    source completion
    function=$(complete -p derivations | sed 's/.*-F //; s/ .*//')
    for words in "derivations ver" "derivations verify --htm" "derivations watch home"; do
        COMP_WORDS=($words); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
        $function; echo "${COMPREPLY[@]}"
    done
    """
    assert in_shell("bash", script, tmp_path).split() == ["verify", "--html", "homework.md"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_others_can_be_parsed(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "completion").write_text(completion(shell, capsys))
    assert in_shell(shell, f"{shell} -n completion && echo well", tmp_path) == "well\n"


def test_without_the_library_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert "pip install shtab" in capsys.readouterr().err


ROOT = Path(__file__).parents[2]
MANIFEST = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
HOOK = dict(
    line.lstrip("- ").split(": ", 1) for line in MANIFEST.splitlines() if not line.startswith("#")
)
TRUE = "```given\nscalar a, b\n```\n$$a + b = b + a$$\n"


def test_the_manifest_says_what_pre_commit_asks() -> None:
    assert {"id", "name", "entry", "language", "types_or"} <= HOOK.keys()
    assert HOOK["language"] == "python"
    script, command = shlex.split(HOOK["entry"])
    assert (script, command) == ("derivations", "verify")
    assert command in COMMANDS


def test_the_hook_passes_and_fails_with_the_files_that_it_is_handed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(TRUE)
    Path("b.md").write_text(TRUE.replace("b + a", "b - a"))
    script, *entry = shlex.split(HOOK["entry"])
    monkeypatch.setattr(sys, "argv", [script])
    assert main([*entry, "a.md"]) == 0
    assert main([*entry, "a.md", "b.md"]) == 1
    told = capsys.readouterr().out
    assert "b.md:4:11  line.1  refuted" in told
    assert "in full: derivations verify b.md --explain line.1" in told


GIVEN = "```given\nscalar a, b\n```\n"


@pytest.fixture
def shell() -> Any:
    testing = pytest.importorskip("IPython.testing.globalipapp")
    found = testing.start_ipython() or testing.get_ipython()
    found.run_line_magic("load_ext", "derivations")
    register(found)  # once more, as nothing of a test before is to be known
    return found


def verdicts(report: Report) -> list[str]:
    return [line.verdict for line in report]


def test_a_cell_is_judged_and_its_declarations_hold_for_those_after_it(shell: Any) -> None:
    first = shell.run_cell_magic("derivations", "", f"{GIVEN}\n$$a + b = b + a = 0$$\n")
    assert verdicts(first) == ["proved", "refuted"]
    assert "<table>" in first._repr_html_()
    second = shell.run_cell_magic("derivations", "", "Words.\n\n$$a - b = 0$$\n")
    assert verdicts(second) == ["refuted"]
    assert second["line.1"].line == 3
    anew = shell.run_cell_magic("derivations", "", "```given\nscalar c\n```\n$$c = a$$\n")
    assert verdicts(anew) == ["not read"]


def test_declarations_may_stand_in_a_file(shell: Any, tmp_path: Path) -> None:
    (tmp_path / "given.md").write_text(GIVEN)
    found = shell.run_cell_magic("derivations", str(tmp_path / "given.md"), "$$a = a$$\n")
    assert verdicts(found) == ["proved"]
    with pytest.raises(FileNotFoundError, match=r"none\.md: no such file"):
        shell.run_cell_magic("derivations", "none.md", "$$a = a$$\n")


def test_without_declarations_some_are_proposed(shell: Any) -> None:
    found = shell.run_cell_magic("derivations", "", "$$x^T y = y^T x$$\n")
    assert found.error
    assert "vector x" in found.proposal


CHECK = ("-m", "proved_kernels")
AGAIN = "pip install --force-reinstall --no-deps proved-kernels"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with what an installation has, of each package no more than its first file."""
    folder = tmp_path / "lib" / "site-packages"
    shutil.copytree(ROOT / "proved_kernels", folder / "proved_kernels")
    for name, first in FIRST_LINES.items():
        (folder / name).mkdir()
        end = "" if first.startswith("#") else '"""'
        (folder / name / "__init__.py").write_text(first + end)
    return folder


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Where Python is started."""
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


def started(here: Path, site: Path, *arguments: str) -> tuple[int, str]:
    """The exit code of Python, and all that it says."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def package(folder: Path, name: str) -> Path:
    """The first file of another package, put into a folder."""
    (folder / name).mkdir(exist_ok=True)
    file = folder / name / "__init__.py"
    file.write_text('"""Something else."""\n')
    return file


@pytest.mark.parametrize("name", FIRST_LINES)
def test_each_package_is_known_by_how_its_first_file_begins(name: str) -> None:
    assert (ROOT / name / "__init__.py").read_text("utf-8").startswith(FIRST_LINES[name])
    assert list(proved_kernels.foreign(name)) == []


def test_what_is_whole_is_told_with_its_places(here: Path, site: Path) -> None:
    (here / "derivations").mkdir()  # notes: no package, and it shadows none
    (here / "derivations" / "homework.md").write_text("")
    code, said = started(here, site, *CHECK)
    assert (code, len(said.splitlines())) == (0, 3)
    assert f"generated: {site / 'generated' / '__init__.py'}" in said


@pytest.mark.parametrize("name", FIRST_LINES)
def test_a_folder_that_shadows_a_package_is_told(here: Path, site: Path, name: str) -> None:
    file = package(here, name)
    code, said = started(here, site, *CHECK)
    assert code == 1
    assert f"{file} is found before the package '{name}' of proved-kernels" in said
    assert "start Python in another folder, rename that one" in said
    assert said.count("What to do") == 1


@pytest.mark.parametrize("name", FIRST_LINES)
def test_a_package_that_was_installed_over_one_is_told(here: Path, site: Path, name: str) -> None:
    file = package(site, name)
    code, said = started(here, site, *CHECK)
    assert code == 1
    assert f"{file} is no file of proved-kernels: something was installed over it" in said
    assert AGAIN in said


@pytest.mark.parametrize("name", FIRST_LINES)
def test_a_package_that_was_taken_off_is_told(here: Path, site: Path, name: str) -> None:
    (site / name / "__init__.py").unlink()
    code, said = started(here, site, *CHECK)
    assert code == 1
    assert f"{site / name / '__init__.py'} is missing" in said
    assert AGAIN in said


def test_the_console_script_says_it_where_another_package_would_be_run(here: Path) -> None:
    package(here, "derivations")
    run = "import sys; from proved_kernels import main; sys.exit(main())"
    code, said = started(here, ROOT, "-c", run, "--version")
    assert code == 2
    assert "is found before the package 'derivations'" in said
    assert "Traceback" not in said


def test_the_version_says_whose_the_other_packages_are(here: Path) -> None:
    run = "import sys; from proved_kernels import main; sys.exit(main())"
    assert started(here, ROOT, "-c", run, "--version")[0] == 0
    package(here, "codegen")
    code, said = started(here, ROOT, "-c", run, "--version")
    assert code == 1
    assert re.search("^derivations .*\n.*is found before the package 'codegen'", said)


def test_nothing_is_proved_of_another_package_called_generated(here: Path) -> None:
    package(here, "generated")
    code, said = started(here, ROOT, "-m", "codegen", "--prove")
    assert code == 2
    assert "is found before the package 'generated'" in said


def test_who_tests_a_package_called_derivations_is_left_in_peace(here: Path) -> None:
    package(here, "derivations")
    (here / "test_it.py").write_text(
        "import derivations\ndef test_own(): assert derivations.__doc__ == 'Something else.'\n"
    )
    plugin = ("-m", "pytest", "-p", "no:derivations", "-p", "proved_kernels.pytest_plugin")
    code, said = started(here, ROOT, *plugin)
    assert code == 0, said
    code, said = started(here, ROOT, *plugin, "--derivations")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "--derivations: " in said
    assert "is found before the package 'derivations'" in said


def test_looking_at_the_names_imports_little() -> None:
    code = "import sys; from proved_kernels import foreign; list(foreign()); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    loaded = {*done.stdout.split()}
    assert not loaded & {"derivations", "codegen", "generated", "numpy", "importlib.metadata"}


def wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    """A distribution of some files, as pip takes it."""
    notes = f"{name.replace('-', '_')}-1.0.dist-info"
    files = {
        **files,
        f"{notes}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{notes}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{path},sha256={urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip('=')},"
        for path, text in files.items()
    ]
    files[f"{notes}/RECORD"] = "\n".join([*record, f"{notes}/RECORD,,", ""])
    path = folder / f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as packed:
        for each, text in files.items():
            packed.writestr(each, text)
    return path


@pytest.mark.slow
def test_what_pip_installs_over_a_package_is_named_and_the_remedy_mends_it(tmp_path: Path) -> None:
    own = [*(ROOT / "proved_kernels").glob("*.py"), ROOT / "codegen" / "__main__.py"]
    own += [ROOT / name / "__init__.py" for name in FIRST_LINES]
    ours = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in own}
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels, "proved-kernels", ours)
    wheel(wheels, "codegen", {"codegen/__init__.py": '"""Source from syntax trees."""\n'})
    EnvBuilder(with_pip=True).create(tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"

    def run(*arguments: str) -> tuple[int, str]:
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [python, *arguments], cwd=tmp_path, env=clean, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    def pip(command: str) -> None:
        only = () if "uninstall" in command else ("--no-index", "--find-links", str(wheels))
        code, said = run("-m", *command.split(), *only)
        assert code == 0, said

    pip("pip install proved-kernels")
    assert run(*CHECK)[0] == 0
    pip("pip install codegen")
    code, said = run(*CHECK)
    assert code == 1
    assert "something was installed over it" in said
    remedy = said.partition("What to do: ")[2].splitlines()[0]
    assert remedy == f"pip uninstall codegen; {AGAIN}"
    code, said = run("-m", "codegen", "--help")
    assert code == 2
    assert remedy in said
    for command in remedy.split("; "):
        pip(command.replace("uninstall", "uninstall -y"))
    assert run(*CHECK)[0] == 0


TASKS = json.loads((ROOT / "examples" / "vscode_tasks.json").read_text(encoding="utf-8"))["tasks"]
VERIFY, WATCH = (task["problemMatcher"] for task in TASKS)
TEXT = """\
```given
scalar a, b
```
$$a + b = b - a$$

$$a + q = a$$

$$a = a$$
"""


def found(matcher: dict[str, Any], told: str) -> list[tuple[str, ...]]:
    pattern = matcher["pattern"]
    names = ("file", "line", "column", "code", "message")
    matches = (re.match(pattern["regexp"], line) for line in told.splitlines())
    return [tuple(match[pattern[name]] for name in names) for match in matches if match]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "40")
    path = Path("some notes") / "own.md"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_each_line_to_look_at_is_a_problem_with_file_line_and_column(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(own), "--repairs", "none"]) == 1
    assert found(VERIFY, capsys.readouterr().out) == [
        ("some notes/own.md", "4", "11", "line.1", "refuted"),
        ("some notes/own.md", "6", "7", "line.2", "not read"),
    ]


def test_while_watching_a_look_begins_and_has_all_problems_that_there_are(own: Path) -> None:
    watched = Watched(str(own))
    watched.remember(watched.look())
    own.write_text(TEXT.replace("a = a$$", "a = b$$"), encoding="utf-8")
    page = watched.look().page
    assert re.search(WATCH["background"]["beginsPattern"], page, re.MULTILINE)
    assert {each[3] for each in found(WATCH, page)} == {"line.1", "line.2", "line.3"}


NOTES = """\
```given
scalar a, b
```
$$a + b = b + a$$

$$(a + b)^2 = a^2 + b^2$$

$$a b = b$$
- line.3 refuted

$$a = q$$
"""


def run(folder: Path, *arguments: str) -> str:
    # whether or not the plugin is installed, it is loaded once
    plugin = (
        "-p",
        "no:derivations",
        "-p",
        "proved_kernels.pytest_plugin",
        "-p",
        "no:cacheprovider",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugin, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "own.md").write_text(NOTES, encoding="utf-8")
    return tmp_path


def test_a_line_is_an_item_and_a_failure_says_what_the_first_screen_says(folder: Path) -> None:
    (folder / "notes" / "lost.md").write_text("$$x^T y = y^T x$$\n")
    (folder / "notes" / "README.md").write_text("Notes.\n")
    told = run(folder, "--derivations", "notes", "-v")
    outcomes = re.findall(r"^(notes/\S+::\S+) (PASSED|FAILED)", told, re.MULTILINE)
    assert outcomes == [
        ("notes/lost.md::file", "FAILED"),
        ("notes/own.md::line.1", "PASSED"),
        ("notes/own.md::line.2", "FAILED"),
        ("notes/own.md::line.3", "PASSED"),
        ("notes/own.md::line.4", "FAILED"),
    ]
    assert "declares nothing" in told
    assert "vector x" in told
    assert "notes/own.md:6:15  line.2  refuted" in told
    assert "the sides differ by 2 a b" in told
    assert "at 'q': nothing has this name" in told
    assert "Traceback" not in told


def test_without_the_option_nothing_is_collected(folder: Path) -> None:
    assert "no tests ran" in run(folder, "notes")


def test_being_loaded_imports_neither_sympy_nor_the_reader() -> None:
    probe = (
        "import sys, proved_kernels.pytest_plugin; "
        "print({'sympy', 'numpy', 'rich', 'derivations.reader'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "set()\n"
