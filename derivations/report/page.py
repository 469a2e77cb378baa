"""The results as one page of HTML that needs nothing else, and formulas as MathML by latex2mathml.

The page is a table, lines in full, and mistakes made more than once; it uses no network and no
further file. Formulas are MathML where the converter is there, which every browser draws, else
their LaTeX; in a table for a notebook it stands between dollar signs then, for MathJax.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import lookup, name
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from derivations.claim import Verdict
from derivations.report.findings import Section, findings, in_other_roles, of_line, required_shown
from derivations.report.results import MARKS as ROLE_MARKS
from derivations.report.results import FileResult, JudgedLine, Results
from derivations.report.stdio import missing, visible
from derivations.report.style import GOOD, counted, duration

# What browsers leave to the author of MathML: bold and double-struck letters, space around words.
#
# Of ``mathvariant`` MathML Core knows ``normal`` alone: a letter in bold is a character of its own.
# A bracket grows with what is beside it unless it says that it does not; in LaTeX those behind
# ``left`` and ``right`` do, and no others.
# A word such as log stands as an operator, a thin space from what is beside it, but not from a
# bracket.


VARIANTS = {
    "bold": ("MATHEMATICAL BOLD",),
    "bold-italic": ("MATHEMATICAL BOLD ITALIC",),
    "double-struck": ("MATHEMATICAL DOUBLE-STRUCK", "DOUBLE-STRUCK"),
    "script": ("MATHEMATICAL SCRIPT", "SCRIPT"),
    "fraktur": ("MATHEMATICAL FRAKTUR", "BLACK-LETTER"),
    "sans-serif": ("MATHEMATICAL SANS-SERIF",),
    "monospace": ("MATHEMATICAL MONOSPACE",),
}
SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
BRACKETS = frozenset("([{|∥‖⟨/")
GROWING = frozenset("‖∥|⟨⟩⌊⌋⌈⌉")
THIN = "0.1667em"


def finish(formula: Element, *, displayed: bool) -> None:
    """Put in letters and spaces, everywhere; what was displayed is drawn so."""
    formula.set("displaystyle", str(displayed).lower())
    for node in formula.iter():
        variant = node.get("mathvariant", "")
        if variant in VARIANTS and node.text:
            node.text = "".join(_letter(each, VARIANTS[variant]) for each in node.text)
            del node.attrib["mathvariant"]
        if node.text in GROWING and not {"stretchy", "minsize"} & {*node.keys()}:
            node.set("stretchy", "false")
        if node.tag not in SCRIPTED:
            _space(list(node))


def _letter(letter: str, names: tuple[str, ...]) -> str:
    """The letter or digit in another style, where Unicode has it."""
    words = name(letter, "").split()
    said = " ".join(word for word in words if word not in ("LATIN", "GREEK", "LETTER"))
    for each in names:
        try:
            return lookup(f"{each} {said}")
        except KeyError:
            continue
    return letter


def _space(children: list[Element]) -> None:
    for before, node, after in zip(
        [None, *children], children, [*children[1:], None], strict=False
    ):
        word = _core(node)
        text = word.text or ""
        if word.tag not in ("mi", "mo") or len(text) < 2 or not (text.isascii() and text.isalpha()):
            continue
        word.tag = "mo"
        word.set("lspace", "0" if before is None or before.tag == "mo" else THIN)
        closed = after is None or (after.tag == "mo" and after.text in BRACKETS)
        word.set("rspace", "0" if closed else THIN)


def _core(node: Element) -> Element:
    """What scripts stand at."""
    while node.tag in SCRIPTED and len(node):
        node = node[0]
    return node


# Sentences with formulas in them: where the LaTeX begins and ends, so that it can be typeset.
#
# What is said of a line is plain text, which mentions formulas in the author's letters. A run of
# words is a formula where it has a command or a script in it; signs, numbers, single letters and
# products such as Xw beside these belong to it, words do not. What is quoted stands in the file
# as it is quoted, and stays so.


MOST_SIGNS_OF_A_FORMULA = 2000  # of what is longer nothing is typeset
_QUOTED = re.compile(
    r"""(?:(?<=\s)|^)(?P<mark>['"])(?P<source>\S(?:.*?\S)??)(?P=mark)(?=[\s,;:.)]|$)"""
)
_WORD = re.compile(r"(?:\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\S)+")  # with what is in braces
_COMMAND = re.compile(r"\\[A-Za-z]|(?:(?<![A-Za-z])[A-Za-z]|[})\]])'*[_^](?![A-Za-z]{2})")
_SIGN = re.compile(r"[-+=<>|/(]+|\.\.\.")
_BESIDE = re.compile(
    r"[-+]?(?:\d+(?:\.\d+)?|[A-Zb-z]'?|[A-Z][A-Za-z])[)\]]*|[-+]?[A-Za-z]\([A-Za-z0-9, ]*\)"
)
_ENDS = ",;:.?!"
_CLOSED = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence: words, a formula, or what is quoted from the file."""

    text: str
    is_formula: bool = False
    is_quoted: bool = False


def pieces(text: str) -> Iterator[Piece]:
    """The sentence piece by piece; together they are the text, but for the marks of quotations."""
    if len(text) > MOST_SIGNS_OF_A_FORMULA:
        yield Piece(text)
        return
    done = 0
    for quoted in _QUOTED.finditer(text):
        yield from _formulas(text[done : quoted.start()])
        yield Piece(quoted["source"], is_quoted=True)
        done = quoted.end()
    yield from _formulas(text[done:])


@dataclass(frozen=True)
class _Word:
    """A word without the punctuation behind it, and where it stands."""

    text: str
    start: int
    ends_here: bool  # punctuation follows

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _formulas(text: str) -> Iterator[Piece]:
    words = [_word(found) for found in _WORD.finditer(text)]
    done = at = 0
    while at < len(words):
        last = _run(words, at)
        formula = text[words[at].start : words[last - 1].end] if last > at else ""
        if not formula or not _is_balanced(formula):
            at += 1
            continue
        if text[done : words[at].start]:
            yield Piece(text[done : words[at].start])
        yield Piece(formula, is_formula=True)
        done, at = words[last - 1].end, last
    if text[done:]:
        yield Piece(text[done:])


def _word(found: re.Match[str]) -> _Word:
    text = found[0]
    bare = text if _SIGN.fullmatch(text) else text.rstrip(_ENDS)
    return _Word(bare, found.start(), bare != text)


def _run(words: Sequence[_Word], at: int) -> int:
    """Behind the last word of the formula that begins here; the same where none does."""
    last = at
    has_command = False
    for number in range(at, len(words)):
        word = words[number]
        if _COMMAND.search(word.text) or _BESIDE.fullmatch(word.text):
            has_command |= bool(_COMMAND.search(word.text))
            last = number + 1
        elif not _SIGN.fullmatch(word.text):
            break
        if word.ends_here:
            break
    return last if has_command and not _SIGN.fullmatch(words[at].text) else at


def _is_balanced(formula: str) -> bool:
    waiting: list[str] = []
    for sign in formula:
        if sign in _CLOSED:
            waiting.append(_CLOSED[sign])
        elif sign in _CLOSED.values() and (not waiting or waiting.pop() != sign):
            return False
    return not waiting


# Formulas as MathML, by latex2mathml; as their LaTeX where that cannot be made.
#
# What is converted is a stranger's text. So what comes back is parsed, and only elements of MathML
# and attributes that say how it looks are kept: no link, no script, no style.


NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
MOST_SIGNS = 4000
_INDICES = re.compile(r"(?<=[^\W\d_])\[([\w,+− -]+)\]|(?<=[ΣΠ])_(?:\{([^{}]+)\}|(\w))")
_SIGNS = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_ELEMENTS = """
math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose msub msup
msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd
"""
_ATTRIBUTES = """
display mathvariant stretchy fence form separator largeop movablelimits accent accentunder lspace
rspace minsize maxsize width height depth linethickness displaystyle scriptlevel columnalign
rowspacing columnspacing columnlines notation
"""
ELEMENTS, ATTRIBUTES = frozenset(_ELEMENTS.split()), frozenset(_ATTRIBUTES.split())


class NotInstalled(Exception):
    """The converter is not there; the message says how to get it."""


def require_converter() -> None:
    """Raises NotInstalled where latex2mathml is not there."""
    try:
        import latex2mathml.converter  # noqa: F401
    except ImportError as error:
        raise NotInstalled(missing("--html", "latex2mathml")) from error


def typeset(latex: str, *, displayed: bool = True) -> Element:
    """A formula as an element of HTML, with its LaTeX as title.

    One that is not ``displayed`` is drawn as in a sentence.
    """
    found = _converted(latex) if len(latex) <= MOST_SIGNS else None
    if found is None:
        return _source(latex)
    finish(found, displayed=displayed)
    found.set("title", latex)
    return found


def said(tag: str, text: str) -> Element:
    """A sentence as an element of HTML, the formulas in it typeset, quotations as they stand."""
    whole = Element(tag)
    for piece in pieces(text):
        if piece.is_formula:
            whole.append(typeset(_with_indices_below(piece.text), displayed=False))
        elif piece.is_quoted:
            whole.append(_source(piece.text))
        else:
            _add_words(whole, piece.text)
    return whole


def _with_indices_below(formula: str) -> str:
    """Indices such as those of x[i]^2 as LaTeX has them: x_{i}^2."""
    return re.sub(r"(?<=[^\W\d_])\[([\w,]+)\]", r"_{\1}", formula)


def _add_words(whole: Element, text: str) -> None:
    """Words, with indices such as those of X[s,i] and Σ_s set below."""
    done = 0
    for found in _INDICES.finditer(text):
        _add_text(whole, text[done : found.start()])
        below = SubElement(whole, "sub")
        below.text = next(filter(None, found.groups()))
        done = found.end()
    _add_text(whole, text[done:])


def _add_text(whole: Element, text: str) -> None:
    if len(whole):
        whole[-1].tail = (whole[-1].tail or "") + text
    else:
        whole.text = (whole.text or "") + text


def _source(latex: str) -> Element:
    plain = Element("code", {"class": "latex"})
    plain.text = latex
    return plain


def _converted(latex: str) -> Element | None:
    from latex2mathml.converter import convert

    try:
        made = fromstring(convert(_without_alignment(latex)))
    except Exception:  # whatever a stranger's text does to the converter costs the typesetting
        return None
    if any("\\" in (node.text or "") for node in made.iter()):
        return None  # a command that the converter does not know
    if not _clean(made):
        return None
    return made


def _clean(node: Element) -> bool:
    """Whether all of it is MathML, once attributes are taken off that do not say how it looks."""
    for each in node.iter():
        each.tag = each.tag.removeprefix(NAMESPACE)
        if each.tag not in ELEMENTS:
            return False
        for attribute in [attribute for attribute in each.attrib if attribute not in ATTRIBUTES]:
            del each.attrib[attribute]
    return True


def _without_alignment(latex: str) -> str:
    """The formula without the signs that only lay out its display; in a matrix they are needed."""
    depth, kept = 0, []
    for piece in _SIGNS.findall(latex):
        depth += {"\\begin": 1, "\\end": -1}.get(piece, 0)
        if piece != "&" or depth > 0:
            kept.append(piece)
    return "".join(kept)


@dataclass(frozen=True)
class Mistake:
    """A difference of sides, and who made it: the number of the file, and the line."""

    difference: str
    made: tuple[tuple[int, JudgedLine], ...]


def shared_mistakes(files: Sequence[FileResult]) -> list[Mistake]:
    """Those made in more than one file, the most frequent first."""
    made: dict[str, list[tuple[int, JudgedLine]]] = {}
    for number, file in enumerate(files):
        for line in file.results.lines if file.results else ():
            difference = line.judgement.difference if line.judgement else ""
            if difference and line.failures:
                made.setdefault(difference, []).append((number, line))
    shared = [
        Mistake(difference, tuple(lines))
        for difference, lines in made.items()
        if len({number for number, _ in lines}) > 1
    ]
    return sorted(shared, key=lambda mistake: -len(mistake.made))


# One page for the results of some files: chains with a badge at each sign, wrong steps open.
#
# Everything is built as elements, never as text: what a stranger wrote cannot become markup.


MARKS = {
    Verdict.PROVED: "✓",
    Verdict.REFUTED: "✗",
    Verdict.ILL_TYPED: "✗",
    Verdict.UNDECIDED: "?",
    Verdict.NOT_READ: "–",
}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
HERE = Path(__file__).parent

InFull = Callable[[FileResult, JudgedLine], list[Section]]


def page(files: Sequence[FileResult], in_full: InFull) -> str:
    """The whole document; ``in_full`` says all there is to say of a line."""
    root = Element("html", lang="en")
    head = _into(root, "head")
    _into(head, "meta", charset="utf-8")
    _into(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    policy = _into(head, "meta", content=POLICY)
    policy.set("http-equiv", "Content-Security-Policy")
    title = files[0].name if len(files) == 1 else counted(len(files), "file")
    _into(head, "title", visible(f"Derivations: {title}"))
    _into(head, "style", (HERE / "page.css").read_text(encoding="utf-8"))
    body = _into(root, "body")
    main = _into(body, "main")
    _filters(main, files)
    if len(files) > 1:
        _index(main, files)
        _mistakes(main, files)
    for number, file in enumerate(files):
        _file(main, file, f"f{number}", in_full)
    _into(body, "script", (HERE / "page.js").read_text(encoding="utf-8"))
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


# What stands above the files ------------------------------------------------------------------


def _filters(main: Element, files: Sequence[FileResult]) -> None:
    lines = [line for file in files if file.results for line in file.results.lines]
    kinds = [(_class(verdict), f"{MARKS[verdict]} {verdict.value}") for verdict in Verdict]
    roles = {line.role for line in lines}
    kinds += [
        (role.value, f"{mark} {role.value}") for role, mark in ROLE_MARKS.items() if role in roles
    ]
    bar = _into(main, "div", role="group")
    bar.set("class", "filters")
    bar.set("aria-label", "Which lines are shown")
    for kind, said_of_it in kinds:
        label = _into(bar, "label")
        _into(label, "input", type="checkbox", checked="checked", value=kind)
        label[0].tail = f" {said_of_it}"


def _index(main: Element, files: Sequence[FileResult]) -> None:
    _into(main, "h1", counted(len(files), "file"))
    table = _into(main, "table")
    table.set("class", "index")
    row = _into(_into(table, "thead"), "tr")
    asked = any(file.results.required for file in files if file.results)
    for heading in ("file", "proved", *(["required"] if asked else []), "steps"):
        _into(row, "th", heading, scope="col")
    body = _into(table, "tbody")
    for number, file in enumerate(files):
        row = _into(body, "tr")
        cell = _into(row, "th", scope="row")
        _into(cell, "a", visible(file.name), href=f"#f{number}")
        if file.results is None:
            _into(row, "td", visible(_no_results(file)), colspan="3" if asked else "2")
            continue
        lines, required = file.results.lines, file.results.required
        proved = sum(line.verdict is Verdict.PROVED for line in lines)
        _into(row, "td", f"{proved} of {len(lines)}").set("class", "count")
        if asked:
            shown = f"{len(required) - len(file.results.not_shown)} of {len(required)}"
            _into(row, "td", shown if required else "").set("class", "count")
        steps = _into(row, "td")
        for line in lines:
            told = f"{line.line.id}: {line.told}"
            link = _into(steps, "a", mark(line), href=f"#{_anchor(number, line)}")
            link.set("class", f"step {line.kind}")
            link.set("title", visible(told))
            link.set("aria-label", visible(f"{file.name}, {told}"))


def _mistakes(main: Element, files: Sequence[FileResult]) -> None:
    found = shared_mistakes(files)
    if not found:
        return
    _into(main, "h2", "The same mistake, more than once")
    items = _into(main, "ul")
    for mistake in found:
        item = _say(items, "li", f"{mistake.difference} ")
        made = _into(item, "span", f"({counted(len(mistake.made), 'line')}: ")
        for place, (number, line) in enumerate(mistake.made):
            name = visible(f"{files[number].name} {line.line.id}")
            link = _into(made, "a", name, href=f"#{_anchor(number, line)}")
            link.tail = ", " if place < len(mistake.made) - 1 else ")"


# A file ---------------------------------------------------------------------------------------


def _file(main: Element, file: FileResult, name: str, in_full: InFull) -> None:
    section = _into(main, "section", id=name)
    _into(section, "h1" if name == "f0" and len(main) < 3 else "h2", visible(file.name))
    if file.results is None:
        _into(section, "p", visible(_no_results(file))).set("class", "summary")
        return
    results = file.results
    _into(section, "p", _counts(results)).set("class", "summary")
    part = None
    for line in results.lines:
        if line.line.part != part:
            part = line.line.part
            _into(section, "h3", visible(f"Part {part}" if part != "line" else "Lines"))
        section.append(_line(file, line, int(name[1:]), in_full))
    _required(section, results)
    _left_out(section, results)


def _no_results(file: FileResult) -> str:
    return file.error or f"judged in {file.taken_in_by}, which takes it in"


def _required(section: Element, results: Results) -> None:
    if not results.required:
        return
    _into(section, "h3", "Required")
    items = _into(section, "ul")
    for shown in results.required:
        item = _into(items, "li", f"{'✓' if shown.is_shown else '✗'} ", tabindex="0")
        item.append(typeset(shown.required.latex))
        _say(item, "p", shown.said).set("class", "said")


def _counts(results: Results) -> str:
    proved = sum(line.verdict is Verdict.PROVED for line in results.lines)
    bad = sum(bool(line.failures) for line in results.lines) + len(results.problems)
    parts = [counted(len(results.lines), "step"), f"{proved} proved"]
    parts += in_other_roles(results)
    parts += [f"{bad} to look at"]
    parts += [required_shown(results)] if results.required else []
    return " · ".join([*parts, duration(results.seconds)])


def _line(file: FileResult, judged: JudgedLine, number: int, in_full: InFull) -> Element:
    """One step: what stands on its left where that begins a chain, the sign, and its right."""
    line, anchor = judged.line, _anchor(number, judged)
    step = Element("details", id=anchor)
    step.set("class", f"line {judged.kind}")
    if judged.failures:
        step.set("open", "open")
    summary = _into(step, "summary")
    badge = _into(summary, "span", f"{mark(judged)} {judged.told}")
    badge.set("class", "badge")
    chain = _into(summary, "span")
    chain.set("class", "chain")
    if line.from_start is None or not line.right:
        chain.append(typeset(line.left))
    if line.right:
        _into(chain, "span", "=").set("class", "sign")
        chain.append(typeset(line.right))
    _into(summary, "span", visible(line.id)).set("class", "id")
    for text, style in findings(judged) if judged.failures else ():
        if style != GOOD:
            _say(step, "p", text).set("class", "said")
    if judged.suggestions and judged.failures:
        paragraph = _into(step, "p", "perhaps ", tabindex="0")  # so that keys can scroll it
        paragraph.set("class", "good")
        paragraph.append(typeset(judged.suggestions[0].latex))
        edits = f"proved: {'; '.join(judged.suggestions[0].edits)}"
        _say(step, "p", edits).set("class", "edit")
    for note in line.notes:
        _say(step, "p", f"note: {note}").set("class", "note")
    where = of_line(judged)
    place = f"{file.name}:{where.line}:{where.column}"
    paragraph = _into(step, "p", visible(f"{place} "))
    paragraph.set("class", "place")
    _into(paragraph, "a", "link to this step", href=f"#{anchor}")
    _in_full(step, in_full(file, judged) if judged.failures else [])
    return step


def _in_full(step: Element, sections: list[Section]) -> None:
    shown = [(heading, lines) for heading, lines in sections if lines]
    if not shown:
        return
    more = _into(step, "details")
    more.set("class", "more")
    _into(more, "summary", "How it was read, and what was found")
    terms = _into(more, "dl")
    for heading, lines in shown:
        _into(terms, "dt", visible(heading))
        for line in lines:
            _into(terms, "dd", visible(line))


def _left_out(section: Element, results: Results) -> None:
    if results.problems:
        _into(section, "h3", "Not read")
        items = _into(section, "ul")
        for problem in results.problems:
            _say(items, "li", str(problem))
    if results.elsewhere:
        more = _into(section, "details")
        more.set("class", "more")
        _into(more, "summary", f"Not judged, as not displayed: {len(results.elsewhere)}")
        items = _into(more, "ul")
        for each in results.elsewhere:
            _say(items, "li", str(each))


# Elements -------------------------------------------------------------------------------------


def _into(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A new element at the end of another one."""
    made = Element(tag, attributes)
    made.text = text or None
    parent.append(made)
    return made


def _say(parent: Element, tag: str, text: str) -> Element:
    """A new element with a sentence, its formulas typeset."""
    made = said(tag, visible(text))
    parent.append(made)
    return made


def mark(judged: JudgedLine) -> str:
    """The sign of its role, or of its verdict."""
    return ROLE_MARKS.get(judged.role, MARKS[judged.verdict])


def _class(verdict: Verdict) -> str:
    return verdict.value.replace(" ", "-")


def _anchor(number: int, judged: JudgedLine) -> str:
    return f"f{number}-{judged.line.id}"


Row = tuple[str, str, str, str]  # id, LaTeX, verdict, and what is said of it
HEADINGS = ("line", "as printed", "verdict", "")


def notebook_table(rows: Iterable[Row]) -> str:
    """The rows as a table of HTML."""
    table = Element("table")
    head = SubElement(SubElement(table, "thead"), "tr")
    for heading in HEADINGS:
        SubElement(head, "th").text = heading
    body = SubElement(table, "tbody")
    converts = _converts()
    for line, latex, verdict, why in rows:
        row = SubElement(body, "tr")
        SubElement(row, "td").text = visible(line)
        formula = SubElement(row, "td", {"style": "text-align: left"})
        if converts:
            formula.append(typeset(latex))
        else:
            formula.text = _between_dollars(latex)
        SubElement(row, "td").text = verdict
        cell = said("td", visible(why)) if converts else _as_text(visible(why))
        cell.set("style", "text-align: left")
        row.append(cell)
    return tostring(table, encoding="unicode", method="html")


def sentence(tag: str, text: str) -> str:
    """A sentence as an element of HTML."""
    made = said(tag, visible(text)) if _converts() else _as_text(visible(text), tag)
    return tostring(made, encoding="unicode", method="html")


def _converts() -> bool:
    try:
        require_converter()
    except NotInstalled:
        return False
    return True


def _as_text(text: str, tag: str = "td") -> Element:
    made = Element(tag)
    made.text = "".join(
        _between_dollars(each.text) if each.is_formula else each.text for each in pieces(text)
    )
    return made


def _between_dollars(latex: str) -> str:
    shown = " ".join(visible(latex).split())
    return shown if "$" in shown else f"${shown}$"
