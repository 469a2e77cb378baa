"""The results as one page of HTML: a table, lines in full, and mistakes made more than once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from derivations.claim import Verdict
from derivations.report.explain import Section
from derivations.report.findings import findings, in_other_roles, of_line, required_shown
from derivations.report.results import MARKS as ROLE_MARKS
from derivations.report.results import FileResult, JudgedLine, Results
from derivations.report.stdio import visible
from derivations.report.style import GOOD, counted, duration
from derivations.report.web.typeset import said, typeset


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
    for kind, name in kinds:
        label = _into(bar, "label")
        _into(label, "input", type="checkbox", checked="checked", value=kind)
        label[0].tail = f" {name}"


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
