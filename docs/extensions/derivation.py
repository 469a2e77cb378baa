"""The directive ``derivation``: a derivation, and below it what the checker says of each line.

Its argument is a file, of which ``:part:`` is shown alone; without one its content is the text.
``:verdicts:`` are those of its lines, in order, which the checker has to agree with: tests compare
them, and so does every build.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from xml.etree.ElementTree import Element, SubElement, tostring

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from derivations import LineResult, Report, check

# imported once, so that the processes forked for each text have it
from derivations.report import as_json, judging, results, subject  # noqa: F401
from derivations.report.page import said, typeset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

MARKS = {"proved": "✓", "refuted": "✗", "ill-typed": "✗", "undecided": "?", "not read": "–"}


class Derivation(SphinxDirective):
    """A derivation, as it is written and as it is judged."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], object]]] = {
        "part": directives.unchanged_required,
        "verdicts": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """The text, then a row a line."""
        text, part = "\n".join(self.content) + "\n", self.options.get("part", "")
        if self.arguments:
            relative, path = self.env.relfn2path(self.arguments[0])
            self.env.note_dependency(relative)
            text = Path(path).read_text(encoding="utf-8")
        report = judged(text)
        lines = [line for line in report if not part or line.id.partition(".")[0] == part]
        found = ", ".join(line.verdict for line in lines)
        if found != self.options.get("verdicts"):
            raise self.error(f"the verdicts are: {found} {report.error}")
        shown = part_of(text, part) if part else text
        source = nodes.literal_block(shown, shown, language="text", classes=["derivation-source"])
        return [source, nodes.raw("", rows(lines), format="html")]


def part_of(text: str, part: str) -> str:
    """What stands under the heading ``## (part) ...``, with the heading, as far as the next one.

    Raises ValueError where there is no such part.
    """
    beginning = f"## ({part}) "
    for each in re.split(r"^(?=## )", text, flags=re.MULTILINE):
        if each.startswith(beginning):
            return each.strip() + "\n"
    raise ValueError(f"no heading begins with {beginning!r}")


@cache
def judged(text: str) -> Report:
    """What the checker says, with the small edits after which a wrong line is proved."""
    return check(text, suggest=True)


def rows(lines: Iterable[LineResult]) -> str:
    """Lines of a report, one below the other, as HTML."""
    whole = Element("div", {"class": "verdicts"})
    for line in lines:
        _row(whole, line)
    return tostring(whole, encoding="unicode", method="html")


def _row(whole: Element, line: LineResult) -> None:
    role = line.verdict if line.is_claim else line.role
    row = SubElement(whole, "div", {"class": f"verdict {role.replace(' ', '-')}"})
    badge = SubElement(row, "span", {"class": "badge"})
    badge.text = f"{MARKS[line.verdict]} {role}" if line.is_claim else role
    formula = SubElement(row, "div", {"class": "formula"})
    formula.append(typeset(line.latex))
    SubElement(row, "span", {"class": "id"}).text = line.id
    for kind, sentence in _told(line):
        spoken = said("p", sentence)
        spoken.set("class", kind)
        row.append(spoken)
    for latex in line.suggestions[:1]:
        perhaps = SubElement(row, "p", {"class": "perhaps"})
        perhaps.text = "perhaps "
        perhaps.append(typeset(latex, displayed=False))


def _told(line: LineResult) -> Iterator[tuple[str, str]]:
    """What is said of a line: how it looks, and the sentence."""
    if line.is_claim and not line.is_proved:
        if line.difference:
            yield "why", f"the sides differ by {line.difference}"
        yield "why", _numbers(line.witness) if line.witness else line.reason
    yield from (("note", f"note: {note}") for note in line.notes)


def _numbers(witness: Mapping[str, Any]) -> str:
    """The numbers to try, and both sides there."""
    tried = {**witness["sizes"], **witness["words"], **witness["values"]}
    at = ", ".join(f"{name} = {value}" for name, value in tried.items())
    left, right = (
        low if low == high else f"{low} to {high}"
        for low, high in (witness["left"], witness["right"])
    )
    return f"at {at}: left {left}, right {right}".replace("-", "−")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.add_directive("derivation", Derivation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
