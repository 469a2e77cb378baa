"""LaTeX documents: macros, files taken in, comments, what is printed as it stands, parts."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, reading
from derivations.reader.line import Derivation, Line, NotRead
from derivations.reader.source import Siblings
from tests.reader.soon import within

HEAD = (
    "\\documentclass{article}\n\\usepackage{amsmath}\n% given\n% scalar a, b\n\\begin{document}\n"
)


def read(body: str, folder: Path | None = None) -> Derivation:
    return reading(HEAD + body, "own.tex", siblings=Siblings(folder, "own.tex"))


def printed(found: Derivation) -> list[str]:
    return [each.latex.replace(" ", "") for each in found.entries]


def places(found: Derivation) -> list[str]:
    return [str(each.place) for each in found.entries]


SAME = (
    "\\[a + b = b + a\\]",
    "\\begin{equation}\\label{x} a + b = b + a\\end{equation}",
    "$$a + b = b + a$$",
    "\\[a + b % = a, and $a = b$\n = b + a\\]",
    "\\newcommand{\\x}{a}\\[\\x + b = b + \\x\\]",
    "\\newcommand\\x[1]{#1 + b}\\[\\x{a} = b + a\\]",
    "\\newcommand{\\x}[2][b]{#2 + #1}\\[\\x{a} = \\x[a]{b}\\]",
    "\\renewcommand{\\vec}[1]{#1 + b}\\[\\vec a = b + a\\]",
    "\\let\\old\\mathbf\\renewcommand{\\mathbf}[1]{\\old{#1} + b}\\[\\mathbf{a} = b + a\\]",
    "\\providecommand{\\x}{a}\\providecommand{\\x}{b}\\[\\x + b = b + a\\]",
    "\\def\\x#1#2{#2 + #1}\\[\\x ba = b + a\\]",
    "\\def\\be{\\begin{equation}}\\def\\ee{\\end{equation}}\\be a + b = b + a \\ee",
    "\\def\\x{\\y}\\def\\y{a}\\[\\x + b = b + \\x\\]",
    "\\newcommand{\\sq}[1]{#1}\\newcommand{\\x}{\\sq}\\[\\x{a} + b = b + a\\]",
    "\\DeclarePairedDelimiter{\\p}{(}{)}\\[\\p{a + b} = \\p*{b + a}\\]",
    "{\\renewcommand{\\x}{b}}\\newcommand{\\x}{a}\\[\\x + b = b + \\x\\]",
    "\\newcommand{\\x}{a}\\begin{quote}\\renewcommand{\\x}{b}\\end{quote}\\[\\x + b = b + \\x\\]",
    "\\begin{verbatim}\n\\[a = b\\]\n\\end{verbatim}\\[a + b = b + a\\]",
    "\\begin{comment}\n\\[a = b\\]\n\\end{comment}\\[a + b = b + a\\]",
    "\\verb|\\[a = b\\]| \\[a + b = b + a\\]",
    "\\iffalse \\[a = b\\] \\ifx\\a\\b\\fi\\fi \\[a + b = b + a\\]",
    "\\iffalse $a \\iff b$ \\[a = b\\] \\else \\[a + b = b + a\\] \\fi",
    "\\newif\\ifsol \\soltrue \\ifsol \\[a + b = b + a\\] \\else \\[a = b\\] \\fi",
    "\\newif\\ifsol \\ifsol \\[a = b\\] \\else \\[a + b = b + a\\] \\fi",
    "\\newif\\ifsol {\\soltrue} \\ifsol \\iftrue \\[a = b\\] \\fi \\else \\[a + b = b + a\\] \\fi",
    "\\let\\ifsol\\iffalse \\ifsol \\[a = b\\] \\fi \\[a + b = b + a\\]",
    "\\newif\\ifsol\\newcommand{\\sol}[1]{\\ifsol #1\\fi}\\sol{\\[a = b\\]}"
    "\\soltrue \\sol{\\[a + b = b + a\\]}",
    "\\newtoggle{sol}\\toggletrue{sol}\\iftoggle{sol}{\\[a + b = b + a\\]}{\\[a = b\\]}",
    "\\newboolean{sol}\\setboolean{sol}{false}"
    "\\ifthenelse{\\boolean{sol}}{\\[a = b\\]}{\\[a + b = b + a\\]}",
    "\\excludecomment{sol}\\begin{sol}\\[a = b\\]\\end{sol}\\[a + b = b + a\\]",
    "\\newenvironment{sol}{\\begin{quote}}{\\end{quote}}\\begin{sol}\\[a + b = b + a\\]\\end{sol}",
    "\\newenvironment{sol}[1]{\\begin{equation}\\label{#1}}{\\end{equation}}"
    "\\begin{sol}{x} a + b = b + a \\end{sol}",
    "\\newcommand{\\f}[1]{\\mathrm#1}\\newcommand{\\g}[1]{#1b}\\[\\f{a} + b = \\g{\\relax} + a\\]",
    "\\DeclarePairedDelimiterX{\\p}[2]{(}{)}{#1\\delimsize + #2}\\[\\p[\\big]{a}{b} = b + a\\]",
    "It costs \\$5. \\[a + b = b + a\\] \\end{document} \\[a = b\\]",
    "%\\[a = b\\]\n\\[a + b = b + a\\]",
)


@pytest.mark.parametrize("body", SAME)
def test_one_equality_is_displayed_in_many_ways(body: str) -> None:
    (line,) = read(body).entries
    assert isinstance(line, Line)
    assert judge(line.claim).verdict is Verdict.PROVED


@pytest.mark.parametrize("body", SAME)
def test_a_false_one_is_refuted_in_all_of_them(body: str) -> None:
    (line,) = read(body.replace("b + a", "b + 2 a").replace("\\[a]{b}", "[a]{b} + a")).entries
    assert isinstance(line, Line)
    verdict = judge(line.claim).verdict
    assert verdict is (Verdict.REFUTED if "b + a" in body else Verdict.PROVED)


def test_places_are_of_the_authors_text_and_of_a_macro_its_use() -> None:
    found = read("\\newcommand{\\x}[1]{#1 +\nb}\n  \\[\\x{a} = \\x{\\foo} \\]")
    (line,) = found.entries
    assert isinstance(line, NotRead)
    assert str(line.place) == "8:16"
    assert str(line.problem.place) == "8:16"
    (line,) = read("\\newcommand{\\x}{\\foo}\n\\[a =\n\\x\\]").entries
    assert isinstance(line, NotRead)
    assert str(line.problem.place) == "8:1"


UNDECIDED = (
    "\\ifx\\x\\y {} \\else {} \\fi",
    "\\ifnum1=1 {} {} \\fi",
    "\\ifthenelse{{\\equal{{a}}{{b}}}}{{{}}}{{{}}}",
    "\\ifCLASSTWO {} \\ifpdf {} \\fi \\fi",
)


@pytest.mark.parametrize("text", UNDECIDED)
def test_a_conditional_that_only_tex_can_decide_is_told_and_no_branch_is_judged(text: str) -> None:
    found = read("\\[a = a\\]\n" + text.format("\\[a = b\\]", "$b = a$") + "\\[b = b\\]")
    assert printed(found) == ["a=a", "b=b"]
    (problem,) = found.problems
    assert str(problem.place) == "7:1"
    assert "2 equalities are not judged" in problem.what
    assert {each.kind: each.count for each in found.elsewhere} == {"left out by a conditional": 1}
    assert len([each for each in found.elsewhere if "a" in each.text]) == 2


def test_what_such_a_conditional_defines_is_not_read() -> None:
    text = "\\newcommand{\\x}{a}\\ifx\\y\\z \\renewcommand{\\x}{b} \\fi \\[\\x = b\\]\\[a = a\\]"
    first, second = read(text).entries
    assert isinstance(first, NotRead)
    assert "\\ifx defines" in first.problem.what
    assert isinstance(second, Line)


def test_a_conditional_that_never_ends_is_text() -> None:
    assert printed(read("\\ifx\\x\\y \\[a = b\\] \\iffalse \\[b = a\\]")) == ["a=b", "b=a"]


BOMBS = {
    "\\def\\x{\\x}\\[\\x = a\\]": "a macro that calls itself",
    "\\def\\x{a\\x}\\[\\x = a\\]": "a macro that calls itself",
    "\\def\\x{\\y}\\def\\y{\\x}\\[\\x = a\\]": "a macro that calls itself",
    "\\def\\x#1{\\x{#1#1}}\\[\\x a = a\\]": "a macro that writes too much",
    "".join(
        f"\\def\\{one}{{{f'{chr(92)}{two}' * 9}}}"
        for one, two in zip("xyzuv", "yzuvw", strict=True)
    )
    + "\\def\\w{a}\\[\\x = a\\]": "a macro that writes too much",
    "\\newcommand{\\x}[1]{#1}\\[a = \\x\\]": "",
}


@pytest.mark.parametrize("body", BOMBS, ids=lambda body: body[:24])
def test_a_macro_bomb_ends_in_a_message_and_costs_its_display(body: str) -> None:
    with within(5):
        first, second = read(body + "\n\n\\newcommand{\\k}{a}\\[\\k = a\\]").entries
    assert isinstance(first, NotRead)
    assert BOMBS[body] in first.problem.what
    assert isinstance(second, Line)


def test_many_bombs_end_as_well() -> None:
    with within(20), pytest.raises(UnreadableFile, match="more than 2000 lines"):
        read("\\def\\x{\\y\\y}\\def\\y{\\x\\x}" + "\\[\\x = a\\]\n" * 20_000)


def test_files_beside_it_are_taken_in_with_places_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "part.tex").write_text("\n\\[a = b\\]\n\\input{more}\n")
    (tmp_path / "more.tex").write_text("\\[b = a\\]")
    found = read("\\[a = a\\]\\include{deep/part}\\[b = b\\]", tmp_path)
    assert printed(found) == ["a=a", "a=b", "b=a", "b=b"]
    assert places(found) == ["6:7", "deep/part.tex:2:7", "more.tex:1:7", "6:35"]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ("../outside", "outside of the folder"),
        ("/etc/passwd", "outside of the folder"),
        ("link", "outside of the folder"),
        ("absent", "no such file"),
        ("own", "takes itself in"),
        ("loop", "takes itself in"),
        ("bad", "not text in UTF-8"),
    ],
)
def test_a_file_that_is_not_taken_in_is_told_and_the_rest_is_read(
    taken: str, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, text in {"outside": "\\[a = b\\]", "folder/loop": "\\input{loop}"}.items():
        (tmp_path / f"{name}.tex").write_text(text)
    (folder / "link.tex").symlink_to(tmp_path / "outside.tex")
    (folder / "bad.tex").write_bytes(b"\xff\xff")
    found = read(f"\\[a = a\\]\n\\input{{{taken}}}\n\\[b = b\\]", folder)
    assert printed(found) == ["a=a", "b=b"]
    (problem,) = found.problems
    assert said in problem.what


def test_declarations_stand_in_a_comment_or_an_environment_and_may_use_macros() -> None:
    for given in (
        "% given\n% scalar \\x\n% end\n% b = a",
        "\\begin{given}\nscalar \\x\n\\end{given}",
    ):
        text = f"\\def\\x{{q}}\n{given}\n\\begin{{document}}\n\\[q = \\x\\]"
        (line,) = reading(text, "own.tex").entries
        assert isinstance(line, Line)


def test_macros_with_arguments_are_written_out_in_comments_too() -> None:
    given = "% given\n% size n >= 1\n% vector x in R^n\n% define q = \\norm{x}^2 + \\norm{x}^{2}"
    text = "\\newcommand{\\norm}[1]{\\left\\lVert #1 \\right\\rVert}\n" + given
    for right, verdict in (("2 x^\\top x", Verdict.PROVED), ("x^\\top x", Verdict.REFUTED)):
        found = reading(f"{text}\n\\begin{{document}}\n\\[q = {right}\\]", "own.tex")
        assert found.problems == ()
        (line,) = found.entries
        assert isinstance(line, Line)
        assert judge(line.claim).verdict is verdict


def test_remarks_stand_in_comments_under_a_display() -> None:
    found = read("\\[a = b\\]\n% - line.1 refuted, should be $a$\n\\[a = 1\\]\n% - a note\n")
    assert [each.expected for each in found.entries] == [Verdict.REFUTED, None]
    assert found.entries[0].correction is not None
    assert found.problems == ()


def test_what_is_not_judged_is_counted() -> None:
    found = read(
        "\\[a = a\\] $a = b$ % $a = b$\n\\begin{verbatim}\na = b\n\\end{verbatim}\\verb|a = b|"
    )
    assert {each.kind: each.count for each in found.elsewhere} == {
        "inline": 1,
        "comment": 1,
        "code": 1,
    }
    assert len(found.elsewhere) == 4


def test_sections_and_what_names_a_part_divide_it() -> None:
    body = (
        "\\section{One}\\[a=a\\]\\subsection{Two}\\[a=a\\]\n\n\\textbf{(b)} So\n\\[a=a\\]"
        "\\section*{Exercise 7}\\begin{enumerate}\\item[(a)] \\[a=a\\]\\item[(b)]\\[a=a\\]"
        "\\end{enumerate}\\section*{Notes}\\[a=a\\]"
    )
    ids = [each.id for each in read(body).entries]
    assert ids == ["1.1", "1-1.1", "1-1b.1", "7a.1", "7b.1", "7b.2"]


HOSTILE = {
    "definitions that do not close": "\\newcommand{\\x}{" * 15_000,
    "arguments within arguments": "\\def\\x#1{#1}" + "\\x{" * 25_000,
    "conditionals": "\\iffalse " * 25_000,
    "conditionals of TeX": "\\ifx\\x\\y a = b \\fi" * 10_000,
    "conditionals that do not end": "\\ifx " * 25_000 + "\\iftrue\\else " * 25_000,
    "switches": "\\newif\\ifx\\xtrue\\ifx a \\else b \\fi" * 5_000,
    "what is printed as it stands": "\\begin{verbatim}" * 15_000,
    "optional arguments": "\\newcommand{\\x}[1][a]{#1}" + "\\x[" * 25_000,
    "arguments of what was written": "\\def\\x#1{#1}\\def\\y{\\x}" + "\\y{a} " * 12_000,
    "files": "\\input{own}" * 20_000,
    "declarations": "% given\n" * 15_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_document_takes_long_to_be_looked_through(name: str) -> None:
    with within(10), suppress(UnreadableFile):
        read(HOSTILE[name])
