r"""A LaTeX article with a mark at each `=`, as ``\usepackage[status]{derivations}`` sets it.

The side file has sections, of which the package reads one at a time. Section 0 has the digests of
the article and of the files that it takes in, by which the package knows that one has been changed
since, and a warning for each line that is wrong. Section 1 is a copy of what stands between
``\begin{document}`` and ``\end{document}``, the others of the files taken in; in these each sign of
an equality is put in ``\derivationsmark{id}{verdict}{sign}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path

from derivations.reader.source import NoFile, Place, Siblings, bytes_of, decoded, with_suffix
from derivations.report.findings import in_a_sentence, located
from derivations.report.results import FileResult, JudgedLine

NO_ARTICLE = "a LaTeX article is expected, with \\begin{document} and \\end{document}"
ONE_ALONE = "marks are made for one article at a time; this is another one"
_BODY = re.compile(r"\\begin\s*\{document\}(.*?)\\end\s*\{document\}", re.DOTALL)
_BRACES = r"\s*\{(?:[^{}]|\{[^{}]*\})*\}"
_SIGN = re.compile(
    r":=|=|\\(?:equiv|doteq|triangleq|coloneqq?|eqdef)(?![A-Za-z])"
    rf"|\\(?:overset|underset|stackrel){_BRACES}{_BRACES}"
    rf"|\\x(?:longequals?|equal)(?:\[[^\[\]]*\])?{_BRACES}"
)
_TAKES_IN = re.compile(r"\\(input|include)(?:\s*\{([^{}\n]{1,200})\}|\s+([\w./-]{1,200}))")
_NOT_SET = re.compile(  # what TeX does not set as formulas, and escapes, which begin none of it
    r"\\begin\{(verbatim\*?|lstlisting|minted|Verbatim|alltt|comment)\}.*?\\end\{\1\}"
    r"|\\verb\*?([^\w\s*]).*?\2|%[^\n]*|\\[^A-Za-z]",
    re.DOTALL,
)


def page(files: Sequence[FileResult]) -> str:
    """The side file of an article; of what is none, comments that say what was found."""
    pages, marked = [], False
    for file in files:
        made = "" if marked else _side_file(file)
        marked = marked or bool(made)
        pages.append(made or _instead(file, ONE_ALONE if marked else NO_ARTICLE))
    return "".join(pages)


def _instead(file: FileResult, why: str) -> str:
    """What is said of a file without marks."""
    if file.results is None:
        said = file.error or f"judged in {file.taken_in_by}"
        return f"% {file.name}: {' '.join(said.split())}\n"
    told = (f"% {_said(file.name, each)}\n" for each in file.results.lines if each.failures)
    return "".join((f"% {file.name}: {why}\n", *told))


def _side_file(file: FileResult) -> str:
    """The side file; empty where the file is no article."""
    path = Path(file.name)
    try:
        text = decoded(bytes_of(path))
    except NoFile:
        return ""
    body = _BODY.search(_as_set(text))
    if file.results is None or body is None:
        return ""
    article = _Article(text, Siblings(path.parent, path.name))
    failed = [each for each in file.results.lines if each.failures]
    head = [
        *(
            f"\\derivationssource{{{_plain(name)}}}{{{_digest(path.parent / name)}}}%"
            for name in (path.name, *list(article.texts)[1:])
        ),
        *(_warning(file.name, each) for each in failed),
    ]
    sections = {0: "\n".join(head), 1: article.marked("", file.results.lines, body.span(1))}
    for number, name in enumerate(list(article.texts)[1:], start=2):
        sections[number] = article.marked(name, file.results.lines)
    written = (
        f"%derivations:{number}\n{section}\n\\endinput\n" for number, section in sections.items()
    )
    return "".join(("\\derivationsgo\n", *written))


@dataclass
class _Article:
    """The texts of an article and of all that it takes in, by name; its own goes by none."""

    text: str
    siblings: Siblings
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.texts[""] = self.text
        waiting = [self.text]
        while waiting:
            for found in _TAKES_IN.finditer(_as_set(waiting.pop(0))):
                name = _name_of(found)
                try:
                    taken = self.texts.get(name) or self.siblings.text_of(name)
                except NoFile:
                    continue
                if name not in self.texts and name != self.siblings.own:
                    self.texts[name] = taken
                    waiting.append(taken)

    def marked(
        self, name: str, lines: Sequence[JudgedLine], span: tuple[int, int] | None = None
    ) -> str:
        """A text, or a span of it, with its marks, and where it takes in what has some."""
        text = self.texts[name]
        at, end = span or (0, len(text))
        pieces = []
        for begins, ends, instead in sorted([*self._signs(name, lines), *self._taken_in(name)]):
            if at <= begins and ends <= end:
                pieces += [text[at:begins], instead]
                at = ends
        return "".join([*pieces, text[at:end]])

    def _signs(self, name: str, lines: Sequence[JudgedLine]) -> Iterator[tuple[int, int, str]]:
        """Where the sign of each line stands, and what it is set as."""
        text, starts = self.texts[name], [0]
        for row in text.split("\n"):
            starts.append(starts[-1] + len(row) + 1)
        for judged in lines:
            place = judged.line.sign
            if place is None or _file_of(place) != name or place.line >= len(starts):
                continue
            sign = _SIGN.match(text, starts[place.line - 1] + place.column - 1)
            if sign is not None:
                of = f"\\derivationsmark{{{_plain(judged.line.id)}}}{{{judged.kind}}}"
                yield *sign.span(), f"{of}{{{sign[0]}}}"

    def _taken_in(self, name: str) -> Iterator[tuple[int, int, str]]:
        """Where files are taken in, each with the number of its section."""
        numbers = {each: number for number, each in enumerate(self.texts, start=1)}
        for found in _TAKES_IN.finditer(_as_set(self.texts[name])):
            taken = _name_of(found)
            if taken in numbers:
                file = f"{{{_as_written(found)}}}" if found[1] == "include" else ""
                yield *found.span(), f"\\derivations{found[1]}{{{numbers[taken]}}}{file}"


def _as_written(found: re.Match[str]) -> str:
    return (found[2] or found[3]).strip()


def _name_of(found: re.Match[str]) -> str:
    return with_suffix(_as_written(found))


def _file_of(place: Place) -> str:
    """The file taken in where a line stands; empty for the article itself."""
    return place.page.name if place.page and place.page.number > 0 else ""


def _as_set(text: str) -> str:
    """As long as the text, with nothing in place of what is a comment or printed as it stands."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    return _NOT_SET.sub(blank, text)


def _digest(path: Path) -> str:
    return md5(path.read_bytes(), usedforsecurity=False).hexdigest().upper()


def _warning(file: str, judged: JudgedLine) -> str:
    """What TeX says while it compiles; the number of a line of the article itself."""
    place = judged.line.place
    line = "" if _file_of(place) else str(place.line)
    said = _said(file, judged)
    balanced = braces_balance(said)
    return (
        f"\\derivationswarning{{{line}}}{{\\detokenize{{{said if balanced else _plain(said)}}}}}%"
    )


def _said(file: str, judged: JudgedLine) -> str:
    """A line and what was found, without what TeX would take for a comment or a parameter."""
    where = located(file, judged.line.place)
    said = f"{where.file}:{where.line}: {judged.line.id} is {in_a_sentence(judged)}"
    return re.sub(r"[%#\x00-\x1f]", "", said.replace("^^", "^ ^"))


def braces_balance(text: str) -> bool:
    """Whether TeX takes the text for one piece, braces behind a backslash aside."""
    depth = 0
    for brace in re.findall(r"\\.|[{}]|\\\Z", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0 or brace == "\\":
            return False
    return depth == 0


def _plain(text: str) -> str:
    """The same without anything that means something to TeX."""
    return re.sub(r"[\\{}%#^~\x00-\x1f]", "", text)
