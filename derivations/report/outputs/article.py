r"""A LaTeX article with a mark at each `=`, as ``\usepackage[status]{derivations}`` sets it.

What stands between ``\begin{document}`` and ``\end{document}`` of the file is copied, each sign of
an equality put in ``\derivationsmark{verdict}{sign}``; in front of it are the digest of the file,
by which the package knows that it has been changed since, and a warning for each line that is
wrong. Lines of files that it takes in are warned of, but have no mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import md5
from pathlib import Path

from derivations.report.findings import in_a_sentence, located
from derivations.report.results import FileResult, JudgedLine

BODY = re.compile(r"\\begin\s*\{document\}(.*?)\\end\s*\{document\}", re.DOTALL)
SIGN = re.compile(
    r"(:=|=|\\equiv|\\coloneqq|\\triangleq|\\overset\s*\{[^{}]*\}\s*\{=\})((?:\s|&|\{\})*)\Z"
)
REACH = 80  # how far in front of the right side its sign is looked for
NO_ARTICLE = "a LaTeX article is expected, with \\begin{document} and \\end{document}"


def page(files: Sequence[FileResult]) -> str:
    """The side file of an article; of what is none, comments that say what was found."""
    return "".join(map(_marked, files))


def _marked(file: FileResult) -> str:
    if file.results is None:
        said = file.error or f"judged in {file.taken_in_by}"
        return f"% {file.name}: {' '.join(said.split())}\n"
    content = Path(file.name).read_bytes()
    text = content.decode("utf-8", "replace")
    body = BODY.search(_without_comments(text))
    if body is None:
        told = (f"% {_said(file.name, each)}\n" for each in file.results.lines if each.failures)
        return "".join((f"% {file.name}: {NO_ARTICLE}\n", *told))
    found = [f"\\derivationssource{{{md5(content, usedforsecurity=False).hexdigest().upper()}}}%"]
    found += [_warning(file.name, each) for each in file.results.lines if each.failures]
    start, end = body.span(1)
    at = start
    pieces = ["\n".join(found), "\n"]
    for begins, ends, kind in sorted(_signs(text, file.results.lines)):
        if at <= begins and ends <= end:
            pieces += [text[at:begins], f"\\derivationsmark{{{kind}}}{{{text[begins:ends]}}}"]
            at = ends
    return "".join([*pieces, text[at:end], "\n"])


def _without_comments(text: str) -> str:
    """As long as the text, with no sign in its comments."""
    return re.sub(r"(?<!\\)%[^\n]*", lambda found: " " * len(found[0]), text)


def _signs(text: str, lines: Sequence[JudgedLine]) -> Iterator[tuple[int, int, str]]:
    """Where in the text the sign of each line stands, and what is said of it."""
    rows = text.split("\n")
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row) + 1)
    for judged in lines:
        place = judged.line.place
        if place.within or place.line > len(rows):
            continue
        right = starts[place.line - 1] + place.column - 1
        sign = SIGN.search(text, max(0, right - REACH), right)
        if sign is not None:
            yield sign.start(1), sign.end(1), judged.kind


def _warning(file: str, judged: JudgedLine) -> str:
    """What TeX says while it compiles, at the line of the file."""
    return f"\\derivationswarning{{\\detokenize{{{_said(file, judged)}}}}}%"


def _said(file: str, judged: JudgedLine) -> str:
    """A line and what was found, without what means something to TeX."""
    where = located(file, judged.line.place)
    said = f"{where.file}:{where.line}: {judged.line.id} is {in_a_sentence(judged)}"
    return re.sub(r"[\\{}%#^~\x00-\x1f]", "", said)
