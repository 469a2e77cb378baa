"""Random files without their declarations: what is proposed is read, and proves nothing false."""

import re
from collections import Counter

import pytest

from derivations.proof.judge import judge
from derivations.reader.line import Line
from tests.lines.families import functions, index_sums, matrix_algebra
from tests.lines.family import Family
from tests.lines.make import Case, NoCase, make
from tests.reader.proposals.propose import proposal, read, without

FAMILIES = {
    "index sums": index_sums.INDEX_SUMS,
    "matrix algebra": matrix_algebra.MATRIX_ALGEBRA,
    "functions": functions.FUNCTIONS,
}
SEEDS = range(10)
DECLARED = re.compile(r"(scalar|vector|matrix) (.*?)(?: in R.*)?")


def cases(family: Family, *, true: bool) -> list[Case]:
    found = []
    for seed in SEEDS:
        try:
            found.append(make(family, f"proposal {seed}", true=true)[0])
        except NoCase:
            continue
    assert len(found) > len(SEEDS) // 2
    return found


def kinds(text: str) -> dict[str, str]:
    """What each name is declared to be: a number, a vector, or a matrix."""
    lines = filter(None, map(DECLARED.fullmatch, text.splitlines()))
    return {name.strip(): line[1] for line in lines for name in line[2].split(",")}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_proposal_is_accepted_by_the_reader(family: str) -> None:
    for true in (True, False):
        for case in cases(FAMILIES[family], true=true):
            assert read(without(case.text())).problems == ()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_false_line_is_proved_but_what_is_taken_for_a_definition(family: str) -> None:
    verdicts: Counter[str] = Counter()
    for case in cases(FAMILIES[family], true=False):
        text = without(case.text())
        if "introduced at" in proposal(text).text():
            continue  # the line itself says what its left side is, as far as the text goes
        entry = read(text).entries[-1]
        if isinstance(entry, Line) and entry.equality.reading is not None:
            continue  # with what is proposed it fits in one other reading alone, which is noted
        verdict = judge(entry.claim).verdict.value if isinstance(entry, Line) else "not read"
        assert verdict != "proved", case.text()
        verdicts[verdict] += 1
    assert verdicts["refuted"] > 0


def test_most_names_are_proposed_to_be_what_they_were_declared_as() -> None:
    same = other = 0
    for family in FAMILIES.values():
        for case in cases(family, true=True):
            declared, found = kinds(case.text()), kinds(proposal(without(case.text())).text())
            for name in declared.keys() & found.keys():
                same += declared[name] == found[name]
                other += declared[name] != found[name]
    assert same > 8 * other, (same, other)


def test_a_contradiction_planted_in_a_file_is_reported() -> None:
    planted = 0
    for case in cases(matrix_algebra.MATRIX_ALGEBRA, true=True):
        text = without(case.text())
        before = proposal(text)
        vectors = [name for name, kind in kinds(before.text()).items() if kind == "vector"]
        if before.contradictions or not vectors:
            continue
        name = vectors[0]
        after = proposal(f"{text}\n$${name}^\\top {name} = {name}$$\n")
        (found, *_) = after.contradictions
        assert found.first.line < found.second.line or found.first == found.second
        planted += 1
    assert planted > 2
