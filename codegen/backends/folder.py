"""The folder of a back end beside NumPy: which modules it has, and the list of them in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap

from codegen.kernel import Elementwise, Kernel, Module
from codegen.package import MARK


def carried(function: Kernel | Elementwise) -> bool:
    """Whether it is printed: not what changes its arguments, nor what derives a size."""
    return isinstance(function, Elementwise) or not (function.updates or function.derived)


def modules_of(folder: str, modules: Sequence[Module]) -> list[Module]:
    """The modules of which something is printed there, with that alone."""
    some = [
        replace(one, path=f"{folder}/{one.path}", functions=tuple(filter(carried, one.functions)))
        for one in modules
    ]
    return [one for one in some if one.functions]


def with_front(
    folder: str, texts: dict[str, str], own: Sequence[Module], front: str, origin: str
) -> dict[str, str]:
    """The texts of these modules, and of the ``__init__.py`` that lists them.

    ``front`` is what that says, with ``{kernels}`` and ``{names}`` to be filled in.
    """
    titles = {one.path.removeprefix(f"{folder}/").removesuffix(".py"): one.title for one in own}
    public = sorted((name, title) for name, title in titles.items() if name[0] != "_")
    kernels = "\n".join(line for name, title in public for line in _listed(name, title))
    names = "\n".join(f'    "{name}",' for name, _ in public)
    filled = front.replace("{kernels}", kernels).replace("{names}", names)
    return {**texts, f"{folder}/__init__.py": f"{MARK} from {origin}: do not edit.\n{filled}"}


def _listed(name: str, title: str) -> list[str]:
    """A module's name, and beside it what it is for."""
    return wrap(title, 100, initial_indent=f"    {name:24}", subsequent_indent=" " * 28)
