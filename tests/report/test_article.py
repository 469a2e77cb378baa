r"""Marks in the article itself: every ``=`` that was judged, and nothing where nothing is asked."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from derivations import report
from derivations.verify import main

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
   &=
      a^2 + b^2.  % = 0
\end{align}
So \[ 2 a = a + a = \foo \] with $\sum_{i=1}^{2} 1 = 2$
\input{part}
\end{document}
"""
PART = "\\[a = b\\]\n"
MARK = re.compile(r"\\derivationsmark\{([\w-]+)\}\{(.*?)\}")


def made(folder: Path, capsys: pytest.CaptureFixture[str], package: str) -> str:
    """The side file of an article in a folder."""
    shutil.copy(STYLE, folder)
    (folder / "part.tex").write_text(PART)
    (folder / "article.tex").write_text(ARTICLE.replace("OPTIONS", package))
    main([str(folder / "article.tex"), "--format", "article", "--repairs", "none"])
    side = capsys.readouterr().out
    (folder / "article.derivations").write_text(side)
    return side


def compiled(folder: Path) -> tuple[int, str]:
    """The exit code of pdflatex, and what it says, its lines put together again."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "article.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    log = (folder / "article.log").read_text("utf-8", "replace")
    return done.returncode, log.replace("\n", "")


def test_each_sign_that_was_judged_is_marked_and_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    side = made(tmp_path, capsys, r"\usepackage[status]{derivations}")
    assert MARK.findall(side) == [
        ("proved", "="),
        ("refuted", "="),
        ("proved", "="),
        ("not-read", "="),
    ]
    assert r"\section{Squares} % a = b" in side
    assert r"$\sum_{i=1}^{2} 1 = 2$" in side
    unmarked = MARK.sub(r"\2", side).partition("\n\\section")[2]
    body = ARTICLE.partition("\n\\section")[2].partition("\\end{document}")[0]
    assert unmarked.strip() == body.strip()


def test_each_wrong_line_is_a_warning_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    side = made(tmp_path, capsys, r"\usepackage[status]{derivations}")
    warned = re.findall(r"derivationswarning\{\\detokenize\{(.*?)\}\}", side)
    assert [re.sub(r".*/", "", each).partition(" is ")[0] for each in warned] == [
        "article.tex:12: 1.2",
        "article.tex:14: 1.4",
        "part.tex:1: 1.5",
    ]


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
def test_tex_sets_the_marks_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = r"\usepackage[status]{derivations}\newcommand{\foo}{3}"
    made(tmp_path, capsys, package)
    code, log = compiled(tmp_path)
    assert code == 0
    assert log.count("Package derivations Warning") == 3
    assert "article.tex:12: 1.2 is refuted" in log


@pytest.mark.slow
def test_without_options_it_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path, capsys, r"\usepackage{derivations}\newcommand{\foo}{3}")
    code, log = compiled(tmp_path)
    assert code == 0
    assert "article.derivations" not in log
    assert "Warning" not in log


@pytest.mark.slow
def test_an_article_changed_since_is_set_without_marks_and_so_is_one_never_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path, capsys, r"\usepackage[status]{derivations}\newcommand{\foo}{3}")
    article = tmp_path / "article.tex"
    article.write_text(article.read_text() + "% more\n")
    code, log = compiled(tmp_path)
    assert code == 0
    assert "has been changed since it was judged" in log
    assert "is refuted" not in log
    (tmp_path / "article.derivations").unlink()
    code, log = compiled(tmp_path)
    assert code == 0
    assert "There is no side file (article.derivations)" in log
