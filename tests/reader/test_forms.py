"""Every form, spelling, small line, refusal and wrong file has the right verdict or words."""

from __future__ import annotations

import json
import re
from itertools import cycle, islice
from pathlib import Path

import pytest

from derivations import verify
from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, derivation, reading
from derivations.reader.equation import Line, NotRead
from derivations.reader.source import Attempts
from derivations.report.workers import Answer, Limits, Run
from tests.reader.meaning import SAME, lines, meaning, problems, refusal, refusals

# Declarations, remarks and displays that are refused: where, at what, and why.
#
# A declaration stands from the seventh line on, under the declarations of the tests; what is
# displayed from the tenth.


DECLARATIONS = refusals("declarations")
DISPLAYS = [
    *refusals("displays and remarks"),
    ["$$z = \x00$$", "10:7", "\x00", "an unknown character"],
]


# Whole files with one fault each: the exit code, where it is said to be, and what would settle it.
#
# A file is the declarations below and what is given here, from the eleventh line on.


HEAD = r"""```given
size n >= 1
size N, d >= 1
index i, j, k in 1..n
index w, o, c in Vocab = 1..N
vector x, z in R^n
matrix A in R^{n x n}
scalar a, b, s
define y_w = \mathbb{1}_{w = o}
```
"""
WRONG = refusals("files")  # text: exit code, place, remedy


# Ways to write names, functions, derivatives, sums and matrix algebra have the right verdicts.
#
# `forms.md` has a false line beside the true ones in each notation. A line that may be meant
# otherwise is doubtful: it can be proved, not refuted. One that is taken as a definition is
# defined.


FILE = Path(__file__).with_name("forms.md")
_CASE = re.compile(r"^### (?P<name>.*?): (?P<verdicts>.*)$", re.MULTILINE)


def cases(file: Path = FILE) -> list[tuple[str, list[str], str]]:
    """Name, verdicts and text of each group of lines; ``...`` goes on by turns."""
    _, *pieces = _CASE.split(file.read_text(encoding="utf-8"))
    groups = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    return [(name, verdicts.split(", "), text) for name, verdicts, text in groups]


def verdict(entry: Line | NotRead) -> str:
    """What is said of one line."""
    if isinstance(entry, NotRead):
        assert entry.problem.advice, entry.problem
        return "not read"
    if entry.defines:
        return "defined"
    found = judge(entry.claim).verdict.value
    return "doubtful" if found == "refuted" and entry.doubt else found


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in cases()], ids=[case[0] for case in cases()]
)
def test_every_form_is_judged_as_it_is_meant_and_has_a_false_twin(
    wanted: list[str], text: str
) -> None:
    assert {"refuted", "ill-typed", "doubtful"} & set(wanted)
    read = reading(text, "forms.md")
    assert not read.problems
    if wanted[-1] == "...":
        wanted = list(islice(cycle(wanted[:-1]), len(read.entries)))
    assert {entry.latex: verdict(entry) for entry in read.entries} == dict(
        zip((entry.latex for entry in read.entries), wanted, strict=True)
    )


# Small lines that other people write have the verdicts that are right (`small_lines.md`).


FILE_OF_SMALL_LINES = Path(__file__).with_name("small_lines.md")


def cases_of_small_lines() -> list[tuple[str, list[str], str]]:
    """Name, verdicts and text of each small file."""
    return cases(FILE_OF_SMALL_LINES)


def verdicts(text: str) -> list[str]:
    """The verdict on each equality of a file, read or not."""
    entries = reading(text, "small.md").entries
    return [
        judge(entry.claim).verdict.value if isinstance(entry, Line) else "not read"
        for entry in entries
    ]


@pytest.mark.parametrize(
    ("wanted", "text"),
    [case[1:] for case in cases_of_small_lines()],
    ids=[case[0] for case in cases_of_small_lines()],
)
def test_a_small_line_has_the_verdict_that_is_right(wanted: list[str], text: str) -> None:
    assert verdicts(text) == wanted


def test_there_are_small_lines_of_every_kind() -> None:
    found = {verdict for _, wanted, _ in cases_of_small_lines() for verdict in wanted}
    assert found == {"proved", "refuted", "undecided", "not read"}
    assert len(cases_of_small_lines()) > 40


def test_a_sum_that_may_reach_over_two_terms_is_refused_where_it_is_defined() -> None:
    given = (
        "```given\nsize n >= 1\nindex i in 1..n\nvector y, p in R^n\nscalar a\n"
        "define L = -\\sum_i y_i \\log p_i + (1 - y_i) \\log(1 - p_i)\n```\n"
    )
    read = reading(f"{given}$$L = 0$$\n$$a = a$$\n", "small.md")
    (problem,) = read.problems
    assert "does the sum over i reach over both terms?" in problem.what
    assert [isinstance(entry, Line) for entry in read.entries] == [False, True]


# One thing in the many ways it is written.


PAIRS = [(reference, other) for reference, others in SAME.items() for other in others]


@pytest.mark.parametrize(("reference", "other"), PAIRS)
def test_a_spelling_means_what_the_reference_means(reference: str, other: str) -> None:
    assert meaning(other) == meaning(reference)


def test_there_are_enough_of_them() -> None:
    assert len({other for _, other in PAIRS}) >= 120


def test_references_differ() -> None:
    """All but the softmax and its name, which are one thing by definition."""
    meanings = {reference: meaning(reference) for reference in SAME}
    assert len(set(meanings.values())) == len(meanings) - 1


# What cannot be read is refused with its place, its token and what would settle it.


GIVEN = """size N, d >= 1
size K >= 0
index c, w in Vocab = 1..N
index k in 1..K
scalar z
"""


def said(text: str) -> list[str]:
    (problem,) = problems(text)
    return [str(problem.place), problem.token, problem.what]


@pytest.mark.parametrize("row", DECLARATIONS, ids=lambda row: row[0])
def test_a_declaration_is_refused_where_it_is_wrong(row: list[str]) -> None:
    declaration, *wanted = row
    text = f"```given\n{GIVEN}{declaration}\n```\n\n$$z = z$$\n"
    assert said(text) == wanted


@pytest.mark.parametrize("row", DISPLAYS, ids=lambda row: row[0])
def test_a_display_or_remark_is_refused_where_it_is_wrong(row: list[str]) -> None:
    display, *wanted = row
    assert said(f"```given\n{GIVEN}\n```\n\n{display}\n") == wanted


def test_every_keyword_is_refused_in_some_way() -> None:
    first = {declaration.split()[0] for declaration, *_ in DECLARATIONS}
    keywords = "size index scalar vector vectors matrix list read define arbitrary if"
    assert first >= set(keywords.split())


def test_what_is_refused_is_named_by_file_line_column_token_and_advice() -> None:
    with pytest.raises(UnreadableFile) as caught:
        derivation("```given\nscalar z\n```\n\n$$z = \\sgima(z)$$\n", "notes.md")
    assert str(caught.value) == (
        "notes.md:5:7: at '\\sgima': an unknown command; did you mean \\sigma?"
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = problems(
        "```given\nscalar z\n```\n\n## (a) A\n\n$$z = q$$\n\n$$z = (z$$\n\n- a.1 refuted\n\n"
        "## (b) B\n\n```given\nscalars y\n```\n\n$$y = y$$\n\n## (c) C\n\n$$z = r$$\n"
    )
    assert [str(problem.place) for problem in found] == ["7:7", "9:8", "11:3", "16:1", "23:7"]


def test_a_good_line_beside_a_bad_one_is_not_reported() -> None:
    (problem,) = problems("```given\nscalar z\n```\n\n$$z = z$$\n\n$$z = q$$\n")
    assert problem.place.line == 7


@pytest.mark.parametrize(("latex", "advice"), refusals("formulas beyond the reader"))
def test_a_formula_beyond_the_reader_is_refused_with_advice(latex: str, advice: str) -> None:
    problem = refusal(latex)
    assert advice in f"{problem.what} {problem.advice}"
    assert problem.token
    assert problem.place.line == 1


@pytest.mark.parametrize("sign", ["<=", r"\le", "<", r"\ne", r"\approx", r"\in"])
def test_only_equalities_are_lines(sign: str) -> None:
    (problem,) = problems(f"```given\nscalar z, s\n```\n\n$$z {sign} s$$\n")
    assert "equalit" in f"{problem.what} {problem.advice}"


@pytest.mark.parametrize(
    "display",
    [
        r"$$U v_c = z$$",
        r"$$\log(v_c) = z$$",
        r"$$y_0 = z$$",
        r"$$v_c = v_c^T$$",
        r"$$v_c + 1 = z$$",
        r"$$z = \frac{z}{v_c}$$",
        r"$$z = \frac{z}{0}$$",
        r"$$z = w$$",
        r"$$\hat{y}_0 = z$$",
        r"$$\frac{\partial J}{\partial w} = z$$",
        r"$$\sum_{k=1}^K u_{0} = z$$",
    ],
)
def test_what_is_read_and_has_no_meaning_is_ill_typed(display: str) -> None:
    (line,) = lines(display)
    assert judge(line.claim).verdict.value == "ill-typed"


# A wrong file ends with its exit code, says where the fault is and what would settle it.


def in_this_process(run: Run, limits: Limits) -> Answer:
    """The run without a process of its own, for speed."""
    return run(Attempts())


def told(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and all that is printed of a file."""
    path = folder / "wrong.md"
    path.write_text(HEAD + text + "\n", encoding="utf-8")
    code = verify.main([str(path), "--repairs", "none", "--format", "json"])
    printed = capsys.readouterr()
    found = strings(json.loads(printed.out)) if printed.out else []
    return code, "\n".join([*found, printed.err])


def strings(value: object) -> list[str]:
    """All texts in what a page of JSON holds."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [str(value)]


@pytest.mark.parametrize(("text", "code", "place", "remedy"), WRONG)
def test_a_wrong_file_says_where_and_what_would_settle_it(
    text: str,
    code: str,
    place: str,
    remedy: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify, "answer", in_this_process)
    found, page = told(text, tmp_path, capsys)
    assert found == int(code)
    assert place in page or place.replace(":", "\n") in page
    assert remedy in page
    assert "Traceback" not in page


def test_there_are_many_wrong_files_and_a_right_one_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(WRONG) >= 60
    code, page = told("$$a = a$$", tmp_path, capsys)
    assert code == 0
    assert "proved" in page


def test_a_file_is_told_the_same_in_a_process_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, page = told(r"$$\frac{a = b$$", tmp_path, capsys)
    assert (code, "11:8" in page) == (1, True)
