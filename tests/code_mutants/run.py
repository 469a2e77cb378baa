"""python -m tests.code_mutants.run: spoil the emitted files; which layer of checks notices?"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import perf_counter, process_time
from types import ModuleType
from typing import Any, TypeVar
from zlib import crc32

import numpy as np

import generated
from benchmarks.tables import positive
from codegen.execute.jobs import functions, loadings, names_of, report
from codegen.execute.specification import QUICK, Limits, Plan, sizes
from codegen.kernel import Equality, Kernel, equalities, members
from codegen.subjects import CLAIMS, MODULES
from derivations.report.stdio import progress
from tests.code_mutants.mutation_operators import TEXTS, Edit, all_edits, drawn, spoilt, users
from tests.kernels.properties import PROPERTIES as OF_PAIRS
from tests.kernels.properties import Property, examples
from tests.planting import OutOfTime, package_of, time_limit
from tests.spans.properties import PROPERTIES as OF_SPANS
from tests.subjects.specified_losses import CHECKS, KINDS
from tests.subjects.test_edges import REFUSED
from tests.subjects.test_kernels import examples as subject_examples

CASES = 12
LARGE = 40  # of lists of words, so that words come more often than are added up at once
CLOSE = 1e-9


def differs(edit: Edit, package: ModuleType, close: float = CLOSE) -> str | None:
    """The first kernel that returns other numbers, or fails; other bytes, if ``close`` is 0."""
    modules = users(edit.file)
    for name, kernel in functions(MODULES):
        module, function = name.split(".")
        if module not in modules or not isinstance(kernel, Kernel):
            continue
        for case in cases(name):
            wanted = outcome(generated, module, function, kernel, case)
            try:
                found = outcome(package, module, function, kernel, case)
            except Exception as error:
                return f"{name}: {type(error).__name__}"
            if not same(found, wanted, close):
                return name
    return None


@cache
def cases(name: str) -> list[dict[str, Any]]:
    """Arguments for one kernel, the same on every run."""
    kernel: Any = dict(functions(MODULES))[name]
    rng = np.random.default_rng(sum(map(ord, name)))
    every = sizes(kernel, 3)
    some = [dict(every[n]) for n in rng.integers(0, len(every), CASES)]
    long = {
        argument.letters[0]
        for argument in kernel.arguments
        if argument.is_integer and argument.axes
    }
    some.append({letter: LARGE if letter in long else 3 for letter in some[0]})
    return [given for lengths in some for given in _given(kernel, _fitting(kernel, lengths), rng)]


def _fitting(kernel: Kernel, lengths: dict[str, int]) -> dict[str, int]:
    for size in kernel.derived:
        narrow, wide = (next(a for a in kernel.arguments if a.name == n) for n in size.arguments)
        lengths[wide.letters[-1]] = lengths[narrow.letters[-1]] + 2 * lengths[size.name]
    return lengths


def _given(kernel: Kernel, lengths: dict[str, int], rng: Any) -> Iterator[dict[str, Any]]:
    rows = {
        a.axes[0].space: lengths[a.letters[0]]
        for a in kernel.arguments
        if a.axes and not a.is_integer
    }
    given: dict[str, Any] = {}
    for argument in kernel.arguments:
        shape = tuple(lengths[letter] for letter in argument.letters)
        if argument.is_integer:
            held = argument.at_most
            bound = lengths[held] + 1 if held else rows[members(argument)]
            given[argument.name] = rng.integers(0, bound, shape)
        else:
            given[argument.name] = rng.uniform(-1.5, 1.5, shape)
    yield given


def outcome(
    package: ModuleType, module: str, function: str, kernel: Kernel, case: dict[str, Any]
) -> list[Any]:
    """What a kernel returns or leaves behind, as arrays; with memory of three sizes, too."""
    called = getattr(getattr(package, module), function)
    found = []
    for pairs in (None, 1, 2, LARGE) if kernel.parts else (None,):
        own = {name: np.array(value) for name, value in case.items()}
        own = {name: value if value.shape else value[()] for name, value in own.items()}
        more = {}
        if pairs is not None:
            more["work"] = package.Workspace(*own["U"].shape, pairs)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = called(**own, **more)
        results = result if isinstance(result, tuple) and not hasattr(result, "rows") else (result,)
        for one in results:
            if hasattr(one, "rows"):
                found += [np.array(one.rows), np.array(one.values)]
            elif one is not None:
                found.append(np.array(one))
        found += [own[update.argument] for update in kernel.updates]
    return found


def same(found: list[Any], wanted: list[Any], close: float) -> bool:
    """Whether all arrays agree, up to so much of their largest entry."""
    if len(found) != len(wanted):
        return False
    for one, other in zip(found, wanted, strict=True):
        if one.shape != other.shape:
            return False
        if close == 0 and (one.dtype != other.dtype or one.tobytes() != other.tobytes()):
            return False
        scale = 1 + np.abs(other).max(initial=0)
        if not np.all(np.abs(np.asarray(one, float) - other) <= close * scale):
            return False
    return True


Given = dict[str, Any]
NEAR = 1e-4  # some of it is in single precision


def refused_otherwise(edit: Edit, package: ModuleType) -> str | None:
    """The first call that ends otherwise than with the committed files."""
    modules = users(edit.file)
    for name, kernel in functions(MODULES):
        if name.rpartition(".")[0] in modules and isinstance(kernel, Kernel):
            for what, given in _spoilt(name):
                wanted, found = (_end(one, name, given) for one in (generated, package))
                if not _alike(wanted, found):
                    return f"{name} given {what}"
    return None


@cache
def _spoilt(name: str) -> list[tuple[str, Given]]:
    given = {key: v if np.ndim(v) else np.asarray(v)[()] for key, v in cases(name)[-1].items()}
    return [
        (f"{what} {argument}", {**given, argument: value})
        for argument in given
        for what, value in _others(np.asarray(given[argument]))
    ] + [
        ("lists", {key: np.asarray(value).tolist() for key, value in given.items()}),
        ("single precision", {key: _single(value) for key, value in given.items()}),
        ("small integers", {key: _small(value) for key, value in given.items()}),
    ]


def _single(value: Any) -> Any:
    return np.float32(value) if np.asarray(value).dtype == np.float64 else value


def _small(value: Any) -> Any:
    return value if np.asarray(value).dtype == np.float64 else np.asarray(value, np.int32)


def _others(value: Any) -> Iterator[tuple[str, Any]]:
    yield "a string for", "word"
    yield "None for", None
    yield "true values for", value > 0
    yield "complex numbers for", value + 0j
    if value.ndim:
        yield "fewer places in", value[:-1]
        yield "more places in", np.concatenate([value, value[:1]])
        yield "no places in", value[:0]
        yield "one axis more in", value[np.newaxis]
        yield "one axis less in", value[0]
        yield "fewer columns in", value[..., :-1]
        yield "ragged rows in", [[0], [0, 0]]
    if value.dtype.kind == "i":
        for word in (-1, 3, 1000):
            changed = value.copy() if value.ndim else np.array(value)
            changed.flat[-1:] = word
            yield f"the word {word} in", changed if value.ndim else word
        yield "numbers for", value.astype(float)
    else:
        yield "single precision for", value.astype(np.float32)
        yield "half precision for", value.astype(np.float16)
        yield "integers for", np.rint(value).astype(int)


def _end(package: ModuleType, name: str, given: Given) -> Any:
    """The arrays that come out or are left behind, or what is raised."""
    module, function = name.split(".")
    own = {key: _copied(value) for key, value in given.items()}
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = getattr(getattr(package, module), function)(**own)
    except Exception as error:
        return type(error).__name__, str(error)
    results = result if isinstance(result, tuple) and not hasattr(result, "rows") else (result,)
    parts = [p for one in results for p in (one if hasattr(one, "rows") else (one,))]
    left = [value for value in own.values() if isinstance(value, np.ndarray)]
    return [np.asarray(part) for part in (*parts, *left) if part is not None]


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _alike(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, tuple) or isinstance(found, tuple):
        return bool(isinstance(wanted, tuple) and wanted == found)
    pairs = zip(wanted, found, strict=False)
    return len(wanted) == len(found) and all(_near(one, other) for one, other in pairs)


def _near(one: Any, other: Any) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return bool(np.allclose(one, other, rtol=NEAR, atol=NEAR, equal_nan=True))


FUNCTIONS = dict(functions(MODULES))
EXAMPLES = 25
ARGUMENTS = (
    "bad_arguments_are_refused_before_any_work",
    "wrong_arguments_are_refused_and_change_nothing",
)


@cache
def _stated() -> dict[str, Equality]:
    return equalities(CLAIMS)


def symbolic(edit: Edit, texts: Mapping[str, str], plan: Plan = QUICK) -> str | None:
    """What running the files on symbols finds wrong."""
    ways = loadings(texts)
    modules = users(edit.file)
    names = [name for name in names_of(MODULES) if name.rpartition(".")[0] in modules]
    for name in sorted(names, key=_cost):
        found = report(name, FUNCTIONS.get(name), _stated(), ways, plan)
        if not found.proved:
            return str(next(iter(found.count.failures), "nothing was decided"))
    return None


def _cost(name: str) -> int:
    """The short runs first; the sort keeps the order otherwise."""
    return ("_runtime" in name) + 2 * ("spans" in name)


def hypothesis(edit: Edit, package: ModuleType) -> str | None:
    """The first property of the kernels that does not hold, arguments apart."""
    return _first_broken(edit, package, of_arguments=False)


def argument_checks(edit: Edit, package: ModuleType) -> str | None:
    """A wrong argument that is not refused as it should be."""
    broken = _first_broken(edit, package, of_arguments=True)
    return broken or _not_refused(package) or refused_otherwise(edit, package)


def _first_broken(edit: Edit, package: ModuleType, *, of_arguments: bool) -> str | None:
    modules = users(edit.file)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, check in _checks(modules, of_arguments):
            try:
                check(package)
            except Exception:
                return name
    return None


Check = tuple[str, Callable[[ModuleType], None]]


def _checks(modules: set[str], of_arguments: bool) -> Iterator[Check]:
    pairs = {"naive_softmax", "negative_sampling", "skip_gram"} & modules
    for prop in OF_PAIRS if pairs else ():
        if (prop.name in ARGUMENTS) == of_arguments:
            yield prop.name, _of_property(prop)
    for prop in OF_SPANS if "spans" in modules else ():
        if (prop.name in ARGUMENTS) == of_arguments:
            yield prop.name, _of_property(prop)
    for kind in KINDS if not of_arguments else ():
        if kind.module in modules:
            for check in CHECKS:
                yield f"{kind.name} {check.__name__}", _of_kind(kind, check)


def _of_property(prop: Property) -> Callable[[ModuleType], None]:
    def check(package: ModuleType) -> None:
        for case in examples(prop, 200 if prop.name in ARGUMENTS else EXAMPLES):
            prop.check(package, case)

    return check


def _of_kind(kind: Any, check: Callable[..., None]) -> Callable[[ModuleType], None]:
    def every(package: ModuleType) -> None:
        for case in subject_examples(kind)[:EXAMPLES]:
            check(package, kind, case)

    return every


def _not_refused(package: ModuleType) -> str | None:
    for function, given, change, error, message in REFUSED:
        module = function.__module__.split(".")[-1]
        spoilt = getattr(getattr(package, module), function.__name__)
        try:
            spoilt(**{**given, **change})
        except error as refusal:
            if _matches(message, str(refusal)):
                continue
        except Exception as other:
            return f"{module}.{function.__name__}: {type(other).__name__}"
        return f"{module}.{function.__name__} does not refuse {next(iter(change), '')}"
    return None


@cache
def _pattern(message: str) -> Any:
    import re

    return re.compile(message)


def _matches(message: str, text: str) -> bool:
    return _pattern(message).search(text) is not None


T = TypeVar("T")
BYTES = 4 * 2**30  # of addresses
Work = Callable[[T, Callable[[Any], None]], None]


def in_forks(
    work: Work[T], things: Sequence[T], jobs: int, seconds: int
) -> Iterator[tuple[T, list[Any]]]:
    """For each thing what ``work(thing, send)`` sent, in the order in which they end."""
    fork = multiprocessing.get_context("fork")
    left = list(reversed(things))
    running: dict[Connection, tuple[Any, T, list[Any]]] = {}
    try:
        while left or running:
            while left and len(running) < jobs:
                thing = left.pop()
                receiving, sending = fork.Pipe(duplex=False)
                process = fork.Process(target=_bounded, args=(work, thing, sending, seconds))
                process.start()
                sending.close()
                running[receiving] = process, thing, []
            for one in wait(list(running)):
                assert isinstance(one, Connection)
                process, thing, sent = running[one]
                try:
                    sent.append(one.recv())
                except (EOFError, OSError):
                    process.join()
                    one.close()
                    del running[one]
                    yield thing, sent
    finally:
        for process, _, _ in running.values():
            process.kill()


def _bounded(work: Work[T], thing: T, sending: Connection, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    work(thing, sending.send)


SECONDS = 30.0  # of the processor's time, for each layer
SHARE = 4  # one of so many that symbols see is given to the properties as well
ENDLESS = "does not end"
MORE_SECONDS = 10.0  # for sizes beyond the quick plan
LARGER = Plan(most=3, sizes=12, each=Limits(1, 1, 1), few=Limits(1, 1, 1), paths=4)
ASKED = ("symbolic", "numbers", "bytes", "arguments", "asked")
LAYERS = 6  # that may each take all of their time


@dataclass(frozen=True)
class Fate:
    """What each layer said of a mutant: None where it saw nothing, or was not asked."""

    edit: Edit
    symbolic: str | None = None
    numbers: str | None = None
    bytes: str | None = None  # a kernel whose numbers are the same but for rounding
    arguments: str | None = None
    hypothesis: str | None = None
    asked: bool = False  # whether the properties were
    seconds: float = 0.0

    @property
    def missed(self) -> bool:
        """Whether other numbers come out, and running on symbols did not see it."""
        return self.symbolic is None and self.numbers is not None

    @property
    def late(self) -> bool:
        """Whether all that symbols see is that it takes too long, or too much memory."""
        return self.symbolic is not None and self.symbolic.startswith(ENDLESS)


def fate(edit: Edit) -> Fate:
    """What all layers say, asked in this process."""
    said: dict[str, Any] = {}
    ask(edit, lambda pair: said.update([pair]))
    return Fate(edit, **said)


def ask(edit: Edit, tell: Callable[[Any], None]) -> None:
    """Ask every layer and tell what it says: its name, and what it saw.

    The properties, which take longest, are asked of a share of what symbols see, too. What the
    first plan passes is run at more sizes as long as there is time.
    """
    start = process_time()
    texts = spoilt(edit)
    seen = limited(lambda: symbolic(edit, texts, QUICK))
    if seen is None:
        seen = limited(lambda: symbolic(edit, texts, LARGER), MORE_SECONDS, late=None)
    tell(("symbolic", seen))
    try:
        package = package_of(texts)
    except Exception as error:
        tell(("numbers", f"the import fails: {type(error).__name__}"))
        return
    tell(("numbers", limited(lambda: differs(edit, package))))
    tell(("bytes", limited(lambda: differs(edit, package, 0.0))))
    tell(("arguments", limited(lambda: argument_checks(edit, package))))
    asked = seen is None or crc32(str(edit).encode()) % SHARE == 0
    tell(("asked", asked))
    if asked:
        tell(("hypothesis", limited(lambda: hypothesis(edit, package))))
    tell(("seconds", process_time() - start))


def false_alarm(file: str) -> str | None:
    """What a layer finds wrong with the files as they are; their examples are then at hand."""
    nothing = Edit(file, 0, "", "nothing", 0, 0, "", "")
    found = fate(nothing)
    return found.symbolic or found.numbers or found.bytes or found.arguments or found.hypothesis


def limited(
    layer: Callable[[], str | None], seconds: float | None = None, late: str | None = ENDLESS
) -> str | None:
    """What a layer sees; that it comes to no end, or asks for all memory, is seen as well."""
    try:
        with time_limit(seconds or SECONDS, of_processor=True):
            return layer()
    except OutOfTime:
        return late and f"{late}: more than {SECONDS:g} s"
    except MemoryError:
        return f"{ENDLESS}: out of memory"


def run(
    edits: Sequence[Edit],
    jobs: int = 1,
    progress: Callable[[Fate], None] = lambda fate: None,
) -> list[Fate]:
    """The fate of each, in the order of the edits; ``progress`` hears of every one as it ends."""
    found: dict[Edit, Fate] = {}
    for edit, told in in_forks(ask, edits, jobs, int(SECONDS * LAYERS)):
        said = dict(told)
        left = [layer for layer in ASKED if layer not in said]
        if left and not str(said.get("numbers")).startswith("the import fails"):
            said[left[0]] = f"{ENDLESS}: its process ended"
        found[edit] = Fate(edit, **said)
        progress(found[edit])
    return [found[edit] for edit in edits]


FILE = Path(__file__).with_name("survivors.toml")
REASONS = {
    "range": "differs only where numbers overflow, vanish or are not finite",
    "rounding": "the same in the reals, rounded otherwise",
    "arguments": "differs only in which arguments are refused, or with which words",
    "speed": "differs only in time, memory or how much is done at once",
    "equivalent": "the same bytes in every kernel",
    "unused": "a case of a helper that no kernel comes to; nothing is proved of it",
    "gap": "other mathematics, which symbols should have seen",
}
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Look:
    """One edit of the table: its reason, a key of `REASONS`, and what shows it."""

    key: Key
    reason: str
    why: str


def key_of(edit: Edit) -> Key:
    """An edit by the text of its line, so that it is known again when other lines change."""
    line = TEXTS[edit.file].splitlines()[edit.line - 1]
    return edit.file, line.split("  # ")[0].strip(), edit.kind, edit.change


def looked_at(path: Path = FILE) -> dict[Key, Look]:
    """The table; ValueError if a reason is none, or an edit is there twice."""
    found: dict[Key, Look] = {}
    for look in _looks(path):
        if look.reason not in REASONS or not look.why:
            raise ValueError(f"{look.key}: {look.reason!r} is no reason, or does not say why")
        if look.key in found:
            raise ValueError(f"{look.key} is there twice")
        found[look.key] = look
    return found


def _looks(path: Path) -> Iterator[Look]:
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("edit", []):
        for change in entry["changes"]:
            key = entry["file"], entry["line"], entry["kind"], change
            yield Look(key, entry["reason"], entry["why"])


@dataclass
class Judged:
    """The survivors of the run on symbols by reason, and what fails the campaign."""

    by_reason: dict[str, list[Fate]] = field(default_factory=dict)
    missed: list[Fate] = field(default_factory=list)
    unlisted: list[Fate] = field(default_factory=list)
    contradicted: list[tuple[Fate, str]] = field(default_factory=list)
    stale: list[tuple[Key, str]] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether symbols missed something, or a survivor is not explained."""
        gaps = self.by_reason.get("gap")
        return bool(self.missed or self.unlisted or self.contradicted or gaps)


def judged(fates: Sequence[Fate], table: Mapping[Key, Look], every: Sequence[Edit]) -> Judged:
    """Sort the fates; ``every`` edit there is tells which entries have lost their place."""
    found = Judged()
    for fate in fates:
        look = table.get(key_of(fate.edit))
        if fate.symbolic is not None:
            if look:
                found.stale.append((look.key, f"symbols see it: {fate.symbolic}"))
        elif fate.numbers is not None:
            found.missed.append(fate)
        elif look and (wrong := contradiction(fate, look)):
            found.contradicted.append((fate, wrong))
        elif look:
            found.by_reason.setdefault(look.reason, []).append(fate)
        elif fate.arguments is not None:
            found.by_reason.setdefault("arguments", []).append(fate)
        else:
            found.unlisted.append(fate)
    places = {key_of(edit) for edit in every}
    found.stale += [(key, "no such place") for key in table if key not in places]
    return found


def contradiction(fate: Fate, look: Look) -> str | None:
    """What the layers say against the reason a survivor is listed with."""
    if look.reason == "gap":
        return None
    if look.reason in ("equivalent", "unused"):
        seen = fate.hypothesis or fate.arguments or fate.bytes
        return seen and f"listed as {look.reason}, but seen: {seen}"
    if look.reason == "speed" and (seen := fate.hypothesis or fate.bytes):
        return f"listed as speed, but seen: {seen}"
    if look.reason == "arguments" and fate.bytes:  # properties refuse some arguments, too
        return f"listed as arguments, but seen: {fate.bytes}"
    if look.reason in ("rounding", "range") and fate.arguments:
        return f"listed as {look.reason}, but arguments: {fate.arguments}"
    return None


COLUMNS = ("mutants", "symbols", "late", "numbers", "arguments", "properties", "asked", "left")


def counts(fates: Sequence[Fate]) -> dict[str, int]:
    """How many each layer saw; ``late`` are those of symbols that did not end in time."""
    found = Counter[str]()
    for fate in fates:
        found["mutants"] += 1
        found["symbols"] += fate.symbolic is not None
        found["late"] += fate.late
        found["numbers"] += fate.numbers is not None
        found["arguments"] += fate.arguments is not None
        found["properties"] += fate.hypothesis is not None
        found["asked"] += fate.asked
        found["left"] += fate.symbolic is None
    return {name: found[name] for name in COLUMNS}


def rows(fates: Sequence[Fate]) -> dict[str, dict[str, int]]:
    """The counts of each file, and of all."""
    files = sorted({fate.edit.file for fate in fates})
    by_file = {file: counts([fate for fate in fates if fate.edit.file == file]) for file in files}
    return {**by_file, "all": counts(fates)}


def lines(fates: Sequence[Fate], found: Judged) -> Iterator[str]:
    """The table, the survivors by reason, and what is wrong."""
    yield f"{'':24}" + "".join(f"{name:>11}" for name in COLUMNS)
    for file, row in rows(fates).items():
        yield f"{file:24}" + "".join(f"{row[name]:11,}" for name in COLUMNS)
    table = looked_at()
    for reason, meaning in REASONS.items():
        some = found.by_reason.get(reason, [])
        if some:
            yield f"\n{reason}: {len(some)}, {meaning}"
        for fate in some:
            look = table.get(key_of(fate.edit))
            yield f"    {fate.edit}\n        {look.why if look else fate.arguments}"
    for title, wrong in (
        ("MISSED: symbols pass it, other numbers come out", found.missed),
        ("NOT LOOKED AT: symbols pass it, and no reason is listed", found.unlisted),
    ):
        for fate in wrong:
            yield f"\n{title}\n{fate.edit}\n{fate.edit.diff(TEXTS[fate.edit.file])}\n{_seen(fate)}"
    for fate, why in found.contradicted:
        yield f"\nCONTRADICTED: {fate.edit}\n    {why}"
    for key, why in found.stale:
        yield f"stale: {' | '.join(key)}: {why}"


def _seen(fate: Fate) -> str:
    names = ("numbers", "bytes", "hypothesis", "arguments")
    said = [f"{name}: {value}" for name in names if (value := getattr(fate, name))]
    return "; ".join(said) or "no layer sees it, and all outputs are the same bytes"


def as_json(fates: Sequence[Fate], found: Judged, seconds: float) -> str:
    """The same for scripts: every mutant with what each layer said."""
    document = {
        "seconds": round(seconds, 1),
        "failed": found.failed,
        "files": rows(fates),
        "reasons": {reason: len(some) for reason, some in found.by_reason.items()},
        "missed": [str(fate.edit) for fate in found.missed],
        "not looked at": [str(fate.edit) for fate in found.unlisted],
        "contradicted": [[str(fate.edit), why] for fate, why in found.contradicted],
        "stale": [[*key, why] for key, why in found.stale],
        "mutants": [_mutant(fate) for fate in fates],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _mutant(fate: Fate) -> dict[str, Any]:
    file, text, kind, change = key_of(fate.edit)
    layers = ("symbolic", "numbers", "bytes", "arguments", "hypothesis", "asked")
    said = {name: getattr(fate, name) for name in layers}
    place = {"file": file, "number": fate.edit.line, "line": text}
    return {**place, "kind": kind, "change": change, **said, "seconds": round(fate.seconds, 2)}


SHARED = "_runtime/arguments.py"  # what every kernel uses
EVERY = 50  # mutants between two lines of progress where there is no terminal


def main(arguments: list[str] | None = None) -> int:
    """0 if symbols see every mutant but those that are explained, 1 if not, 130 interrupted."""
    options = _parser().parse_args(arguments)
    start = perf_counter()
    edits = drawn(options.count, options.seed, options.files)
    alarm = false_alarm(SHARED)
    if alarm:
        print(f"the files as they are do not pass: {alarm}")
        return 1
    done = 0
    try:
        with progress(len(edits)) as on_done:

            def one_done(fate: Fate) -> None:
                nonlocal done
                done += 1
                on_done(f"{fate.edit.file}:{fate.edit.line}")
                if done % EVERY == 0 and not sys.stderr.isatty():
                    print(f"{done:,} of {len(edits):,}", file=sys.stderr, flush=True)

            fates = run(edits, options.jobs, one_done)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    found = judged(fates, looked_at(), list(all_edits()))
    seconds = perf_counter() - start
    if options.format == "json":
        print(as_json(fates, found, seconds))
    else:
        print("\n".join(lines(fates, found)))
        print(f"{seconds:.0f} s", file=sys.stderr)
    return int(found.failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.code_mutants.run",
        description="Makes one edit at a time in the files of generated/ and asks each layer of "
        "checks: the run on symbols, the properties of the kernels with a few examples each, the "
        "refusal of wrong arguments. Ordinary numbers tell whether an edit changes what is "
        "computed. What symbols pass has to be listed, with a reason, in survivors.toml.",
        epilog="Exit status: 0 all that symbols pass is explained, 1 it is not, or they pass an "
        "edit that changes the numbers, 2 wrong usage, 130 interrupted.",
    )
    parser.add_argument("--count", type=positive, default=650, help="how many mutants (650)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    parser.add_argument("--jobs", type=positive, default=1, help="how many processes (1)")
    parser.add_argument(
        "--files", nargs="+", default=(), choices=sorted(TEXTS), metavar="FILE", help="only these"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    return parser


if __name__ == "__main__":
    sys.exit(main())
