"""Architecture diagram: the rooms of the source packages and the imports between them, as SVG.

``python -m tests.rooms`` draws ``docs/rooms.svg`` from the import statements themselves. A room is
one row of ``ROOMS``; a module belongs to the room with the longest prefix of its name. Rooms stand
in layers, with spots kept free for long arrows, as Sugiyama, Tagawa and Toda have them (1981). An
arrow that longer ways imply is left out (transitive reduction; Aho, Garey and Ullman 1972).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "rooms.svg"
PACKAGES = ("derivations", "codegen", "generated", "proved_kernels")

# each room: what is done there, and the modules that are in it
ROOMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "commands": (
        "verify, watch, python -m codegen",
        (
            "derivations",
            "proved_kernels",
            "proved_kernels.training.__main__",
            "codegen.__main__",
            "codegen.commands",
        ),
    ),
    "language": (
        "terms, and their index notation",
        ("derivations.language", "derivations.claim", "derivations.indices"),
    ),
    "numbers": (
        "domains of values, and their errors",
        ("derivations.proof.domain", "derivations.proof.fragment"),
    ),
    "evaluation": (
        "at small sizes; dual numbers",
        (
            "derivations.language.direct",
            "derivations.proof.evaluate",
        ),
    ),
    "proof": ("for all sizes; exact at small ones", ("derivations.proof",)),
    "reader": ("documents to terms, and back", ("derivations.reader",)),
    "repair": ("edits of a term, and the search", ("derivations.repair",)),
    "report": ("results, and a file a format", ("derivations.report",)),
    "certify": ("claims as theorems of Coq", ("derivations.certify",)),
    "check": ("anyone's kernel against a claim", ("derivations.implementation",)),
    "word2vec": ("a subject typed in Python", ("derivations.word2vec",)),
    "array language": ("contracts, programs, passes", ("codegen",)),
    "subjects": ("which symbol is which argument", ("codegen.subjects",)),
    "back ends": ("programs as text", ("codegen.backends", "codegen.emitted")),
    "interpreter": ("text on numbers of a domain", ("codegen.interpret",)),
    "loader": ("a domain's numbers for its floats", ("codegen.interpret.loaded",)),
    "text proved": ("exact runs; rounding bounded", ("codegen.execute", "codegen.rounding")),
    "a line": ("a kernel from any proved line", ("codegen.line",)),
    "generated": ("the kernels", ("generated",)),
    "training": ("word vectors by these kernels", ("proved_kernels.training",)),
}

Imports = dict[str, set[str]]


def modules() -> dict[str, Path]:
    """Every module of the source packages, by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


@cache
def imported(path: Path) -> tuple[tuple[str, str], ...]:
    """The modules that a file imports from other packages, and each name that it takes out."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += ((name.name, "") for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found += ((node.module, name.name) for name in node.names)
    return tuple(found)


@cache
def room_of(name: str) -> str | None:
    """The room of a module, or of what is imported from one."""
    found = [
        (len(prefix), room)
        for room, (_, prefixes) in ROOMS.items()
        for prefix in prefixes
        if f"{name}.".startswith(f"{prefix}.")
    ]
    return max(found)[1] if found else None


def imports_between_rooms() -> Imports:
    """For each room, the others that it imports from."""
    found: Imports = {room: set() for room in ROOMS}
    for name, path in modules().items():
        here = room_of(name)
        if here is None:
            raise LookupError(f"{name} is in no room of tests/rooms.py")
        others = {f"{module}.{name}" for module, name in imported(path)}
        found[here] |= set(map(room_of, others)) - {None, here}  # type: ignore[arg-type]
    return found


def reduced(imports: Imports) -> Imports:
    """The arrows that no longer way implies."""
    reach = {room: _reached(imports, room) for room in imports}
    return {
        room: {below for below in direct if not any(below in reach[other] for other in direct)}
        for room, direct in imports.items()
    }


def _reached(imports: Imports, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [*imports[start]]
    while waiting:
        room = waiting.pop()
        if room not in found:
            found.add(room)
            waiting += imports[room]
    return found


def circles(imports: Imports) -> list[str]:
    """The rooms that import themselves by way of others; there must be none."""
    return [room for room in imports if room in _reached(imports, room)]


WIDE, HIGH, BESIDE, BELOW, MARGIN = 236, 52, 24, 46, 20  # of a box, and between boxes; pixels
STYLE = """
text { font: 14px system-ui, "DejaVu Sans", sans-serif; fill: #1c1c1e; text-anchor: middle; }
.name { font-weight: bold; } .what { font-size: 12px; }
.room { fill: #fff; stroke: #5b5b63; } .arrow { stroke: #8a8a93; fill: none; }
marker path { fill: #8a8a93; } .paper { fill: #fff; }
@media (prefers-color-scheme: dark) {
  text { fill: #ececf0; } .room { fill: #1f1f22; stroke: #a7a7b2; } .paper { fill: #141416; }
}
"""


def layers(imports: Imports) -> list[list[str]]:
    """The rooms from above to below, each above all that it imports.

    Where an arrow passes a layer, a spot is kept free for it there, called by both its ends.
    Spots stand near what they are joined with: barycentres, taken down and up.
    """
    level = _levels(imports)
    found = [
        [
            *(room for room in imports if level[room] == n),
            *(
                f"{room}>{other}>{n}"
                for room in imports
                for other in sorted(imports[room])
                if level[other] < n < level[room]
            ),
        ]
        for n in range(max(level.values()), -1, -1)
    ]
    joined: dict[str, set[str]] = {spot: set() for row in found for spot in row}
    for room, other in _arrows(imports):
        way = _way(room, other, level)
        for one, next_one in pairwise(way):
            joined[one].add(next_one)
            joined[next_one].add(one)
    for _ in range(12):
        for row in (*found, *reversed(found)):
            where = {spot: x for one in found for spot, x in _across(one).items()}
            row.sort(key=lambda spot: sum(where[one] for one in joined[spot]) / len(joined[spot]))
    return found


def _levels(imports: Imports) -> dict[str, int]:
    """How many layers lie below each room at least; more, where that makes arrows shorter."""
    level: dict[str, int] = {}
    users = {room: [one for one in imports if room in imports[one]] for room in imports}

    def lowest(room: str) -> int:
        if room not in level:
            level[room] = 1 + max(map(lowest, sorted(imports[room])), default=-1)
        return level[room]

    for room in imports:
        lowest(room)
    for room in sorted(imports, key=lambda one: -level[one]):
        more = len(users[room]) - len(imports[room])
        lent = any(level[one] > level[room] for below in imports[room] for one in users[below])
        if users[room] and (more > 0 or (more == 0 and lent)):
            level[room] = min(level[one] for one in users[room]) - 1
    return level


def _arrows(imports: Imports) -> Iterator[tuple[str, str]]:
    for room, others in imports.items():
        yield from ((room, other) for other in sorted(others))


def _way(room: str, other: str, level: dict[str, int]) -> list[str]:
    between = range(level[room] - 1, level[other], -1)
    return [room, *(f"{room}>{other}>{n}" for n in between), other]


def _across(row: list[str]) -> dict[str, float]:
    """Where the middle of each spot of a layer is, from the middle of the picture."""
    widths = [WIDE if spot in ROOMS else 0 for spot in row]
    left = -(sum(widths) + BESIDE * (len(row) - 1)) / 2
    found = {}
    for spot, width in zip(row, widths, strict=True):
        found[spot] = left + width / 2
        left += width + BESIDE
    return found


def picture(imports: Imports) -> str:
    """The rooms in layers, an arrow from each to what it imports from."""
    shown = reduced(imports)
    rows, level = layers(shown), _levels(shown)
    across = {spot: x for row in rows for spot, x in _across(row).items()}
    half = max(map(abs, across.values())) + WIDE / 2 + MARGIN
    down = {spot: MARGIN + n * (HIGH + BELOW) for n, row in enumerate(rows) for spot in row}
    height = len(rows) * (HIGH + BELOW) - BELOW + 2 * MARGIN
    drawn = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
    drawn.set("viewBox", f"0 0 {2 * half:g} {height:g}")
    SubElement(drawn, "title").text = "The rooms, and what each imports from"
    SubElement(drawn, "desc").text = "; ".join(
        f"{room}: {', '.join(sorted(shown[room])) or 'nothing'}" for room in shown
    )
    SubElement(drawn, "style").text = STYLE
    tip = {"id": "tip", "viewBox": "0 0 8 8", "refX": "8", "refY": "4", "orient": "auto"}
    marker = SubElement(SubElement(drawn, "defs"), "marker", tip, markerWidth="8", markerHeight="8")
    SubElement(marker, "path", d="M0 0 L8 4 L0 8 z")
    SubElement(drawn, "rect", {"class": "paper"}, width="100%", height="100%")
    for room, other in _arrows(shown):
        d, spots = "", _way(room, other, level)
        for one, next_one in pairwise(spots):
            x, y = half + across[one], down[one] + HIGH
            u, v = half + across[next_one], down[next_one]
            bend = f"{x:g} {y + BELOW:g} {u:g} {v - BELOW:g} {u:g} {v:g}"
            d += f"{'L' if d else 'M'}{x:g} {y:g} C{bend} "
        path = {"class": "arrow", "marker-end": "url(#tip)", "d": d.strip()}
        SubElement(drawn, "path", path)
    for room, (what, _) in ROOMS.items():
        x, y = half + across[room], down[room]
        box = {"class": "room", "rx": "8", "x": f"{x - WIDE / 2:g}", "y": f"{y:g}"}
        SubElement(drawn, "rect", box, width=f"{WIDE}", height=f"{HIGH}")
        for kind, text, lower in (("name", room, 21), ("what", what, 40)):
            SubElement(drawn, "text", {"class": kind}, x=f"{x:g}", y=f"{y + lower:g}").text = text
    indent(drawn)
    return tostring(drawn, encoding="unicode") + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(imports_between_rooms()), encoding="utf-8")
    print(PICTURE.relative_to(ROOT))
