"""The committed files, and the package that they make when one of them is edited."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib.util import resolve_name
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import generated
from codegen.emitted import texts_in
from tests.code_mutants.edit import Edit
from tests.codegen.scene import loaded, write

TEXTS = texts_in(Path(str(generated.__file__)).parent)


def spoilt(edit: Edit) -> dict[str, str]:
    """The texts of all files, the edit made."""
    return {**TEXTS, edit.file: edit.applied(TEXTS[edit.file])}


def imported(texts: Mapping[str, str]) -> ModuleType:
    """The package of these texts, as a user would import it."""
    with TemporaryDirectory() as folder:
        write(texts, Path(folder))
        return loaded(Path(folder))


def users(file: str) -> set[str]:
    """The modules that are run when this one is: itself, and those that import it, and so on."""
    found = {_module(file)}
    while True:
        more = {_module(name) for name in TEXTS if found & IMPORTED[name]}
        if more <= found:
            return found
        found |= more


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _imports(file: str) -> set[str]:
    """The modules of the package that a file imports."""
    package = ".".join(["generated", *file.split("/")[:-1]])
    return {
        resolve_name(f".{node.module}", package).removeprefix("generated.")
        for node in ast.walk(ast.parse(TEXTS[file]))
        if isinstance(node, ast.ImportFrom) and node.level and node.module
    }


IMPORTED = {file: _imports(file) for file in TEXTS}  # read before any layer's time is limited
