"""Runs of Coq on certificates, and how much of what was judged it accepted (coverage).

Files are compiled, answers read and kept, or files are written only. What is to be certified, what
Coq accepted and a record of it are told as a table of coverage, and as JSON.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from threading import Event

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from derivations.certify.theorem import (
    EVERY_FILE,
    LOGICAL,
    Certificate,
    certificate,
    head,
    library_digest,
    sources,
)
from derivations.certify.writer import NotCovered
from derivations.claim import Judgement, Verdict
from derivations.report.judging import judge_all
from derivations.report.stdio import escaped
from derivations.report.style import BAD, GOOD, HEADING
from derivations.report.subject import Subject

# Handing files to Coq: what it accepted, on which axioms, and what it said of the rest.
#
# Many theorems share a file, since Coq takes seconds to load what they rest on. Coq stops at the
# first that it does not accept; that one is named, and the others after it are tried again.


MOST_SECONDS = 300  # for one proof; the slowest takes some ten seconds
MOST_SECONDS_A_FILE = 1800
INSTALL = """\
coqc was not found: the certificates are checked by Coq 8.16 or newer with the libraries
Coquelicot and Interval. On Debian or Ubuntu:
  apt-get install coq libcoq-coquelicot libcoq-interval
With opam:
  opam install coq coq-coquelicot coq-interval
Without Coq, --emit DIR still writes all theorems and proofs, to be read or checked elsewhere."""

_ERROR = re.compile(r'^File "[^"]*", line (\d+), characters [^\n]*\n(?!Warning)(.*)', re.M | re.S)
_MARK = "accepted so far"
_AXIOM = re.compile(r"^(\S+)\s*:", re.M)  # its type may stand on the next line


class NoCoq(Exception):
    """Coq, or a library it needs, is not there."""


@dataclass(frozen=True)
class Checked:
    """What Coq said of one certificate: the axioms it rests on, or why it was not accepted."""

    certificate: Certificate
    axioms: frozenset[str]
    complaint: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the proof was accepted and rests on the allowed axioms alone."""
        return not self.complaint and self.axioms <= self.certificate.axioms

    @property
    def reason(self) -> str:
        """Why it was not accepted."""
        return (
            self.complaint or f"rests on {', '.join(sorted(self.axioms - self.certificate.axioms))}"
        )


@cache
def version() -> str:
    """What Coq calls itself; raises NoCoq."""
    if which("coqc") is None:
        raise NoCoq(INSTALL)
    done = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True)
    return done.stdout.strip()


def compile_library(folder: Path) -> None:
    """Compile the library in ``folder``, unless it is there already; raises NoCoq."""
    version()
    if all((folder / f"{name}.vo").exists() for name in EVERY_FILE):
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sources().items():
        path = folder / f"{name}.v"
        path.write_text(text, encoding="utf-8")
        done = _coqc(path, folder)
        if done.returncode:
            raise NoCoq(f"the library does not compile here.\n{done.stderr}\n{INSTALL}")


def check(
    certificates: Sequence[Certificate],
    library: Path,
    file: Path,
    on_checked: Callable[[Checked], None],
) -> None:
    """Have Coq check the certificates in one file, again from the next where one fails."""
    left = list(certificates)
    singly = False
    while left:
        file.write_text(file_text(left, timed=True, singly=singly), encoding="utf-8")
        done = _coqc(file, library)
        if done.returncode:
            failed = left.pop(done.stdout.count(_MARK))
            on_checked(Checked(failed, frozenset(), _complaint(done.stderr)))
            continue
        answers = _assumptions(done.stdout)
        groups = [[each] for each in left] if singly else _groups(left)
        found = [
            Checked(each, names)
            for group, names in zip(groups, answers, strict=True)
            for each in group
        ]
        if singly or all(each.accepted for each in found):
            for each in found:
                on_checked(each)
            return
        singly = True  # to name those that rest on more than they may


def _groups(certificates: Sequence[Certificate]) -> list[list[Certificate]]:
    """Those that may rest on the same axioms: asking of each alone takes longer than proving it."""
    kinds = dict.fromkeys(each.axioms for each in certificates)
    return [[each for each in certificates if each.axioms == kind] for kind in kinds]


def file_text(
    certificates: Sequence[Certificate], *, timed: bool = False, singly: bool = False
) -> str:
    """The theorems in one file, and after them the question on what they rest."""
    clock = f"Set Default Timeout {MOST_SECONDS}.\n" if timed else ""
    mark = f'Goal True. idtac "{_MARK}". Abort.\n' if timed else ""
    groups = [[each] for each in certificates] if singly else _groups(certificates)
    questions = [
        f"Definition theorems_{number} :=\n  ({', '.join(each.theorem for each in group)}).\n"
        f"Print Assumptions theorems_{number}.\n"
        for number, group in enumerate(groups)
    ]
    above = head(smooth=any(each.smooth for each in certificates)) + clock
    return "\n".join([above, *(each.text + mark for each in certificates), *questions])


def _coqc(path: Path, library: Path) -> subprocess.CompletedProcess[str]:
    command = ["coqc", "-q", "-w", "none", "-R", str(library), LOGICAL, str(path)]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=MOST_SECONDS_A_FILE, cwd=path.parent
        )
    except subprocess.TimeoutExpired as late:
        stdout = late.stdout.decode() if isinstance(late.stdout, bytes) else (late.stdout or "")
        return subprocess.CompletedProcess(command, 1, stdout, "not checked in time")


def _assumptions(output: str) -> list[frozenset[str]]:
    """The axioms of each theorem, in the order asked."""
    blocks = re.split(r"^(?=Axioms:|Closed under)", output, flags=re.M)[1:]
    return [frozenset(_AXIOM.findall(block.partition("Axioms:")[2])) for block in blocks]


def _complaint(errors: str) -> str:
    found = _ERROR.search(errors)
    said = found[2] if found else errors
    return " ".join(said.replace("Error:", "").split())[:500] or "Coq gave no reason"


# What Coq accepted before, by content: the library, the theorem, its proof and Coq's version.


def default_folder() -> Path:
    """Where caches belong: ``$XDG_CACHE_HOME``, or ``~/.cache``."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "proved-kernels"


class Store:
    """A folder with one small file for each certificate that was accepted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def library(self) -> Path:
        """The folder of the compiled library."""
        key = sha256(f"{version()}\n{library_digest()}".encode()).hexdigest()
        return self.folder / f"library-{key[:16]}"

    def find(self, certificate: Certificate) -> Checked | None:
        """What was found before; None where nothing was, or what is there cannot be read."""
        try:
            known = json.loads(self._file(certificate).read_text(encoding="utf-8"))
            return Checked(certificate, frozenset(map(str, known["axioms"])))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, checked: Checked) -> None:
        """Keep what was accepted."""
        file = self._file(checked.certificate)
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps({"axioms": sorted(checked.axioms)}), encoding="utf-8")
        beside.replace(file)

    def _file(self, certificate: Certificate) -> Path:
        key = sha256(f"{version()}\n{certificate.digest}".encode()).hexdigest()
        return self.folder / "accepted" / f"{key}.json"


# Checking many certificates: those not known from before, file by file, a few at a time.


def check_all(
    certificates: Sequence[Certificate], store: Store, jobs: int, on_checked: Callable[[str], None]
) -> dict[str, Checked]:
    """What Coq says of each certificate, by key; raises NoCoq.

    ``on_checked`` hears of each.
    """
    compile_library(store.library)
    found: dict[str, Checked] = {}
    stopping = Event()

    def keep(checked: Checked) -> None:
        if stopping.is_set():  # Coq was interrupted, and did not say no
            raise InterruptedError
        if checked.accepted:
            store.keep(checked)
        found[checked.certificate.key] = checked
        on_checked(checked.certificate.key)

    waiting: dict[str, list[Certificate]] = {}
    for one in certificates:
        known = store.find(one)
        if known is None:
            waiting.setdefault(one.file, []).append(one)
        else:
            keep(known)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        largest_first = sorted(waiting.items(), key=lambda item: -len(item[1]))
        futures = [
            pool.submit(check, each, store.library, Path(folder) / f"{name}.v", keep)
            for name, each in largest_first
        ]
        try:
            for future in futures:
                future.result()
        except BaseException:
            stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


# Writing the theorems to a folder, with the library and how to check them.


README = f"""\
The theorems and their proofs; library/ is what they rest on. To check all of them:

  coq_makefile -f _CoqProject -o Makefile && make

Coq 8.16 or newer is needed, with Coquelicot and Interval.
Each file ends with Print Assumptions, which answers with the axioms its theorems rest on.
({LOGICAL} is the name of this folder in Coq.)
"""
QUIET = "-arg -w -arg -ambiguous-paths"  # what Coq says of Coquelicot beside Interval


def emit(certificates: Iterable[Certificate], folder: Path) -> int:
    """Write everything to ``folder`` and return how many theorems there are; raises OSError."""
    files: dict[str, list[Certificate]] = {}
    for one in certificates:
        files.setdefault(one.file, []).append(one)
    library = folder / "library"
    library.mkdir(parents=True, exist_ok=True)
    for name, text in sources().items():
        (library / f"{name}.v").write_text(text, encoding="utf-8")
    for name, each in files.items():
        (folder / f"{name}.v").write_text(file_text(each), encoding="utf-8")
    listed = [
        *(f"library/{name}.v" for name in EVERY_FILE),
        *(f"{name}.v" for name in sorted(files)),
    ]
    project = "\n".join([f"-R . {LOGICAL}", QUIET, *listed]) + "\n"
    (folder / "_CoqProject").write_text(project, encoding="utf-8")
    (folder / "README").write_text(README, encoding="utf-8")
    return sum(map(len, files.values()))


# What is to be certified: the judgements of each subject, and what is not covered and why.


class Disagreed(Exception):
    """Two arguments about one claim came to different ends: an error of this project."""


@dataclass
class Plan:
    """All judgements by subject and id, their certificates, and why there is none of the others.

    ``unread`` are the lines that are not read, with the reasons.
    """

    certificates: list[Certificate] = field(default_factory=list)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    uncovered: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)


def plan_of(subjects: Mapping[str, Subject]) -> Plan:
    """Judge everything and write its certificates; raises Disagreed."""
    plan = Plan()
    for name, subject in subjects.items():
        for line in subject.lines:
            if line.unread:
                plan.unread[f"{name}/{line.id}"] = str(line.unread)
        for judgement in judge_all(subject.everything, None, "default", lambda _: None):
            if judgement.disagreement:
                raise Disagreed(f"about {judgement.claim.id}:\n  {judgement.reason}")
            key = f"{name}/{judgement.claim.id}"
            plan.judgements[key] = judgement
            try:
                plan.certificates.append(certificate(name, judgement))
            except NotCovered as reason:
                plan.uncovered[key] = str(reason)
    return plan


def is_expected(judgement: Judgement) -> bool:
    """Whether there has to be a certificate: the claim was found true or false."""
    return judgement.verdict in (Verdict.PROVED, Verdict.REFUTED)


# What a run came to: every judgement with its certificate, or why it has none.


def subject_of(key: str) -> str:
    """The subject that an id stands under."""
    return key.partition("/")[0]


@dataclass(frozen=True)
class Entry:
    """One judgement: its subject and id, the verdict, and what became of its certificate."""

    key: str
    verdict: str
    theorem: str
    accepted: bool
    expected: bool
    reason: str


@dataclass(frozen=True)
class Outcome:
    """A plan and what Coq said of its certificates."""

    plan: Plan
    checked: dict[str, Checked]

    @property
    def entries(self) -> Iterator[Entry]:
        """Every judgement in order, then the lines that are not read."""
        for key, judgement in self.plan.judgements.items():
            checked = self.checked.get(key)
            yield Entry(
                key,
                judgement.verdict.value,
                checked.certificate.theorem if checked else "",
                bool(checked and checked.accepted),
                is_expected(judgement),
                self._reason(key, checked),
            )
        for key, reason in self.plan.unread.items():
            yield Entry(
                key, Verdict.NOT_READ.value, "", accepted=False, expected=False, reason=reason
            )

    def _reason(self, key: str, checked: Checked | None) -> str:
        if checked is None:
            return self.plan.uncovered[key]
        return "" if checked.accepted else checked.reason

    @property
    def subjects(self) -> frozenset[str]:
        """What the run was of."""
        return frozenset(map(subject_of, self.plan.judgements))

    @property
    def failures(self) -> list[Entry]:
        """What is proved or refuted, and stated in Coq, and not accepted there."""
        return [entry for entry in self.entries if entry.theorem and not entry.accepted]

    @property
    def not_reached(self) -> list[Entry]:
        """What is proved or refuted, and not stated in Coq; the reason says why."""
        return [entry for entry in self.entries if entry.expected and not entry.theorem]


# The committed list of what Coq accepted: by id, the theorem and the digest of what was checked.
#
# Written by ``python -m derivations.certify --record`` after Coq accepted it, and by nothing
# else; of subjects that were not run, what was written before stays. A digest is of the
# statement, its proof and the library; where it is the one that the claim has now, the claim is
# the one that was checked, and this can be said without Coq.


CHECKED = Path(__file__).with_name("checked.json")
COMMAND = "python -m derivations.certify"

Recorded = dict[str, dict[str, str]]


def record(outcome: Outcome, file: Path = CHECKED) -> None:
    """Write down what was accepted."""
    known = {
        key: {"theorem": checked.certificate.theorem, "digest": checked.certificate.digest}
        for key, checked in outcome.checked.items()
        if checked.accepted
    }
    others = {key: entry for key, entry in recorded(file).items() if not _was_run(key, outcome)}
    recorded.cache_clear()
    text = json.dumps(dict(sorted({**others, **known}.items())), indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def _was_run(key: str, outcome: Outcome) -> bool:
    return subject_of(key) in outcome.subjects


@cache
def recorded(file: Path = CHECKED) -> Recorded:
    """What was written down; nothing where there is no such file."""
    if not file.exists():
        return {}
    known: Recorded = json.loads(file.read_text(encoding="utf-8"))
    return known


def out_of_date(outcome: Outcome, file: Path = CHECKED) -> list[str]:
    """The ids of which the record says something else than what was just checked."""
    now = {key: each.certificate.digest for key, each in outcome.checked.items() if each.accepted}
    then = {key: entry["digest"] for key, entry in recorded(file).items() if _was_run(key, outcome)}
    return sorted(key for key in now.keys() | then.keys() if now.get(key) != then.get(key))


def standing(subject: str, judgements: Iterable[Judgement]) -> Iterator[str]:
    """For each judgement its theorem, and whether what Coq accepted is what is claimed now."""
    for judgement in judgements:
        key = f"{subject}/{judgement.claim.id}"
        try:
            now = certificate(subject, judgement)
        except NotCovered as reason:
            yield f"{key}: no theorem ({reason})"
            continue
        known = recorded().get(key)
        if known is None:
            said = f"not checked; {COMMAND} does"
        elif known["digest"] == now.digest:
            said = "checked by Coq; the digest is current"
        else:
            said = f"what Coq checked was something else; check it anew with {COMMAND}"
        yield f"{now.theorem} in {now.file}.v: {said}"


def table(outcome: Outcome) -> RenderableType:
    """How many theorems of each subject and kind were accepted, and what has none, by name."""
    entries = list(outcome.entries)
    counts = Table(box=SIMPLE_HEAD, header_style=HEADING)
    counts.add_column("subject")
    for heading in ("proved", "certified", "refuted", "certified", "without a certificate"):
        counts.add_column(heading, justify="right")
    for subject in dict.fromkeys(subject_of(entry.key) for entry in entries):
        of_it = [entry for entry in entries if subject_of(entry.key) == subject]
        counts.add_row(subject, *_counts(of_it))
    bare = [entry for entry in entries if not entry.accepted]
    names = [f"  {entry.key}  ({entry.verdict})  {entry.reason}" for entry in bare]
    reasons = [Text("\nWithout a certificate", HEADING), *map(Text, names)] if names else []
    return Group(counts, *reasons, Text("\n"), _summary(outcome, entries))


def _counts(entries: list[Entry]) -> list[str]:
    cells = []
    for verdict in ("proved", "refuted"):
        of_kind = [entry for entry in entries if entry.verdict == verdict]
        cells += [str(len(of_kind)), str(sum(entry.accepted for entry in of_kind))]
    return [*cells, str(sum(not entry.accepted for entry in entries))]


def _summary(outcome: Outcome, entries: Iterable[Entry]) -> Text:
    accepted = [entry for entry in entries if entry.accepted]
    kinds = [sum(entry.verdict == kind for entry in accepted) for kind in ("proved", "refuted")]
    text = (
        f"Coq accepts {len(accepted)} theorems: {kinds[0]} for all sizes, {kinds[1]} at a witness"
    )
    if outcome.not_reached:
        text += f" · {len(outcome.not_reached)} judged and not stated in Coq"
    if outcome.failures:
        return Text(f"✗ {text} · {len(outcome.failures)} stated and not accepted", BAD)
    return Text(f"✓ {text}", GOOD)


def as_json(outcome: Outcome) -> str:
    """Every judgement with its theorem, and the numbers of each kind."""
    entries = list(outcome.entries)
    shown = [
        {
            "id": entry.key,
            "verdict": entry.verdict,
            "theorem": entry.theorem or None,
            "accepted": entry.accepted,
            "reason": entry.reason,
        }
        for entry in entries
    ]
    summary = {
        "accepted": sum(entry.accepted for entry in entries),
        "missing": [entry.key for entry in outcome.failures],
        "not_certified": [entry.key for entry in outcome.not_reached],
    }
    content = {"certificates": shown, "summary": summary}
    return escaped(json.dumps(content, indent=2, ensure_ascii=False)) + "\n"
