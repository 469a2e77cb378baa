"""Where others use the names of these packages, it is said what was found, and what to do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from venv import EnvBuilder
from zipfile import ZipFile

import pytest

import proved_kernels
from proved_kernels import FIRST_LINES

ROOT = Path(__file__).parents[2]
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
