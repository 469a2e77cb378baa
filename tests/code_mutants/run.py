"""What becomes of each mutant, which survivors are explained, and what the campaign says."""

from __future__ import annotations

import json
import multiprocessing
import resource
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import process_time
from typing import Any, TypeVar
from zlib import crc32

from codegen.execute.specification import QUICK, Limits, Plan
from tests.code_mutants.layers import argument_checks, differs, hypothesis, symbolic
from tests.code_mutants.sites import TEXTS, Edit, spoilt
from tests.planting import OutOfTime, package_of, time_limit

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
    seen = _limited(lambda: symbolic(edit, texts, QUICK))
    if seen is None:
        seen = _limited(lambda: symbolic(edit, texts, LARGER), MORE_SECONDS, late=None)
    tell(("symbolic", seen))
    try:
        package = package_of(texts)
    except Exception as error:
        tell(("numbers", f"the import fails: {type(error).__name__}"))
        return
    tell(("numbers", _limited(lambda: differs(edit, package))))
    tell(("bytes", _limited(lambda: differs(edit, package, 0.0))))
    tell(("arguments", _limited(lambda: argument_checks(edit, package))))
    asked = seen is None or crc32(str(edit).encode()) % SHARE == 0
    tell(("asked", asked))
    if asked:
        tell(("hypothesis", _limited(lambda: hypothesis(edit, package))))
    tell(("seconds", process_time() - start))


def false_alarm(file: str) -> str | None:
    """What a layer finds wrong with the files as they are; their examples are then at hand."""
    nothing = Edit(file, 0, "", "nothing", 0, 0, "", "")
    found = fate(nothing)
    return found.symbolic or found.numbers or found.bytes or found.arguments or found.hypothesis


def _limited(
    layer: Callable[[], str | None], seconds: float | None = None, late: str | None = ENDLESS
) -> str | None:
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


FILE = Path(__file__).with_name("looked_at.toml")
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
