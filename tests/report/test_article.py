"""Marks in a LaTeX article, and what TeX makes of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from hashlib import md5
from pathlib import Path

import pytest

from derivations import report
from derivations.report.outputs.article import braces_balance
from derivations.verify import main

# Marks in the article itself: every ``=`` that was judged, and nothing where nothing is asked.


STYLE = Path(report.__file__).with_name("tex") / "derivations.sty"
ARTICLE = r"""\documentclass{article}
\usepackage{amsmath}
OPTIONS
% given
% scalar a, b
\begin{document}
\section{Squares} % a = b
For all numbers
\begin{align}
  (a + b)^2 &= a^2 + 2 a b + b^2 \\
   &\overset{\text{why?}}{=} % really?
      a^2 + b^2.  % = 0
\end{align}
So \[ 2 a = a + a = \foo \] with $\sum_{i=1}^{2} 1 = 2$
\input{part}
\begin{verbatim}
\input{part}
\end{verbatim}
\include{more/last}
\end{document}
"""
PART = "\\[a = b\\] % \\input{part}\n\\input more/within"
WITHIN = "\t\\[a \\equiv a\\]\n"
LAST = "\\[a a = a^2\\]\n"
MARK = re.compile(
    r"\\derivationsmark\{([\w.]+)\}\{([\w-]+)\}\{((?:[^{}]|\{(?:[^{}]|\{.*?\})*\})*)\}"
)


def made(folder: Path, capsys: pytest.CaptureFixture[str], package: str) -> str:
    """The side file of an article in a folder."""
    shutil.copy(STYLE, folder)
    (folder / "more").mkdir(exist_ok=True)
    (folder / "part.tex").write_text(PART)
    (folder / "more" / "within.tex").write_text(WITHIN)
    (folder / "more" / "last.tex").write_text(LAST)
    (folder / "article.tex").write_text(ARTICLE.replace("OPTIONS", package))
    main([str(folder / "article.tex"), "--format", "article", "--repairs", "none"])
    side = capsys.readouterr().out
    (folder / "article.derivations").write_text(side)
    return side


def compiled(folder: Path, *options: str, engine: str = "pdflatex") -> tuple[int, str]:
    """The exit code of TeX, and what it says, its lines put together again."""
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not installed")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", *options, "article.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    log = (folder / "article.log").read_text("utf-8", "replace")
    return done.returncode, log.replace("\n", "")


def sections(side: str) -> list[str]:
    """The sections of a side file, without the lines they begin and end with."""
    first, *found = re.split(r"%derivations:\d\n", side)
    assert first == "\\derivationsgo\n"
    return [each.removesuffix("\n\\endinput\n") for each in found]


def test_each_sign_that_was_judged_is_marked_and_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, body, *_ = sections(made(tmp_path, capsys, r"\usepackage[status]{derivations}"))
    assert MARK.findall(body) == [
        ("1.1", "proved", "="),
        ("1.2", "refuted", r"\overset{\text{why?}}{=}"),
        ("1.3", "proved", "="),
        ("1.4", "not-read", "="),
    ]
    unmarked = MARK.sub(r"\3", body)
    unmarked = unmarked.replace(r"\derivationsinput{2}", r"\input{part}", 1)
    unmarked = unmarked.replace(r"\derivationsinclude{3}{more/last}", r"\include{more/last}")
    assert unmarked == ARTICLE.partition("\\begin{document}")[2].partition("\\end{document}")[0]


def test_files_that_are_taken_in_have_their_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, *taken = sections(made(tmp_path, capsys, r"\usepackage[status]{derivations}"))
    assert taken == [
        "\\[a \\derivationsmark{1.5}{refuted}{=} b\\] % \\input{part}\n\\derivationsinput{4}",
        "\\[a a \\derivationsmark{1.7}{proved}{=} a^2\\]\n",
        "\t\\[a \\derivationsmark{1.6}{proved}{\\equiv} a\\]\n",
    ]


def test_an_article_and_what_it_takes_in_are_known_by_their_digests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = sections(made(tmp_path, capsys, r"\usepackage[status]{derivations}"))[0]
    listed = dict(re.findall(r"derivationssource\{(.*?)\}\{(.*?)\}", head))
    assert set(listed) == {"article.tex", "part.tex", "more/within.tex", "more/last.tex"}
    digest = md5((tmp_path / "part.tex").read_bytes(), usedforsecurity=False).hexdigest()
    assert listed["part.tex"] == digest.upper()


def test_each_wrong_line_is_a_warning_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    side = made(tmp_path, capsys, r"\usepackage[status]{derivations}")
    warned = re.findall(r"derivationswarning\{(\d*)\}\{\\detokenize\{(.*?)\}\}", side)
    assert [(line, re.sub(r".*/", "", said).partition(" is ")[0]) for line, said in warned] == [
        ("12", "article.tex:12: 1.2"),
        ("14", "article.tex:14: 1.4"),
        ("", "part.tex:1: 1.5"),
    ]


def test_a_warning_never_breaks_the_side_file() -> None:
    for said in (r"\frac{a", r"a}", r"} {", "a\\"):
        assert not braces_balance(said)
    assert braces_balance(r"\{ \frac{a}{b}")


def test_of_two_articles_one_is_marked_and_the_other_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one.tex", "other.tex"):
        article = "% given\n% scalar a\n\\begin{document}\n\\[a = 2 a\\]\n\\end{document}\n"
        (tmp_path / name).write_text(article)
    main([str(tmp_path / "one.tex"), str(tmp_path / "other.tex"), "--format", "article"])
    side = capsys.readouterr().out
    assert side.startswith("\\derivationsgo\n")
    assert side.count("derivationsmark") == 1
    assert "other.tex: marks are made for one article at a time" in side


def test_what_is_no_article_has_comments_instead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.md").write_text("```given\nscalar a\n```\n$$a = 2 a$$\n")
    main([str(tmp_path / "own.md"), "--format", "article"])
    first, second = capsys.readouterr().out.splitlines()
    assert "a LaTeX article is expected" in first
    assert "line.1 is refuted" in second
    assert {first[0], second[0]} == {"%"}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
@pytest.mark.parametrize("options", ["status", "status,margin"])
def test_tex_sets_the_marks_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: str, engine: str
) -> None:
    package = rf"\usepackage[{options}]{{derivations}}\newcommand{{\foo}}{{3}}"
    made(tmp_path, capsys, package)
    compiled(tmp_path, engine=engine)
    code, log = compiled(tmp_path, engine=engine)
    assert code == 0
    assert log.count("Package derivations Warning") == 3
    assert "article.tex:12: 1.2 is refuted" in log
    assert "on input line 12." in log
    positions = (tmp_path / "article.aux").read_text().count("\\derivationsposition{1.")
    positions += (tmp_path / "more" / "last.aux").read_text().count("\\derivationsposition{1.")
    assert positions == (7 if "margin" in options else 0)


@pytest.mark.slow
@pytest.mark.parametrize("options", ["status", "margin"])
def test_a_mark_moves_nothing(tmp_path: Path, options: str) -> None:
    shutil.copy(STYLE, tmp_path)
    (tmp_path / "article.tex").write_text(
        rf"""\documentclass{{article}}
\usepackage{{amsmath}}\usepackage[{options}]{{derivations}}
\begin{{document}}
\newcommand\compare[1]{{%
  \setbox0\hbox{{$\displaystyle a#1b_{{c#1d}}$}}%
  \setbox2\hbox{{$\displaystyle a\derivationsmark{{1.1}}{{definition}}{{#1}}
    b_{{c\derivationsmark{{1.2}}{{ill-typed}}{{#1}}d}}$}}%
  \ifdim\wd0=\wd2\else\errmessage{{wider}}\fi
  \ifdim\ht0=\ht2\else\errmessage{{higher}}\fi
  \ifdim\dp0=\dp2\else\errmessage{{deeper}}\fi}}
\compare{{=}}\compare{{:=}}\compare{{\equiv}}\compare{{\overset{{!}}{{=}}}}
\end{{document}}
"""
    )
    code, log = compiled(tmp_path)
    assert code == 0, log[-2000:]


@pytest.mark.slow
def test_the_side_file_is_written_while_compiling_where_it_is_out_of_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, capsys, r"\usepackage[run]{derivations}\newcommand{\foo}{3}")
    (tmp_path / "article.derivations").rename(tmp_path / "written")
    command = tmp_path / "bin" / "derivations"
    command.parent.mkdir()
    command.write_text('#!/bin/sh\necho "$@" >> called\ncat written\nexit 1\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    code, log = compiled(tmp_path)
    assert code == 0
    assert "The option run needs a shell: compile with -shell-escape" in log
    assert not (tmp_path / "called").exists()
    for _ in range(2):
        code, log = compiled(tmp_path, "-shell-escape")
        assert code == 0
        assert "article.tex:12: 1.2 is refuted" in log
    assert (tmp_path / "called").read_text() == "verify --format article article.tex\n"
    command.write_text("#!/bin/sh\necho could not be run >&2\nexit 127\n")
    (tmp_path / "part.tex").write_text("none")
    code, log = compiled(tmp_path, "-shell-escape")
    assert code == 0
    assert "article.derivations was not written by derivations verify --format article" in log


@pytest.mark.slow
def test_without_options_it_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path, capsys, r"\usepackage{derivations}\newcommand{\foo}{3}")
    code, log = compiled(tmp_path)
    assert code == 0
    assert "article.derivations" not in log
    assert "Warning" not in log
    assert "derivations" not in (tmp_path / "article.aux").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("changed", ["article.tex", "part.tex", "more/within.tex"])
def test_an_article_changed_since_is_set_without_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: str
) -> None:
    made(tmp_path, capsys, r"\usepackage[status]{derivations}\newcommand{\foo}{3}")
    file = tmp_path / changed
    file.write_text(file.read_text() + "\n% more\n")
    code, log = compiled(tmp_path)
    assert code == 0
    assert f"{changed} has been changed since it was judged: nothing is marked" in log
    assert "is refuted" not in log


@pytest.mark.slow
def test_an_article_never_judged_is_set_without_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path, capsys, r"\usepackage[status]{derivations}\newcommand{\foo}{3}")
    side = tmp_path / "article.derivations"
    side.write_text("Something else. % derivationsgo")
    code, log = compiled(tmp_path)
    assert code == 0
    assert "article.derivations was not written by derivations verify" in log
    side.unlink()
    code, log = compiled(tmp_path)
    assert code == 0
    assert "There is no side file (article.derivations)" in log


# The document for pdflatex compiles whatever a file says, and says what the others say.


ODD = r"""
```given
size n >= 1
index i in 1..n
scalar \lambda, \mu, a
vector x, y in R^n
require \lambda \mu = ...
```

## (a) Träume & 50% of 中_#
$$\lambda \mu = \mu \lambda + 1 = \foo{2}$$

$$a = ŷ \bar{$$

$$\sum_i x_i y_i = x y^T$$

$$\lambda \mu + a = a$$
- a.5 refuted, should be $\lambda \mu + a$

$$\hat{\lambda} = 50\% \lambda & \mu$$

$$\lambda = \mu # _ ^ \end{document}$$
"""


@pytest.fixture
def document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    (tmp_path / "o_d#d.md").write_text(ODD, encoding="utf-8")
    (tmp_path / "none.md").write_text("50% & no formula_^", encoding="utf-8")
    main([str(tmp_path), "--repairs", "none", "--format", "pdflatex"])
    return capsys.readouterr().out


def test_each_line_is_set_as_it_was_read_and_what_was_not_read_letter_by_letter(
    document: str,
) -> None:
    assert document.startswith(r"\documentclass")
    assert document.count(r"\end{document}") == 1
    assert r"\lambda \mu = \mu \lambda + 1" in document
    assert r"\textbackslash{}foo\{2\}" in document
    assert re.search(r"a\.1, line \d+: refuted", document)
    assert "required.1: not shown" in document
    assert "Should be:" in document
    assert r"o\_d\#d.md" in document
    assert "no line to judge" in document


def test_what_is_no_letter_of_latex_is_declared(document: str) -> None:
    declared = re.findall(r"\\DeclareUnicodeCharacter\{(\w+)\}", document)
    body = document.partition(r"\begin{document}")[2]
    assert {chr(int(each, 16)) for each in declared} == {each for each in body if ord(each) > 127}


@pytest.mark.skipif(
    not shutil.which("pdflatex"), reason="apt-get install texlive-latex-recommended"
)
def test_it_compiles(document: str, tmp_path: Path) -> None:
    (tmp_path / "page.tex").write_text(document, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-2000:]
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
