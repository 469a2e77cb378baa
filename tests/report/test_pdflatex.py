"""The document for pdflatex compiles whatever a file says, and says what the others say."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from derivations.verify import main

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
