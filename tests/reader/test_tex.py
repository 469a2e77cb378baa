"""LaTeX documents, their parts and references."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from sympy import Derivative, Expr, IndexedBase, Integer, KroneckerDelta, Symbol, exp, log

from derivations.claim import Verdict
from derivations.indices import Index, IndexSet, WordArray, total
from derivations.language.tree import Term
from derivations.language.tree import spelled as shape_spelled
from derivations.proof.judge import judge
from derivations.reader.derivation import Derivation, UnreadableFile, reading
from derivations.reader.equation import Line, NotRead
from derivations.reader.segmentation import equality_signs
from derivations.reader.source import Siblings
from tests.reader.alpha_equivalence import SAME, meaning, read, spelled
from tests.reader.test_conditions import introduced_verdicts as verdicts
from tests.reader.test_hostile import within

# LaTeX documents: macros, files taken in, comments, what is printed as it stands, parts.


HEAD = (
    "\\documentclass{article}\n\\usepackage{amsmath}\n% given\n% scalar a, b\n\\begin{document}\n"
)


def read_of_tex(body: str, folder: Path | None = None) -> Derivation:
    return reading(HEAD + body, "own.tex", siblings=Siblings(folder, "own.tex"))


def printed(found: Derivation) -> list[str]:
    return [each.latex.replace(" ", "") for each in found.entries]


def places(found: Derivation) -> list[str]:
    return [str(each.place) for each in found.entries]


SAME_OF_TEX = (
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


@pytest.mark.parametrize("body", SAME_OF_TEX)
def test_one_equality_is_displayed_in_many_ways(body: str) -> None:
    (line,) = read_of_tex(body).entries
    assert isinstance(line, Line)
    assert judge(line.claim).verdict is Verdict.PROVED


@pytest.mark.parametrize("body", SAME_OF_TEX)
def test_a_false_equality_is_refuted_however_it_is_displayed(body: str) -> None:
    (line,) = read_of_tex(
        body.replace("b + a", "b + 2 a").replace("\\[a]{b}", "[a]{b} + a")
    ).entries
    assert isinstance(line, Line)
    verdict = judge(line.claim).verdict
    assert verdict is (Verdict.REFUTED if "b + a" in body else Verdict.PROVED)


def test_places_are_of_the_authors_text_and_of_a_macro_its_use() -> None:
    found = read_of_tex("\\newcommand{\\x}[1]{#1 +\nb}\n  \\[\\x{a} = \\x{\\foo} \\]")
    (line,) = found.entries
    assert isinstance(line, NotRead)
    assert str(line.place) == "8:16"
    assert str(line.problem.place) == "8:16"
    (line,) = read_of_tex("\\newcommand{\\x}{\\foo}\n\\[a =\n\\x\\]").entries
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
    found = read_of_tex("\\[a = a\\]\n" + text.format("\\[a = b\\]", "$b = a$") + "\\[b = b\\]")
    assert printed(found) == ["a=a", "b=b"]
    (problem,) = found.problems
    assert str(problem.place) == "7:1"
    assert "2 equalities are not judged" in problem.what
    assert {each.kind: each.count for each in found.elsewhere} == {"left out by a conditional": 1}
    assert len([each for each in found.elsewhere if "a" in each.text]) == 2


def test_what_such_a_conditional_defines_is_not_read() -> None:
    text = "\\newcommand{\\x}{a}\\ifx\\y\\z \\renewcommand{\\x}{b} \\fi \\[\\x = b\\]\\[a = a\\]"
    first, second = read_of_tex(text).entries
    assert isinstance(first, NotRead)
    assert "\\ifx defines" in first.problem.what
    assert isinstance(second, Line)


def test_a_conditional_that_never_ends_is_text() -> None:
    assert printed(read_of_tex("\\ifx\\x\\y \\[a = b\\] \\iffalse \\[b = a\\]")) == ["a=b", "b=a"]


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
        first, second = read_of_tex(body + "\n\n\\newcommand{\\k}{a}\\[\\k = a\\]").entries
    assert isinstance(first, NotRead)
    assert BOMBS[body] in first.problem.what
    assert isinstance(second, Line)


def test_many_bombs_end_as_well() -> None:
    with within(20), pytest.raises(UnreadableFile, match="more than 2000 lines"):
        read_of_tex("\\def\\x{\\y\\y}\\def\\y{\\x\\x}" + "\\[\\x = a\\]\n" * 20_000)


def test_files_beside_it_are_taken_in_with_places_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "part.tex").write_text("\n\\[a = b\\]\n\\input{more}\n")
    (tmp_path / "more.tex").write_text("\\[b = a\\]")
    found = read_of_tex("\\[a = a\\]\\include{deep/part}\\[b = b\\]", tmp_path)
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
    found = read_of_tex(f"\\[a = a\\]\n\\input{{{taken}}}\n\\[b = b\\]", folder)
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
    found = read_of_tex("\\[a = b\\]\n% - line.1 refuted, should be $a$\n\\[a = 1\\]\n% - a note\n")
    assert [each.expected for each in found.entries] == [Verdict.REFUTED, None]
    assert found.entries[0].correction is not None
    assert found.problems == ()


def test_what_is_not_judged_is_counted() -> None:
    found = read_of_tex(
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
    ids = [each.id for each in read_of_tex(body).entries]
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
        read_of_tex(HOSTILE[name])


# Every equality of a file is accounted for: what is not displayed as a line is counted.


GIVEN = "```given\nscalar a, b\n```\n\n$$a = a$$\n\n"


def counted(text: str) -> list[tuple[str, int, str]]:
    """What stands elsewhere: its kind, how many equalities it has, and where, after the line."""
    found = reading(GIVEN + text, "own.md").elsewhere
    return [(e.kind, e.count, f"{e.place.line - 6}:{e.place.column}") for e in found]


INSIDE = {
    "Let $a = b$ be.": [("inline", 1, "1:6")],
    "Let $a = b = c$ and $d=e$.": [("inline", 2, "1:6"), ("inline", 1, "1:22")],
    "Let $a\n= b$ be.": [("inline", 1, "1:6")],
    "## (b) Where $a = b$": [("inline", 1, "1:15")],
    "It costs $5 and $6 = $11.": [("plain text", 1, "1:20")],
    "It costs \\$5, so $a = 5$.": [("inline", 1, "1:19")],
    "Here a = b, or a=b.": [("plain text", 1, "1:8")],
    "We have \\(a = b\\).": [(r"\( \)", 1, "1:11")],
    "\\begin{proof} Let $a = b$. \\end{proof}": [("inline", 1, "1:20")],
    "```python\nx = 3\nf(y=4)\n```": [("code", 1, "2:3")],
    "~~~\n$$a = b$$\n~~~": [("code", 1, "2:3")],
    "The code `a = b` here": [("code", 1, "1:11")],
    "<!-- $$a = b$$ -->": [("comment", 1, "1:8")],
    "<!-- in $a = b$\n\nand \\[c = d\\] -->": [("comment", 1, "1:10"), ("comment", 1, "3:7")],
    "<!-- truth=TTF -->": [],
    "$$a = a % = b = c\n$$": [("comment", 2, "1:11")],
    "$$b = b$$ because $a = b$": [("inline", 1, "1:20")],
    "so $a = b$ $$b = b$$": [("inline", 1, "1:5")],
    "$\\sum_{i=1}^n a$, $f(x=2)$, $a \\ne b$, $a <= b$": [],
    "Title\n=====\n\ntext": [],
    "| a | b |\n|---|---|": [],
}


@pytest.mark.parametrize("text", INSIDE)
def test_what_is_not_displayed_is_counted_where_it_stands(text: str) -> None:
    assert counted(text) == INSIDE[text]


def test_remarks_declarations_and_lines_are_not_counted() -> None:
    text = GIVEN + "- if $a = b$\n- line.1 refuted, should be $a = b$\n"
    assert reading(text, "own.md").elsewhere == ()


def test_a_comment_among_declarations_is_counted() -> None:
    text = "```given\nscalar a  \n# where $a = 2$\n```\n\n$$a = a$$\n"
    (found,) = reading(text, "own.md").elsewhere
    assert (found.kind, str(found.place)) == ("comment", "3:10")


def test_a_display_in_a_comment_is_no_line() -> None:
    found = reading(GIVEN + "<!--\n$$a = b$$\n-->\n\n$$b = b$$\n", "own.md")
    assert [entry.latex for entry in found.entries] == ["a = a", "b = b"]
    assert [each.count for each in found.elsewhere] == [1]


def test_a_remark_may_stand_behind_a_comment() -> None:
    text = "```given\nscalar a, b\n```\n\n$$a = b$$\n<!-- this is wrong -->\n- line.1 refuted\n"
    (line,) = reading(text, "own.md").entries
    assert isinstance(line, Line)
    assert line.expected is not None


def test_a_file_with_no_display_says_what_there_is() -> None:
    with pytest.raises(UnreadableFile, match=r"no line to judge \(but 2 equalities outside"):
        reading("Let $a = b$, \\(b = c\\).\n", "own.md")


SIGNS = {
    "a = b = c": 2,
    "a &= b \\\\ &= c": 2,
    "a \\equiv b": 1,
    "\\sum_{i=1}^n x_i = (y = z)": 1,
    "a = (b = c": 2,
    "a = b) = c": 2,
    "f(x) = \\{ w = o \\}": 1,
    "\\text{if a = b}": 0,
    "a := b": 1,
    "a <= b >= c != d == e": 0,
    "\\begin{aligned} a &= b \\end{aligned}": 1,
    "": 0,
}


@pytest.mark.parametrize("formula", SIGNS)
def test_equalities_are_counted_roughly_where_they_cannot_be_read(formula: str) -> None:
    assert len(equality_signs(formula)) == SIGNS[formula]


HOSTILE_OF_ELSEWHERE = {
    "openings": "\\[ " * 200_000,
    "dollars": "$a " * 300_000,
    "dollars that do not close": "$a $" * 80_000,
    "ticks": "`" * 400_000 + "a",
    "ticks of every length": " ".join("`" * n for n in range(1200)),
    "comments": "<!-- a --> " * 40_000,
    "comments that do not close": "<!-- a\n" * 16_000,
    "displays and comments": "$$a=a$$ <!-- b -->\n" * 1000,
    "fences that do not close": "```given\n\n" * 24_000,
    "fences of every length": "\n".join("`" * n + " given\n" for n in range(1300, 3, -1)),
    "environments": "\\begin{align}" * 70_000,
    "other environments": "\\begin{proof}" * 70_000,
    "brackets": "\\[" + "(" * 400_000 + "=" * 3 + " = " + ")" * 400_000,
    "signs": " = " * 80_000,
    "a display that does not close": "$$ a\n\n" * 999 + "$$ " * 1001,
    "percent signs": "$$" + "% = \n" * 16_000 + "$$",
}


@pytest.mark.parametrize("name", HOSTILE_OF_ELSEWHERE)
def test_no_text_takes_long_to_be_looked_through(name: str) -> None:
    with within(10), suppress(UnreadableFile):  # with more than 2,000 lines
        reading(GIVEN + HOSTILE_OF_ELSEWHERE[name][: 1_000_000 - 100], "own.md")


# What one part of a text introduces is meant in later ones, unless they say otherwise.


NEXT = "\n$$\n\n## 2.\n\n$$"


def test_a_name_of_an_earlier_part_is_used_later_and_can_only_be_proved() -> None:
    again = [f"L = a^2 {NEXT} 2 L = 2 a a", "2 L = a"]
    assert verdicts(*again, prose="## 1.\n") == ["defined", "proved", "undecided"]
    wrong = [f"L = a^2 {NEXT} 2 L = x", "L = x"]
    assert verdicts(*wrong, prose="## 1.\n") == ["defined", "undecided", "undecided"]


def test_a_name_of_an_earlier_part_comes_with_the_names_in_its_definition() -> None:
    lines = [r"M = a b \\ L = M^2 " + NEXT + r"\frac{\partial L}{\partial M} = 2 M"]
    assert verdicts(*lines, prose="## 1.\n") == ["defined", "defined", "proved"]


def test_a_part_may_define_a_name_of_an_earlier_part_anew() -> None:
    lines = [f"L = a^2 {NEXT} L = a^3", "2 L = 2 a^3", "2 L = 2 a^2"]
    wanted = ["defined", "defined", "proved", "refuted"]
    assert verdicts(*lines, prose="## 1.\n") == wanted


def test_of_two_that_differ_none_is_taken() -> None:
    lines = [f"L = a^2 {NEXT} L = a^3 \n$$\n\n## 3.\n\n$$ 2 L = 2 a^3"]
    assert verdicts(*lines, prose="## 1.\n") == ["defined", "defined", "not read"]


def test_a_probability_is_one_of_the_same_variables_alone() -> None:
    lines = ["p(x) = \\exp(-x^T x) " + NEXT + r"\log p(x) = -x^T x", r"\log p(y) = -y^T y"]
    assert verdicts(*lines, prose="## 1.\n") == ["defined", "proved", "proved"]
    wrong = [lines[0], r"\log p(y) = y^T y"]
    assert verdicts(*wrong, prose="## 1.\n") == ["defined", "proved", "undecided"]


# What the references of the spellings mean, against expressions made by hand.


N = Symbol("N", integer=True, positive=True)
d = Symbol("d", integer=True, positive=True)
K = Symbol("K", integer=True, nonnegative=True)
a, b, z, s = (Symbol(name, real=True) for name in "abzs")
WORDS = IndexSet("Vocab", Integer(1), N, labels=True)
COORDINATES = IndexSet("1..d", Integer(1), d)
DRAWS = IndexSet("1..K", Integer(1), K, inhabited=False)
o, c, w, n = (Index(name, WORDS) for name in "ocwn")
h = Index("h", COORDINATES)
k, i = Index("k", DRAWS), Index("i", DRAWS)
U, V, p, q = map(IndexedBase, "UVpq")
drawn = WordArray("w", WORDS)
# axes are called as they are in the strings that are compared
row, column = Index("axis 0", COORDINATES), Index("axis 1", COORDINATES)
word_row, word_column = Index("axis 0", WORDS), Index("axis 1", WORDS)


def score(word: Expr) -> Expr:
    return total(U[word, h] * V[c, h], h)


def softmax(word: Expr) -> Expr:
    return exp(score(word)) / total(exp(score(n)), n)


def is_o(word: Expr) -> Expr:
    return KroneckerDelta(word, o)


sigmoid = 1 / (1 + exp(-z))
loss = -log(softmax(o))
BY_HAND = {
    r"\frac{\partial}{\partial v_c} J(v_c, o, U)": Derivative(loss, V[c, row], evaluate=False),
    r"\frac{\partial}{\partial U} J": Derivative(loss, U[word_column, row], evaluate=False),
    r"\sigma'(z)": Derivative(sigmoid, z, evaluate=False),
    r"u_o^T v_c": score(o),
    r"\lVert v_c \rVert^2": total(V[c, h] ** 2, h),
    r"v_c (\hat{y} - y)^T": V[c, row] * (softmax(word_column) - is_o(word_column)),
    r"U (\hat{y} - y)": total(U[n, row] * (softmax(n) - is_o(n)), n),
    r"p \odot q": p[row] * q[row],
    r"\operatorname{diag}(p) q": total(KroneckerDelta(row, h) * p[row] * q[h], h),
    r"\frac{z}{s}": z / s,
    r"\frac{1}{2} z": z / 2,
    r"z s": z * s,
    r"(z + s) a": (z + s) * a,
    r"\sum_{w=1}^{N} y_w": total(is_o(w), w),
    r"\sum_{k=1}^K a": total(a, k),
    r"\sum_{w, w \ne o} y_w": total((1 - is_o(w)) * is_o(w), w),
    r"\sum_{i : w_i = w_k} a": total(KroneckerDelta(drawn[i], drawn[k]) * a, i),
    r"\exp(z)": exp(z),
    r"\log(z)": log(z),
    r"\log(\sum_w \exp(u_w^T v_c))": log(total(exp(score(w)), w)),
    r"\sigma(z)": sigmoid,
    r"\mathrm{softmax}(U^T v_c)_w": softmax(w),
    r"\hat{y}_w": softmax(w),
    r"P(O = o | C = c)": softmax(o),
    r"\mathbb{1}_{w = o}": is_o(w),
    r"|Vocab|": N,
    r"U": U[word_column, row],
    r"y": is_o(word_row),
}


def test_every_reference_is_made_by_hand() -> None:
    assert set(BY_HAND) == set(SAME)


@pytest.mark.parametrize("latex", BY_HAND)
def test_a_reference_means_what_was_made_by_hand(latex: str) -> None:
    assert meaning(latex).partition(" ")[2].endswith(spelled(BY_HAND[latex]))


@pytest.mark.parametrize(
    ("latex", "shape"),
    [
        ("U", "(d, N)"),
        ("y", "(N, 1)"),
        (r"\frac{\partial}{\partial U} J", "(d, N)"),
        (r"v_c (\hat{y} - y)^T", "(d, N)"),
        (r"U (\hat{y} - y)", "(d, 1)"),
        (r"u_o^T v_c", "scalar"),
    ],
)
def test_a_reference_has_the_shape_it_says(latex: str, shape: str) -> None:
    value, _ = read(latex)
    assert isinstance(value, Term)
    assert shape_spelled(value.shape) == shape
