"""One way to plant a mistake, and to say what sees it: for all campaigns.

A mistake is made in a text, which is then loaded beside the right one, or in the running program,
where it lasts as long as a `with`.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from inspect import CO_NEWLOCALS
from itertools import count, groupby
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Protocol, TypeVar, runtime_checkable
from unittest.mock import patch

from derivations.language import index_form
from derivations.proof import normal_form

T = TypeVar("T")
_numbers = count()


@runtime_checkable
class Edited(Protocol):
    """A change of the text of one file."""

    @property
    def file(self) -> str:
        """The file, as its texts are named."""

    def applied(self, text: str) -> str:
        """The text with the change made."""


@dataclass(frozen=True)
class Rewritten:
    """What stands in a file, or in one function of it, and what is put there instead.

    Where it is to be found ``once``, a second place is an error.
    """

    file: str
    old: str
    new: str
    function: str = ""
    once: bool = False

    def applied(self, text: str) -> str:
        """The text with the change made; LookupError where the old text is not (so often) there."""
        first = text.index(f"def {self.function}(") if self.function else 0
        end = text.find("\n\n\n", first) if self.function else -1
        end = len(text) if end < 0 else end + 1
        before, part, after = text[:first], text[first:end], text[end:]
        found = part.count(self.old)
        if not found or (self.once and found > 1):
            raise LookupError(
                f"the text has changed: say the mistake anew; {found} times in {self.file} "
                f"{self.function}: {self.old!r}"
            )
        return before + part.replace(self.old, self.new) + after


@dataclass(frozen=True)
class Replaced:
    """What ``owner`` calls ``name``, and what is made of it."""

    owner: object
    name: str
    wrong: Callable[..., object]


def instead(owner: object, name: str, wrong: object) -> Replaced:
    """Another thing under the name, whatever the right one is."""
    return Replaced(owner, name, lambda right: wrong)


def around(owner: object, name: str, wrong: Callable[..., object]) -> Replaced:
    """A function that gets the right one before its arguments."""

    def made(right: object) -> Callable[..., object]:
        return lambda *given, **more: wrong(right, *given, **more)

    return Replaced(owner, name, made)


@dataclass(frozen=True)
class Mutant:
    """A mistake: what is wrong, how it is made, and what sees it, within how many cases."""

    meant: str
    changes: tuple[Edited | Replaced, ...]
    seen_by: str = ""
    within: int = 0

    def __str__(self) -> str:
        return self.meant

    def texts(self, right: Mapping[str, str]) -> dict[str, str]:
        """The texts with the mistake in them."""
        found = dict(right)
        for change in self.changes:
            assert isinstance(change, Edited), f"{self.meant} is no mistake in a text"
            found[change.file] = change.applied(found[change.file])
        return found

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The program with the mistake; what it worked out before and meanwhile is forgotten.

        A change of a text is made in the function that stands there, whoever calls it.
        """
        forget()
        try:
            with ExitStack() as stack:
                stack.enter_context(_running([c for c in self.changes if isinstance(c, Edited)]))
                for change in self.changes:
                    if isinstance(change, Replaced):
                        wrong = change.wrong(getattr(change.owner, change.name))
                        stack.enter_context(patch.object(change.owner, change.name, wrong))
                yield
        finally:
            forget()


def rewritten(file: str, old: str, new: str, function: str = "") -> tuple[Rewritten, ...]:
    """One change of a text, as the changes of a mutant."""
    return (Rewritten(file, old, new, function),)


def mistakes(path: Path, once: bool = True) -> tuple[Mutant, ...]:
    """Mistakes that a file lists as changes of texts, each of a text that stands there ``once``.

    ``+++ file function function`` is where those below it are made: in a whole file where no
    function is named. A module is named by its dots; it may be a package, one module of which has
    the text. ``@@ what is wrong | what sees it`` begins each, or within how many cases it is seen.
    Lines taken out begin with ``-``, those put in their place with ``+``. ``*** file function`` is
    where those below it are made in this mistake alone.
    """
    where = here = ""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("+++ "):
            where = line.removeprefix("+++ ")
        elif line.startswith("@@ "):
            here = where
            found.append((line.removeprefix("@@ "), []))
        elif line.startswith("*** "):
            here = line.removeprefix("*** ")
        elif found and line[:1] in {"-", "+"}:
            found[-1][1].append((here, line))
    return tuple(_listed(*each, once) for each in found)


def _listed(title: str, lines: Sequence[tuple[str, str]], once: bool) -> Mutant:
    meant, _, seen_by = title.rpartition(" | ") if " | " in title else (title, "", "")
    changes: list[Rewritten] = []
    for where, run in groupby(lines, lambda each: each[0]):
        file, *functions = where.split()
        signed = groupby((line for _, line in run), lambda line: line[0])
        parts = ["\n".join(line[1:] for line in part) for _, part in signed]
        for old, new in zip(parts[::2], parts[1::2], strict=True):
            changes += [Rewritten(file, old, new, name, once) for name in functions or [""]]
    within = int(seen_by) if seen_by.isdigit() else 0
    return Mutant(meant, tuple(changes), "" if within else seen_by, within)


def forget() -> None:
    """What the program remembers of terms that it has read."""
    normal_form._read.cache_clear()
    index_form._FOLDED.clear()


# Texts that are loaded ----------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _compiled(text: str, file: str) -> CodeType:
    code: CodeType = compile(text, file, "exec")
    return code


class _OfTexts(MetaPathFinder, Loader):
    """Finds and runs the modules of packages that are nothing but texts."""

    def __init__(self) -> None:
        self.packages: dict[str, Mapping[str, str]] = {}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        package, _, inside = name.partition(".")
        texts = self.packages.get(package)
        if texts is None:
            return None
        stem = inside.replace(".", "/")
        folder = f"{stem}/__init__.py".lstrip("/")
        file = folder if folder in texts else f"{stem}.py"
        if file not in texts:
            return None
        spec = ModuleSpec(name, self, origin=file, is_package=file == folder)
        spec.loader_state = _compiled(texts[file], file)
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """Python's own."""

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        assert spec is not None
        exec(spec.loader_state, vars(module))


_FOUND = _OfTexts()


def package_of(texts: Mapping[str, str]) -> ModuleType:
    """A package of the texts of its files, by their paths in it, under a name of its own."""
    if _FOUND not in sys.meta_path:
        sys.meta_path.append(_FOUND)
    name = f"of_texts_{next(_numbers)}"
    _FOUND.packages[name] = texts
    return import_module(name)


def module_with(mutant: Mutant, module: ModuleType) -> ModuleType:
    """A module of the project with mistakes in its text; the project keeps the right one."""
    name = f"{module.__name__}_at_fault"
    path = Path(str(module.__file__))
    found = ModuleType(name)
    found.__file__ = module.__file__
    texts = mutant.texts({module.__name__: path.read_text(encoding="utf-8")})
    sys.modules[name] = found  # dataclasses look their module up
    try:
        exec(_compiled(texts[module.__name__], str(path)), vars(found))
    finally:
        del sys.modules[name]
    return found


# Texts that are running ---------------------------------------------------------------------------


@contextmanager
def _running(changes: Sequence[Edited]) -> Iterator[None]:
    """Functions with changes of their texts; LookupError where these change none."""
    texts: dict[str, tuple[ModuleType, str, str]] = {}
    for change in changes:
        module, text = _where(change)
        _, right, before = texts.get(module.__name__, (module, text, text))
        texts[module.__name__] = module, right, change.applied(before)
    with ExitStack() as stack:
        for module, *both in texts.values():
            found, wrong = (dict(_functions(_compiled(each, module.__name__))) for each in both)
            changed = [name for name in found if _done(found[name]) != _done(wrong[name])]
            if not changed:
                raise LookupError(f"no function of {module.__name__} does what is changed")
            for name in changed:
                function = _function(module, name)
                stack.callback(setattr, function, "__code__", function.__code__)
                function.__code__ = wrong[name]
        yield


def _where(change: Edited) -> tuple[ModuleType, str]:
    """The module whose text is changed, of a package the one that has what is to be changed."""
    found = import_module(change.file)
    paths = [Path(str(found.__file__))]
    if hasattr(found, "__path__"):
        (folder,) = map(Path, found.__path__)
        paths = sorted(folder.rglob("*.py"))
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    those = [path for path, text in texts.items() if _fits(change, text)]
    if len(those) != 1:
        raise LookupError(f"the text has changed: {len(those)} files have what {change} changes")
    name = found.__name__
    if those[0] != Path(str(found.__file__)):
        name += "." + ".".join(those[0].relative_to(folder).with_suffix("").parts)
    return import_module(name), texts[those[0]]


def _fits(change: Edited, text: str) -> bool:
    try:
        return change.applied(text) != text
    except (LookupError, ValueError):
        return False


def _functions(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """The functions and methods of a text by their names; what is inside of one is a part of it."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and inner.co_flags & CO_NEWLOCALS:
            yield inner.co_qualname, inner
        elif isinstance(inner, CodeType):
            yield from _functions(inner)


def _done(code: CodeType) -> object:
    """What a function does, wherever it stands."""
    inside = [_done(each) if isinstance(each, CodeType) else each for each in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, repr(inside)


def _function(module: ModuleType, name: str) -> FunctionType:
    """What a name stands for, without what a decorator put around it."""
    found: object = module
    for part in name.split("."):
        found = vars(found)[part]
    while not isinstance(found, FunctionType):
        inside = ("__func__", "__wrapped__", "fget", "func")
        found = next(getattr(found, each) for each in inside if hasattr(found, each))
    return found


# What sees them -----------------------------------------------------------------------------------


def first_shown(shows: Callable[[T], object], cases: Iterable[T]) -> int | None:
    """The number of the first case that shows a mistake, or breaks on it; None if none does."""
    for number, case in enumerate(cases, start=1):
        try:
            if shows(case):
                return number
        except Exception:
            return number
    return None


def fails(check: Callable[..., object], *given: object) -> bool:
    """Whether a check of what is given fails; what raises on a legal call has failed, too."""
    try:
        check(*given)
    except Exception:
        return True
    return False


class OutOfTime(BaseException):
    """The time is over; nothing on the way may take this for its own error."""


@contextmanager
def time_limit(seconds: float, *, of_processor: bool = False) -> Iterator[None]:
    """Raises OutOfTime inside the block when the time, or the processor's for it, is over."""

    def over(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    clock, number = signal.ITIMER_REAL, signal.SIGALRM
    if of_processor:
        clock, number = signal.ITIMER_VIRTUAL, signal.SIGVTALRM
    before = signal.signal(number, over)
    signal.setitimer(clock, seconds)
    try:
        yield
    finally:
        signal.setitimer(clock, 0)
        signal.signal(number, before)


def table(mutants: Sequence[Mutant], seen: Callable[[Mutant], str | None]) -> int:
    """Print what sees each mutant, as it is found; how many survive."""
    width = max(len(mutant.meant) for mutant in mutants)
    survivors = 0
    for mutant in mutants:
        found = seen(mutant)
        survivors += found is None
        print(f"{mutant.meant:{width}}  {found or 'SURVIVES'}", flush=True)
    print(f"{len(mutants) - survivors} of {len(mutants)} seen")
    return survivors
