"""The kernels of every subject, and the claims that they rest on. Data, a module a subject.

A subject is found by its file in this folder, which says ``MODULES`` and ``CLAIMS``: adding a loss
is that file and the derivation that it is of, and no list.
"""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from codegen.kernel import Module
from derivations.claim import Claim


def found(folders: Iterable[str], package: str) -> tuple[tuple[Module, ...], tuple[Claim, ...]]:
    """What the files and packages in the folders say, in the order of their names."""
    names = sorted(each.name for each in iter_modules(folders))
    subjects = [import_module(f"{package}.{name}") for name in names]
    modules = tuple(module for subject in subjects for module in subject.MODULES)
    return modules, tuple(claim for subject in subjects for claim in subject.CLAIMS)


MODULES, CLAIMS = found(__path__, __name__)
