"""Order of the lines of a block: a function stands behind the parameters below its name.

``distribution \\pi_\\theta(a | s)`` above ``vector \\theta in R^d`` is meant as behind it.
"""

from __future__ import annotations

import re

from derivations.reader.source import Span

_BELOW = r"_\s*(?P<below>\{[^{}]*\}|\\[A-Za-z]+|\w)"
_FUNCTION = re.compile(rf"\s*(?:arbitrary|distribution)\s+[^(]*?{_BELOW}")
_PARAMETER = re.compile(r"\s*(?:scalar|vector|row|matrix)\s+(?P<names>.*?)(?:\s+in\s|$)")
_LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")


def behind_parameters(lines: list[Span]) -> list[Span]:
    """The lines with each arbitrary function behind the numbers and arrays below its name."""
    declared: dict[str, int] = {}
    for number, line in enumerate(lines):
        found = _PARAMETER.match(line.text)
        for letter in _LETTER.findall(found["names"]) if found else ():
            declared.setdefault(letter, number)
    places: list[tuple[int, bool, int]] = []
    for number, line in enumerate(lines):
        found = _FUNCTION.match(line.text)
        below = _LETTER.findall(found["below"]) if found else []
        last = max([number, *(declared[each] for each in below if each in declared)])
        places.append((last, last > number, number))
    return [lines[number] for *_, number in sorted(places)]
