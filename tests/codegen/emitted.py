"""Packages emitted for a test, and loaded from where they were written."""

import importlib.util
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from uuid import uuid4

from codegen.emitted import package, runtime_texts
from codegen.grounds import equalities
from codegen.kernel import Module
from derivations.claim import Claim


def emitted(modules: Sequence[Module], claims: Iterable[Claim], folder: Path) -> ModuleType:
    """Emit the modules into ``folder`` and import them as a package of a name of its own."""
    write({**package(modules, equalities(claims)), **runtime_texts()}, folder)
    return loaded(folder)


def write(texts: Mapping[str, str], folder: Path) -> None:
    """The files of a package, by their paths in it."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def loaded(folder: Path) -> ModuleType:
    """The package in ``folder``, imported under a name of its own."""
    name = f"emitted_{uuid4().hex}"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
