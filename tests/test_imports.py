"""Imports go one way, and the generated package stands alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SUBJECT = ("derivations.word2vec",)
DATA = ("derivations.claim", "derivations.array", "derivations.indices", "derivations.definition")
ENCODING = (*DATA, "derivations.opaque", "derivations.stable")

# each package: what it may import of this project, besides itself
MAY_IMPORT = {
    "derivations/word2vec": ENCODING,
    "derivations/proof": ENCODING,
    "derivations/reader": ENCODING,
    "derivations/edits": (*ENCODING, "derivations.reader"),
    "derivations/repair": (
        *ENCODING,
        "derivations.proof",
        "derivations.reader",
        "derivations.edits",
    ),
    "derivations/report": (
        *ENCODING,
        "derivations.proof",
        "derivations.reader",
        "derivations.repair",
        *SUBJECT,
    ),
    "codegen": (
        *ENCODING,
        "derivations.proof",
        "derivations.reader",
        "derivations.report",
        *SUBJECT,
    ),
    "generated": (),
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def ours(module: str) -> bool:
    return module.split(".")[0] in {"derivations", "codegen", "generated", "tests", "benchmarks"}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    allowed = (package.replace("/", "."), *MAY_IMPORT[package])
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files
        for module in imported(path)
        if ours(module) and not any(f"{module}.".startswith(f"{name}.") for name in allowed)
    ]
    assert wrong == []


def test_the_encoding_imports_nothing_above_it() -> None:
    for module in ENCODING:
        path = ROOT / f"{module.replace('.', '/')}.py"
        wrong = [name for name in imported(path) if ours(name) and name not in ENCODING]
        assert wrong == [], path


def test_the_generated_package_imports_numpy_and_the_standard_library_only() -> None:
    allowed = {"numpy", "typing", "collections", "dataclasses", "__future__", "operator"}
    found = {name.split(".")[0] for p in (ROOT / "generated").glob("*.py") for name in imported(p)}
    assert "numpy" in found
    assert found <= allowed


def test_a_wrong_import_would_be_seen(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("def f():\n    from derivations.proof import judge\n")
    assert list(imported(planted)) == ["derivations.proof"]
