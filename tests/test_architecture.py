"""Imports go one way, and the page on the architecture says what the code is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests import rooms
from tests.rooms import (
    PICTURE,
    ROOMS,
    ROOT,
    circles,
    imports_between_rooms,
    modules,
    picture,
    reduced,
    room_of,
)
from tests.walks import MOST, WALKS, visited

STANDARD = {*sys.stdlib_module_names}
PROJECT = Path(__file__).parents[1]
SUBJECT = ("derivations.word2vec",)
MODULES = ("derivations.claim", "derivations.indices", "derivations.proof.fragment")
ENCODING = (*MODULES, "derivations.language")
# what meaning two evaluates in, and what has values of its own: arrays typed in Python
DOMAINS = tuple(f"derivations.proof.{name}" for name in ("domain", "evaluate"))

# each package: what it may import of this project, besides itself
MAY_IMPORT = {
    "derivations/language": (*MODULES, *DOMAINS),
    "derivations/word2vec": ENCODING,
    "derivations/proof": ENCODING,
    "derivations/reader": ENCODING,
    "derivations/repair": (
        *ENCODING,
        "derivations.proof",
        "derivations.reader",
    ),
    "derivations/report": (
        *ENCODING,
        "derivations.proof",
        "derivations.reader",
        "derivations.repair",
        *SUBJECT,
    ),
    "derivations/implementation": (
        *ENCODING,
        "derivations.proof",
        "derivations.reader",
        "derivations.report",
        *SUBJECT,
    ),
    "derivations/certify": (
        *ENCODING,
        "derivations.reader",
        "derivations.report",
        *SUBJECT,
    ),
    "codegen": (
        *ENCODING,
        "derivations.proof",
        "derivations.reader",
        "derivations.report",
        *SUBJECT,
    ),
    # it runs what is emitted, at arguments that the subjects' data says
    "codegen/rounding": (
        "derivations.report",
        "generated",
        "codegen.kernel",
        "codegen.interpret",
        "codegen.kernel",
        "codegen.emitted",
        "codegen.subjects",
    ),
    "generated": (),
    "proved_kernels/training": ("generated",),
}


def imported(path: Path) -> list[str]:
    return [module for module, _ in rooms.imported(path)]


def ours(module: str) -> bool:
    return module.split(".")[0] in {"derivations", "codegen", "generated", "tests", "benchmarks"}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    nested = [PROJECT / other for other in MAY_IMPORT if other.startswith(f"{package}/")]
    files = [
        path
        for path in sorted((PROJECT / package).rglob("*.py"))
        if not any(path.is_relative_to(folder) for folder in nested)
    ]
    assert files
    allowed = (package.replace("/", "."), *MAY_IMPORT[package])
    wrong = [
        f"{path.relative_to(PROJECT)} imports {module}"
        for path in files
        for module in imported(path)
        if ours(module) and not any(f"{module}.".startswith(f"{name}.") for name in allowed)
    ]
    assert wrong == []


def test_the_encoding_imports_nothing_above_it() -> None:
    allowed = tuple(f"{name}." for name in ENCODING)
    for module in MODULES:
        path = PROJECT / f"{module.replace('.', '/')}.py"
        wrong = [
            name for name in imported(path) if ours(name) and not f"{name}.".startswith(allowed)
        ]
        assert wrong == [], path


def test_the_two_meanings_share_the_tree_and_nothing_else() -> None:
    """An error in one is seen by the other, where neither reads what the other was made by."""
    one, two = (
        {name for name in imported(PROJECT / f"derivations/language/{meaning}.py") if ours(name)}
        for meaning in ("index_form", "direct")
    )
    assert one & two == {
        "derivations.indices",
        "derivations.language",
        "derivations.language.tree",
        "derivations.proof.fragment",
    }
    assert "derivations.language.index_nodes" in one - two
    assert not any(name.startswith("derivations.proof") for name in one - two)


def test_the_generated_package_imports_numpy_the_standard_library_and_one_part_of_scipy() -> None:
    package = PROJECT / "generated"
    files = [*package.glob("*.py"), *package.glob("_runtime/*.py")]
    found = {(str(path.relative_to(package)), name) for path in files for name in imported(path)}
    others = {(file, name) for file, name in found if name.split(".")[0] not in STANDARD}
    assert {name for _, name in others} == {"numpy", "numpy.typing", "scipy.sparse"}
    assert [file for file, name in others if name == "scipy.sparse"] == ["_runtime/rows.py"]


def test_scipy_is_not_imported_before_rows_are_added_up() -> None:
    code = "import sys, generated; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_importing_derivations_imports_neither_numpy_nor_sympy() -> None:
    code = "import sys, derivations; print({'numpy', 'sympy', 'flint'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout == "set()\n"


def test_a_wrong_import_would_be_seen(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("def f():\n    from derivations.proof import judge\n")
    assert imported(planted) == ["derivations.proof"]


def test_no_two_modules_of_derivations_and_codegen_have_one_base_name() -> None:
    """But the entries of codegen's catalogues: subjects, and what a back end has to have."""
    entries = [PROJECT / "codegen" / "subjects", PROJECT / "codegen" / "backends"]
    files = (path for room in ("derivations", "codegen") for path in (PROJECT / room).rglob("*.py"))
    names = Counter(
        path.stem
        for path in files
        if path.stem not in ("__init__", "__main__")
        and not any(path.is_relative_to(folder) for folder in entries)
    )
    assert len(names) > 100
    assert [name for name, times in names.items() if times > 1] == []


PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md")


def test_the_picture_is_what_the_imports_are() -> None:
    drawn = picture(imports_between_rooms())
    assert PICTURE.read_text(encoding="utf-8") == drawn, "run python -m tests.rooms"


def test_no_room_imports_itself_by_way_of_others() -> None:
    assert circles(imports_between_rooms()) == []


def test_every_room_has_modules_and_every_module_a_room() -> None:
    assert {room_of(name) for name in modules()} == {*ROOMS}


def test_a_circle_and_a_new_arrow_would_be_seen() -> None:
    imports = imports_between_rooms()
    planted = {**imports, "language": imports["language"] | {"report"}}
    assert "language" in circles(planted)
    planted = {**imports, "generated": {"numbers"}}
    assert picture(planted) != picture(imports)


def test_an_arrow_is_left_out_where_others_imply_it() -> None:
    straight = {"a": {"b"}, "b": {"c"}, "c": set[str]()}
    assert reduced({**straight, "a": {"b", "c"}}) == straight


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_visits_no_more_files_than_the_page_says(name: str) -> None:
    found = visited(WALKS[name])
    assert 2 < len(found) <= MOST[name], "\n".join(found)


def missing(page: str) -> list[str]:
    """The paths in backticks that are not there, from a package or from the folder named last."""
    folder, found = ROOT, []
    packages = [ROOT, ROOT / "derivations", ROOT / "codegen", ROOT / "proved_kernels"]
    for path in re.findall(r"`([\w/]+(?:/|\.\w+))`", page):
        there = [place / path for place in (*packages, folder) if (place / path).exists()]
        if there:
            folder = there[0] if there[0].is_dir() else there[0].parent
        else:
            found.append(path)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_path_on_a_page_is_there(page: str) -> None:
    assert missing((ROOT / page).read_text(encoding="utf-8")) == []


def test_a_path_that_is_not_there_would_be_seen() -> None:
    assert missing("`reader/chain.py` and `lexer.py`, `reader/nothing.py`") == ["reader/nothing.py"]


def names_of_any(text: str) -> list[int]:
    """The lines of a module that name `typing.Any`; what a generator prints in quotes is text."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Name) and node.id == "Any")
        or (isinstance(node, ast.Attribute) and node.attr == "Any")
    ]


@pytest.mark.parametrize("package", ["derivations", "codegen", "proved_kernels", "playground"])
def test_a_package_says_what_it_holds_without_any(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    found = {path: names_of_any(path.read_text(encoding="utf-8")) for path in files}
    assert [f"{path}:{line}" for path, lines in found.items() for line in lines] == []


def test_an_any_would_be_seen() -> None:
    text = 'import typing\n\ndef f(x: list[Any]) -> typing.Any:\n    y: Any = "Any"\n    return y\n'
    assert sorted(names_of_any(text)) == [3, 3, 4]
