"""The campaign finds checkers that are wrong and planted mistakes, and no verdict of ours."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from derivations.reader.declare import recurrences
from derivations.reader.syntax import Node
from tests.lines import campaign
from tests.lines.campaign import (
    CRASH,
    FAULTS,
    ILL_TYPED,
    LATE,
    NOT_READ,
    PROVED,
    REFUTED,
    UNDECIDED,
    Checker,
    Result,
    Said,
    Task,
    checked,
    evaluated,
    is_wrong,
    kind_of,
    main,
    one_of_each,
    run,
    said,
    seen,
    shown,
    shrunk,
    summary,
)
from tests.lines.cases import SLIPS, Case, written
from tests.lines.evaluate import Truth, examine
from tests.lines.families import FAMILIES, TEXTS
from tests.lines.families.chains import recurrence_case
from tests.lines.latex import SPELLINGS
from tests.lines.rewritings_of_terms import RULES
from tests.lines.tree import Block, Line, Sum, scoped_lines, size_of, subterms
from tests.planting import Mutant

ALL = tuple(FAMILIES)
SEED = 11
FEW, MADE = 20 * len(FAMILIES), 150 * len(FAMILIES)


@cache
def case(number: int) -> tuple[Case, Counter[str]]:
    """A case alone, not judged, and what was dropped before it."""
    return Task(SEED, ALL).case(number)


def made(count: int = FEW) -> list[tuple[Case, Counter[str]]]:
    """So many cases, the first ones first."""
    return [case(number) for number in range(count)]


def everywhere(verdict: str) -> Checker:
    """A checker that says the same of every line."""
    return lambda text: [Said(verdict)] * (text.count("$$") // 2)


def after(pattern: str, new: str) -> Checker:
    """The project's own verdicts, on a text in which something is lost."""
    return lambda text: said(re.sub(pattern, new, text))


def results(checker: Checker, count: int, *families: str, seed: int = SEED) -> list[Result]:
    return list(run(Task(seed, families or ALL), count, checker=checker))


# What is made -------------------------------------------------------------------------------


@pytest.mark.slow
def test_half_of_the_lines_are_true_in_every_family() -> None:
    counts = Counter((case.family, case.true) for case, _ in made())
    assert set(counts.values()) == {FEW // len(FAMILIES) // 2}


@pytest.mark.slow
def test_every_spelling_rewriting_and_slip_is_reached() -> None:
    used: set[tuple[str, str]] = set()
    every = [case for case, _ in made(MADE)]
    for case in every:
        style = case.style()
        written(case.file, style)
        used |= style.used
    assert used == {(kind, way) for kind, ways in SPELLINGS.items() for way in ways}
    how = {name for case in every for name in case.how.split(", ")}
    rare = {"join_sums", "derive_terms", "triangle_exchanged", "trace_of_terms"}
    assert {*RULES, *(slip.__name__ for slip in SLIPS)} - how <= rare


def test_a_rewriting_is_hardly_ever_wrong_and_few_cases_are_dropped() -> None:
    """What is dropped is no harm, but much of it would hide what is never tried."""
    dropped: Counter[str] = sum((each for _, each in made()), Counter())
    assert dropped["rewritten, but false"] <= FEW // 100
    assert sum(dropped.values()) < FEW / 2


def test_truth_is_confirmed_at_other_sizes_and_values() -> None:
    """A difference may be seen at few points only, where some letters are the same."""
    again: Counter[tuple[bool, Truth]] = Counter()
    for case, _ in made()[::3]:
        found = examine(scoped_lines(case.file)[-1], f"other/{case.seed}").truth
        assert (case.true, found) != (True, Truth.FALSE), case.text()
        again[case.true, found] += 1
    assert again[True, Truth.TRUE] > 0.95 * FEW / 6
    assert again[False, Truth.FALSE] > 0.95 * FEW / 6


def test_the_same_seed_makes_the_same_cases() -> None:
    again = Task(SEED, ALL)
    for number in (0, 7, 100):
        assert again.case(number)[0].text() == made()[number][0].text()
    assert Task(SEED + 1, ALL).case(0)[0].text() != made()[0][0].text()


# Checkers that are wrong --------------------------------------------------------------------


def test_a_checker_that_proves_everything_is_found_on_each_false_line() -> None:
    found = results(everywhere(PROVED), 60)
    assert [each.wrong for each in found] == [not each.true for each in found]


@pytest.mark.parametrize("verdict", [REFUTED, ILL_TYPED])
def test_a_checker_that_fells_everything_is_found_on_each_true_line(verdict: str) -> None:
    found = results(everywhere(verdict), 60)
    assert [each.wrong for each in found] == [each.true for each in found]


@pytest.mark.parametrize("verdict", [UNDECIDED, NOT_READ, LATE])
def test_a_checker_that_decides_nothing_is_never_wrong(verdict: str) -> None:
    assert not any(each.wrong for each in results(everywhere(verdict), 24))


LOSSES = {
    "transposes": (
        "matrix algebra",
        r"\^(?:\{?(?:T|\\top|\\mathsf\{T\}|\\mathrm\{T\})\}?|\\intercal)",
        "",
    ),
    "conditions of sums": ("index sums", r"\\ne(?:q)?\b", "="),
    "signs": ("functions", r" - ", " + "),
    "squares": ("matrix algebra", r"\^(?:2|\{2\})(?!\d)", "^{3}"),
    "first derivatives": ("functions", r"(?<=[a-zFGh])(?:'|\^\{\\prime\}|\^\\prime)\(", "("),
}


@pytest.mark.parametrize("what", LOSSES)
def test_a_checker_that_loses_something_is_found_within_150_lines(what: str) -> None:
    family, pattern, new = LOSSES[what]
    task = Task(SEED, (family,))
    for found in run(task, 150, checker=after(pattern, new)):
        if found.wrong and found.said.verdict != CRASH:
            case, _ = task.case(found.number)
            if not is_wrong(case.true, checked(case, said).verdict):
                return
    pytest.fail("not found")


def test_what_is_raised_while_a_line_is_judged_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(campaign, "judge", broken)
    found = [each for each in results(said, 12, "index sums") if each.said.verdict != NOT_READ]
    assert {each.said.verdict for each in found} == {CRASH}
    assert all(each.wrong for each in found)
    assert "planted" in found[0].said.reason


def busy(*_: object) -> None:
    while True:
        pass


def test_what_takes_too_long_is_told_and_is_not_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "SECONDS", 0.05)
    monkeypatch.setattr(campaign, "judge", busy)
    (first, *_) = results(said, 1, "index sums")
    assert first.said.verdict == LATE
    assert not first.wrong


def test_a_line_without_a_verdict_is_a_crash() -> None:
    (first,) = results(lambda _: [], 1)
    assert first.said.verdict == CRASH
    assert first.wrong


def test_a_wrong_verdict_on_a_line_before_counts_too() -> None:
    case = next(c for c, _ in made() if sum(isinstance(item, Line) for item in c.file) == 2)
    first_falls: Checker = lambda _: [Said(REFUTED), Said(UNDECIDED)]  # noqa: E731
    assert checked(case, first_falls).verdict == REFUTED


def test_which_verdicts_are_wrong() -> None:
    assert [v for v in campaign.VERDICTS if is_wrong(True, v)] == [REFUTED, ILL_TYPED, CRASH]
    assert [v for v in campaign.VERDICTS if is_wrong(False, v)] == [PROVED, CRASH]


# Small cases, and the report ----------------------------------------------------------------


def sums_are_proved(text: str) -> list[Said]:
    """A planted mistake: whatever has a sum in it is proved."""
    verdict = PROVED if r"\sum" in text.split("```")[-1] else UNDECIDED
    return [Said(verdict)] * (text.count("$$") // 2)


def test_a_wrong_verdict_is_made_small() -> None:
    families = ("index sums", "functions", "shadowed letters")
    wrong = [each for each in results(sums_are_proved, 60, *families) if each.wrong]
    assert wrong
    for each in wrong[:4]:
        case, _ = Task(SEED, families).case(each.number)
        small = shrunk(case, each.said, sums_are_proved)
        assert small.plain
        assert evaluated(small).truth is Truth.FALSE
        assert checked(small, sums_are_proved).verdict == PROVED
        assert size_of(small.line.left) + size_of(small.line.right) <= 4
        assert any(isinstance(term, Sum) for _, term in _terms(small.line))
        assert all(len(item.given) <= 3 for item in small.file if isinstance(item, Block))


def _terms(line: Line) -> list[tuple[object, object]]:
    return [*subterms(line.left), *subterms(line.right)]


def test_a_true_line_that_falls_is_made_small_on_both_sides_at_once() -> None:
    def falls(text: str) -> list[Said]:
        verdict = REFUTED if r"\delta" in text or r"\mathbb{1}" in text else UNDECIDED
        return [Said(verdict)] * (text.count("$$") // 2)

    wrong = [each for each in results(falls, 60) if each.wrong]
    case, _ = Task(SEED, ALL).case(wrong[0].number)
    small = shrunk(case, wrong[0].said, falls)
    assert evaluated(small).truth is Truth.TRUE
    assert size_of(small.line.left) + size_of(small.line.right) < 16


def test_a_shown_case_has_its_file_its_seed_and_both_values() -> None:
    found = next(each for each in results(everywhere(PROVED), 60) if each.wrong)
    case, _ = Task(SEED, ALL).case(found.number)
    text = "\n".join(shown(case, found.number, SEED, found.said))
    assert text.startswith("--- false, but proved")
    assert f"seed {SEED}, number {found.number}" in text
    assert case.text() in text
    assert re.search(r"^  left  = .+\n  right = .+$", text, re.MULTILINE)


def test_two_processes_say_the_same_however_often_they_are_renewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(campaign, "CHUNK", 4)
    monkeypatch.setattr(campaign, "RENEWED", 12)
    shared = sorted(run(Task(SEED, ALL), 20, jobs=2), key=lambda each: each.number)
    assert [each.number for each in shared] == list(range(20))
    assert list(summary(shared)) == list(summary(results(said, 20)))


def test_the_summary_counts_verdicts_reasons_and_groups() -> None:
    half = 2 * len(FAMILIES)
    found = results(everywhere(PROVED), 2 * half)
    found[0].said = Said(UNDECIDED, "no value for the index k")
    found[0].wrong = False
    text = "\n".join(summary(found))
    assert f"{half} verdicts were wrong" in text
    assert "undecided: no value for the index" in text
    assert "false, but proved" in text
    groups = one_of_each(found[half:], 99)
    assert {each.number for each in groups} == set(range(half, 2 * half))


def test_reasons_are_told_apart_without_their_formulas() -> None:
    assert kind_of("x_{i+1}: i + 1 does not fit a member of 1..n") == "... does not fit ..."
    assert kind_of("no value for the index k") == kind_of("no value for the index j")
    assert kind_of("the difference has 3 terms left") == "the difference has terms left"


def test_a_budget_ends_the_run() -> None:
    assert not list(run(Task(0, ALL), 100_000, budget=0.0))
    assert not list(run(Task(0, ALL), 100_000, budget=0.0, jobs=2))


def test_the_command_says_what_is_wrong_and_exits_with_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["--count", "4", "--family", "index sums", "--seed", str(SEED), "--show", "1"]
    monkeypatch.setattr("tests.lines.campaign.said", everywhere(PROVED))
    assert main(arguments) == 0
    assert "no verdict was wrong" in capsys.readouterr().out


@pytest.mark.parametrize("bad", [["--count", "0"], ["--family", "poems"], ["--jobs", "x"]])
def test_wrong_usage_exits_with_2(bad: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(bad)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


SHARE, FEW_TEXTS = 40, 6  # of each family; the campaign by command judges as many as are asked for
LONG = {"traces and determinants"}  # a line takes ten times as long as those of others


def judged(family: str, share: int, seed: int = 1) -> list[Result]:
    """What is said of the first lines of a family, none of it wrong."""
    found = list(run(Task(seed, (family,)), share, checker=said))
    assert not any(each.wrong for each in found), "\n".join(summary(found))
    return found


@pytest.mark.parametrize(
    ("family", "share"),
    [
        *((family, SHARE // 5 if family in LONG else SHARE) for family in FAMILIES),
        *(pytest.param(family, SHARE, marks=pytest.mark.slow) for family in LONG),
    ],
)
def test_no_verdict_is_wrong(family: str, share: int) -> None:
    assert len(judged(family, share)) == share


# what the false ones come to; nothing is declared of the probabilities
FALL = {name: UNDECIDED if name == "probabilities" else REFUTED for name in TEXTS}


@pytest.mark.parametrize("family", TEXTS)
def test_lines_written_as_texts_have_no_wrong_verdict_and_some_are_decided(family: str) -> None:
    share = 8 if family == "recurrences" else FEW_TEXTS
    verdicts = Counter((each.true, each.said.verdict) for each in judged(family, share, seed=3))
    assert verdicts[True, PROVED] >= 1
    assert verdicts[False, FALL[family]] >= 1


@pytest.mark.parametrize("family", TEXTS)
def test_texts_are_true_and_false_and_no_two_alike(family: str) -> None:
    drawn = [TEXTS[family](f"many/{number}") for number in range(40)]
    assert 8 <= sum(each.true for each in drawn) <= 34
    assert len({each.text for each in drawn}) > 20


def test_a_recurrence_that_is_shifted_too_far_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = recurrences._counted

    def wrong(node: Node) -> tuple[str, int] | None:
        """``t - 1`` as ``t - 2``."""
        found = right(node)
        return (found[0], 2 * found[1]) if found is not None and found[1] < 0 else found

    monkeypatch.setattr(recurrences, "_counted", wrong)
    verdicts = [said(recurrence_case(f"quick/{number}").text)[-1].verdict for number in range(4)]
    assert PROVED not in verdicts


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.seen_by}, {fault.meant}")
def test_random_lines_see_a_planted_mistake(fault: Mutant) -> None:
    assert seen(fault) is not None, f"no line of {fault.seen_by} shows that {fault.meant}"


def test_there_are_many_mistakes_each_planted_once_for_a_family() -> None:
    for fault in FAULTS:
        with fault.planted():
            pass
    assert len({(fault.seen_by, fault.meant) for fault in FAULTS}) == len(FAULTS) >= 50
    assert {fault.seen_by for fault in FAULTS} >= set(TEXTS)
