"""python -m tests.lines.campaign: random equalities, true and false; no verdict may be wrong.

Cases are judged in one process or several; what is wrong is made small and reported.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from time import monotonic

import numpy as np

from benchmarks.tables import positive
from derivations.proof.judge import Disagreement, judge
from derivations.reader.derivation import UnreadableFile, reading
from derivations.reader.equation import NotRead
from derivations.report.results import JudgedLine, results_of
from derivations.report.subject import Subject
from tests.lines.algebra import Context, Unfit, add, mul
from tests.lines.cases import Case, make, written
from tests.lines.evaluate import Examined, Truth, examine
from tests.lines.families import FAMILIES, TEXTS
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Block,
    Define,
    Deriv,
    File,
    Line,
    Mul,
    Name,
    Num,
    Prod,
    Sum,
    Term,
    children,
    put,
    scoped_lines,
    size_of,
    subterms,
    with_children,
)
from tests.lines.values import AnyFunction, NoMeaning, Table, Value
from tests.planting import Mutant, OutOfTime, mistakes, table, time_limit

PROVED, REFUTED, ILL_TYPED = "proved", "refuted", "ill-typed"
UNDECIDED, NOT_READ, CRASH, LATE = "undecided", "not read", "crash", "late"
VERDICTS = (PROVED, REFUTED, ILL_TYPED, UNDECIDED, NOT_READ, CRASH, LATE)
SECONDS = 15.0  # of the processor's time; how busy the machine is shall change nothing
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")


@dataclass(frozen=True, slots=True)
class Said:
    """The verdict on one line, and the reason that was given for it."""

    verdict: str
    reason: str = ""


def kind_of(reason: str) -> str:
    """A reason without the names and formulas in it."""
    if "does not fit" in reason:
        return "... does not fit ..."
    words = [word for word in _WORD.findall(reason.split(";")[0]) if len(word) > 1]
    return " ".join(words[:7])


Checker = Callable[[str], list[Said]]


def said(text: str) -> list[Said]:
    """What is said of each equality of a file, in order."""
    equalities = text.count("$$") // 2
    try:
        with time_limit(SECONDS, of_processor=True):
            return _said(text, equalities)
    except OutOfTime:
        return [Said(LATE, f"more than {SECONDS:g} s")] * equalities
    except Exception as error:
        # whatever is raised is what the campaign looks for
        return [Said(CRASH, _where(error))] * equalities


def _said(text: str, equalities: int) -> list[Said]:
    try:
        entries = reading(text, "case").entries
    except UnreadableFile as refused:
        return [Said(NOT_READ, refused.problems[0].what)] * equalities
    subject = Subject((), (), entries)
    try:
        judgements = [judge(each) for each in subject.everything]
    except Disagreement as error:
        return [Said(CRASH, f"Disagreement: {error}")] * equalities
    return [_verdict(each) for each in results_of(subject, judgements, 0.0).lines]


def _verdict(found: JudgedLine) -> Said:
    if isinstance(found.line, NotRead):
        return Said(NOT_READ, found.line.problem.what)
    return Said(found.verdict.value, found.judgement.reason if found.judgement else "")


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}: {error}"


RENEWED = 20_000  # lines that one set of processes is for
CHUNK = 24
MEMORY = 4 * 2**30  # bytes, of one process


@dataclass(frozen=True)
class Task:
    """Which cases are made: every one follows from the seed and its number."""

    seed: int
    families: tuple[str, ...]

    def case(self, number: int) -> tuple[Case, Counter[str]]:
        """The case of a number: families in turn, true and false ones in turn."""
        family = self.families[number % len(self.families)]
        true = number // len(self.families) % 2 == 0
        return make(FAMILIES[family], f"{self.seed}/{number}", true=true)


@dataclass
class Result:
    """What became of one case."""

    number: int
    family: str
    true: bool
    kind: str
    how: str
    said: Said
    wrong: bool
    dropped: Counter[str] = field(default_factory=Counter)
    spellings: frozenset[tuple[str, str]] = frozenset()


def is_wrong(true: bool, verdict: str) -> bool:
    """Whether a verdict must not be: a false proof, a true line that falls, a crash."""
    return verdict == CRASH or verdict in ((REFUTED, ILL_TYPED) if true else (PROVED,))


def checked(case: Case, checker: Checker, text: str = "") -> Said:
    """What is said of the line of a case, or of a line before it, which is true, if it is wrong."""
    found = checker(text or case.text())
    lines = sum(isinstance(item, Line) for item in case.file)
    if len(found) != lines:
        return Said(CRASH, f"{len(found)} verdicts on {lines} lines")
    return next((each for each in found[:-1] if is_wrong(True, each.verdict)), found[-1])


def result(task: Task, number: int, checker: Checker) -> Result:
    """Make a case and have it checked."""
    family = task.families[number % len(task.families)]
    if family in TEXTS:
        found = TEXTS[family](f"{task.seed}/{number}")
        (*_, verdict) = checker(found.text)
        wrong = is_wrong(found.true, verdict.verdict)
        return Result(number, family, found.true, found.kind, found.text, verdict, wrong)
    case, dropped = task.case(number)
    style = case.style()
    verdict = checked(case, checker, written(case.file, style))
    return Result(
        number,
        case.family,
        case.true,
        case.kind,
        case.how,
        verdict,
        is_wrong(case.true, verdict.verdict),
        dropped,
        frozenset(style.used),
    )


def run(
    task: Task,
    count: int,
    *,
    jobs: int = 1,
    budget: float | None = None,
    checker: Checker = said,
) -> Iterator[Result]:
    """The results of so many cases, in any order; fewer where the budget, in seconds, is over."""
    late = None if budget is None else monotonic() + budget
    if jobs == 1:
        for number in range(count):
            if late is not None and monotonic() > late:
                return
            yield from _chunk(task, [number], checker)
        return
    # what is remembered of each line adds up: processes do not live for all of them
    for start in range(0, count, RENEWED):
        yield from _pooled(task, range(start, min(start + RENEWED, count)), jobs, checker, late)


def _pooled(
    task: Task, numbers: range, jobs: int, checker: Checker, late: float | None
) -> Iterator[Result]:
    """The results of some cases, by processes of their own."""
    waiting = iter(numbers)
    chunks = iter(lambda: list(islice(waiting, CHUNK)), [])
    with ProcessPoolExecutor(jobs, initializer=_limit_memory) as pool:
        pending: dict[Future[list[Result]], list[int]] = {}
        while True:
            while len(pending) < 2 * jobs and (late is None or monotonic() < late):
                chunk = next(chunks, None)
                if chunk is None:
                    break
                pending[pool.submit(_chunk, task, chunk, checker)] = chunk
            if not pending:
                return
            done, _ = wait_for(pending, return_when="FIRST_COMPLETED")
            for future in done:
                chunk = pending.pop(future)
                try:
                    yield from future.result()
                except BrokenProcessPool as error:
                    raise SystemExit(
                        f"a process died at one of the cases {chunk}: {error}"
                    ) from None


def _chunk(task: Task, numbers: Sequence[int], checker: Checker) -> list[Result]:
    return [result(task, number, checker) for number in numbers]


def _limit_memory() -> None:
    """What asks for more memory gets a MemoryError, not the whole machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


# Mistakes planted in the elaboration: do the random lines see them?
#
# What the two meanings share is the tree that the reader makes. A mistake there is in both, and so
# in every proof: only lines whose truth is known without the project can show it. For each mistake
# lines of the family that meets it soonest are tried until a verdict is wrong.


FAULTS = mistakes(Path(__file__).with_name("mutants.diff"))
MOST = 400  # lines of a family that are tried for one mistake


def seen(mutant: Mutant, most: int = MOST, seed: int = 0) -> str | None:
    """The first line of its family with a wrong verdict, and which; None where there is none."""
    task = Task(seed, (mutant.seen_by,))
    with mutant.planted():
        for number in range(most):
            found = result(task, number, said)
            if found.wrong:
                return f"{mutant.seen_by:26}line {number + 1}: {found.said.verdict}"
    return None


SHRINK_SECONDS = 12.0


def shrunk(case: Case, verdict: Said, checker: Checker, seconds: float = SHRINK_SECONDS) -> Case:
    """The smallest case found that has the same wrong verdict, in plain spelling where that has."""
    late = monotonic() + seconds
    plain = replace(case, plain=True)
    if _still_wrong(plain, verdict, checker):
        case = plain
    while True:
        for candidate in _smaller(case):
            if monotonic() > late:
                return case
            if _still_true(candidate) and _still_wrong(candidate, verdict, checker):
                case = candidate
                break
        else:
            return case


def _still_wrong(case: Case, verdict: Said, checker: Checker) -> bool:
    found = checked(case, checker)
    if found.verdict == CRASH and kind_of(found.reason) != kind_of(verdict.reason):
        return False
    return found.verdict == verdict.verdict and is_wrong(case.true, found.verdict)


def evaluated(case: Case, seed: str = "again") -> Examined:
    """The line of a case, evaluated anew."""
    return examine(scoped_lines(case.file)[-1], f"{case.seed}/{seed}")


def _still_true(case: Case) -> bool:
    wanted = Truth.TRUE if case.true else Truth.FALSE
    try:
        return evaluated(case).truth is wanted
    except (KeyError, AssertionError, NoMeaning):  # what is used is no longer declared
        return False


def _smaller(case: Case) -> Iterator[Case]:
    line = case.line
    yield from (replace(case, file=file) for file in _fewer_declarations(case.file))
    if line.conditions:
        yield _with(case, replace(line, conditions=line.conditions[1:]))
    for left, right in _both_changed(line):
        yield _with(case, replace(line, left=left, right=right))
    context = Context(scoped_lines(case.file)[-1].env)
    lefts = list(_smaller_terms(line.left, context))
    rights = list(_smaller_terms(line.right, context))
    for left in lefts:
        yield _with(case, replace(line, left=left))
    for right in rights:
        yield _with(case, replace(line, right=right))
    yield from (replace(case, file=file) for file in _smaller_definitions(case.file, context))
    if case.true:
        for left in lefts:
            for right in rights:
                yield _with(case, replace(line, left=left, right=right))


def _with(case: Case, line: Line) -> Case:
    return replace(case, file=(*case.file[:-1], line))


def _both_changed(line: Line) -> Iterator[tuple[Term, Term]]:
    """The same subterm of both sides made a number, largest first."""
    right = {term for _, term in subterms(line.right)}
    common = {term for _, term in subterms(line.left)} & right
    for term in sorted(common, key=lambda t: (-size_of(t), repr(t))):
        if isinstance(term, Num):
            continue
        for new in (ONE, TWO):
            yield _replaced(line.left, term, new), _replaced(line.right, term, new)


def _replaced(term: Term, old: Term, new: Term) -> Term:
    if term == old:
        return new
    inside = tuple(_replaced(child, old, new) for child in children(term))
    if isinstance(term, Deriv) and not isinstance(inside[1], Name | type(term.by)):
        return term
    return with_children(term, inside)


def _smaller_terms(term: Term, context: Context) -> Iterator[Term]:
    """The term with one subterm made smaller, large steps first."""
    for path, inner in sorted(subterms(term), key=lambda pair: -size_of(pair[1])):
        if _is_variable(term, path):
            continue
        for new in _steps(inner, context):
            if new != inner:
                yield put(term, path, new)


def _is_variable(term: Term, path: Sequence[int]) -> bool:
    """Whether the path leads into what a derivative is taken by."""
    for number in path:
        if isinstance(term, Deriv) and number == 1:
            return True
        term = children(term)[number]
    return False


def _steps(term: Term, context: Context) -> Iterator[Term]:
    shape = _shape(term, context)
    if shape == () and not isinstance(term, Num):
        yield ONE
    for child in children(term):
        if _shape(child, context) == shape:
            yield child
    match term:
        case Add(parts):
            yield from (add(*parts[:n], *parts[n + 1 :]) for n in range(len(parts)))
        case Mul(parts):
            yield from (mul(*parts[:n], *parts[n + 1 :]) for n in range(len(parts)))
        case Sum(letter, over, (_, *rest), body) | Prod(letter, over, (_, *rest), body):
            yield type(term)(letter, over, tuple(rest), body)
        case Num(value) if value not in (0, 1, 2):
            yield TWO
    if shape == () and size_of(term) > 1 and context.scalars:
        yield Name(context.scalars[0])


def _shape(term: Term, context: Context) -> object:
    try:
        return context.shape(term)
    except (Unfit, KeyError):
        return None


def _smaller_definitions(file: File, context: Context) -> Iterator[File]:
    for number, item in enumerate(file):
        if not isinstance(item, Block):
            continue
        for at, declaration in enumerate(item.given):
            if not isinstance(declaration, Define):
                continue
            for body in _smaller_terms(declaration.body, context):
                new = replace(declaration, body=body)
                block = Block((*item.given[:at], new, *item.given[at + 1 :]))
                yield (*file[:number], block, *file[number + 1 :])


def _fewer_declarations(file: File) -> Iterator[File]:
    """Without one item, or without one declaration."""
    for number, item in enumerate(file[:-1]):
        yield (*file[:number], *file[number + 1 :])
        if isinstance(item, Block):
            for at in range(len(item.given)):
                block = Block((*item.given[:at], *item.given[at + 1 :]))
                yield (*file[:number], block, *file[number + 1 :])


MOST_REASONS = 12
OPEN = (UNDECIDED, NOT_READ)


def summary(results: Sequence[Result]) -> Iterator[str]:
    """The tables, the same however the work was shared out."""
    yield from _verdicts(results)
    yield ""
    yield from _reasons(results)
    yield ""
    yield from _dropped(results)
    wrong = [each for each in results if each.wrong]
    yield ""
    yield from _wrong(wrong)


def _verdicts(results: Sequence[Result]) -> Iterator[str]:
    families = list(dict.fromkeys(sorted(each.family for each in results)))
    yield (
        f"{'family':24}{'lines':>8}{'true':>8}" + "".join(f"{v:>11}" for v in VERDICTS) + "  wrong"
    )
    for family in [*families, ""]:
        mine = [each for each in results if family in ("", each.family)]
        counts = Counter(each.said.verdict for each in mine)
        true = sum(each.true for each in mine)
        wrong = sum(each.wrong for each in mine)
        row = f"{family or 'all':24}{len(mine):>8,}{true:>8,}"
        row += "".join(f"{counts[verdict]:>11,}" for verdict in VERDICTS)
        yield f"{row}{wrong:>7,}"
    decided = [each for each in results if each.said.verdict not in OPEN]
    read = [each for each in results if each.said.verdict != NOT_READ]
    total = max(len(results), 1)
    yield f"read {100 * len(read) / total:.1f} %, decided {100 * len(decided) / total:.1f} %"


def _reasons(results: Sequence[Result]) -> Iterator[str]:
    counts = Counter(
        (each.family, each.said.verdict, kind_of(each.said.reason))
        for each in results
        if each.said.verdict in OPEN
    )
    yield "undecided and not read"
    for family in sorted({each.family for each in results}):
        mine = [(key, n) for key, n in counts.items() if key[0] == family]
        mine.sort(key=lambda pair: (-pair[1], pair[0]))
        for (_, verdict, reason), n in mine[:MOST_REASONS]:
            yield f"  {family:24}{n:>7,}  {verdict}: {reason}"


def _dropped(results: Sequence[Result]) -> Iterator[str]:
    total: Counter[str] = Counter()
    for each in results:
        total += each.dropped
    yield "dropped while making"
    for reason, n in sorted(total.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {n:>7,}  {reason}"


def _wrong(wrong: Sequence[Result]) -> Iterator[str]:
    if not wrong:
        yield "no verdict was wrong"
        return
    yield f"{len(wrong):,} verdicts were wrong"
    counts = Counter(map(group_of, wrong))
    for group, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {n:>7,}  " + ", ".join(filter(None, group))


def group_of(result: Result) -> tuple[str, str, str, str]:
    """What wrong verdicts are counted by."""
    truth = "true" if result.true else "false"
    said = f"{truth}, but {result.said.verdict}"
    reason = kind_of(result.said.reason) if result.said.verdict == "crash" else ""
    return said, result.family, result.kind, reason


def one_of_each(wrong: Iterable[Result], most: int) -> list[Result]:
    """So many wrong results: one of each group first."""
    ordered = sorted(wrong, key=lambda each: each.number)
    first: dict[tuple[str, str, str, str], Result] = {}
    for each in ordered:
        first.setdefault(group_of(each), each)
    rest = [each for each in ordered if each not in first.values()]
    return [*first.values(), *rest][:most]


def shown(case: Case, number: int, seed: int, verdict: Said) -> Iterator[str]:
    """A case in full: how to make it again, its file, and what both sides are."""
    truth = "true" if case.true else "false"
    yield f"--- {truth}, but {verdict.verdict}: {case.family}, {case.kind}"
    yield f"seed {seed}, number {number} ({case.seed}); {case.how or 'as it was drawn'}"
    if verdict.reason:
        yield f"said: {verdict.reason.strip()[:300]}"
    yield case.text()
    found = evaluated(case)
    if case.true:
        yield f"equal at {found.agreed} points"
    else:
        yield from _difference(case, found)


def _difference(case: Case, found: Examined) -> Iterator[str]:
    env = scoped_lines(case.file)[-1].env
    for name, binding in env.items():
        value = found.store.get(binding)  # type: ignore[arg-type]
        if value is not None:
            yield f"  {name} = {_value(value)}"
    yield f"  left  = {_value(found.left)}"
    yield f"  right = {_value(found.right)}"


def _value(value: Value) -> str:
    if isinstance(value, Table):
        value = value.entries
    if isinstance(value, np.ndarray):
        return "[" + ", ".join("[" + ", ".join(map(_value, row)) + "]" for row in value) + "]"
    if isinstance(value, AnyFunction):
        return "a polynomial"
    return f"{value:.10g}" if isinstance(value, Decimal) else str(value)


EVERY = 2.0 if sys.stderr.isatty() else 60.0  # seconds between two reports of progress


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if no verdict was wrong, 1 if one was."""
    options = _parser().parse_args(arguments)
    if options.mutants:
        most = options.count or MOST
        return 1 if table(FAULTS, lambda each: seen(each, most, options.seed)) else 0
    options.count = options.count or 2000
    task = Task(options.seed, tuple(options.family or (*FAMILIES, *TEXTS)))
    start = last = monotonic()
    results: list[Result] = []
    for result in run(task, options.count, jobs=options.jobs, budget=options.budget):
        results.append(result)
        if monotonic() - last > EVERY:
            last = monotonic()
            bad = sum(each.wrong for each in results)
            _tell(f"{len(results):,} of {options.count:,}, {bad:,} wrong, {last - start:.0f} s")
    results.sort(key=lambda each: each.number)
    print("\n".join(summary(results)))
    wrong = [each for each in results if each.wrong]
    for each in one_of_each(wrong, options.show):
        if each.family in TEXTS:
            print(f"\n--- {', '.join(group_of(each))}\n{each.how}")
            continue
        _tell(f"making case {each.number} smaller")
        case, _ = task.case(each.number)
        case = shrunk(case, each.said, said)
        print("\n" + "\n".join(shown(case, each.number, task.seed, checked(case, said))))
    _tell(f"{len(results):,} lines in {monotonic() - start:.0f} s\n")
    return 1 if wrong else 0


def _tell(text: str) -> None:
    """On a terminal the same line again, else a line more."""
    end = "" if sys.stderr.isatty() else "\n"
    sys.stderr.write(f"\r{text}   {end}" if not text.endswith("\n") else f"\r{text}")
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.lines.campaign",
        description="Makes equalities whose truth is known, as files of derivations in many "
        "spellings, and has them judged. Truth is decided by evaluation that shares no code with "
        "the project.",
        epilog="Exit status: 0 no wrong verdict; 1 a true line was refuted or ill-typed, a false "
        "one proved, something crashed, or a planted mistake is not seen; 2 wrong usage. What is "
        "undecided or not read is counted by family and reason.",
    )
    parser.add_argument("--count", type=positive, help="how many lines (2,000)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    parser.add_argument("--jobs", type=positive, default=1, help="how many processes (1)")
    parser.add_argument(
        "--family",
        action="append",
        choices=[*FAMILIES, *TEXTS],
        help="only this one; may be repeated",
    )
    parser.add_argument(
        "--show", type=int, default=5, help="wrong verdicts made small and shown in full (5)"
    )
    parser.add_argument(
        "--mutants",
        action="store_true",
        help=f"plant mistakes; each must be seen within {MOST} lines, or --count",
    )
    parser.add_argument("--budget", type=float, help="seconds after which no more are made")
    return parser


if __name__ == "__main__":
    sys.exit(main())
