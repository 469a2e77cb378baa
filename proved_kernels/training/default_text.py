"""A text that comes with every Python: the docstrings of the standard library."""

from __future__ import annotations

import ast
import re
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

NAME = "the docstrings of Python's standard library"
_SENTENCE_END = re.compile(r"[.!?:]\s|\n\s*\n")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def sentences() -> Iterator[list[str]]:
    """Its sentences as words in lower case; nothing where the library has no source files."""
    for path in _files(Path(sysconfig.get_path("stdlib"))):
        for docstring in _docstrings(path):
            for sentence in _SENTENCE_END.split(docstring.lower()):
                yield _WORD.findall(sentence)


def _files(library: Path) -> Iterator[Path]:
    for name in sorted(sys.stdlib_module_names):
        yield from library.glob(f"{name}.py")
        yield from sorted(library.glob(f"{name}/*.py"))


def _docstrings(path: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the library's own source
            tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED):
            yield ast.get_docstring(node) or ""
