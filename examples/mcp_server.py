"""The checker as a tool of the Model Context Protocol: a model asks which of its lines is wrong.

    python -m examples.mcp_server        serves on standard input and output

A client starts it by that command. The tool takes a derivation and, where it is apart, what is
given, and answers with the verdict on each line, how the sides of a wrong one differ, and what of
the required equalities is shown. What it is handed is judged in a process of its own, with limits
on time and memory.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from derivations import Report, check

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

NEEDED = "this example needs mcp: pip install '.[mcp]'"


def check_derivation(text: str, given: str = "") -> str:
    """Judge each equality of a derivation in Markdown with LaTeX: proved, refuted, ill-typed ...

    Args:
        text: the derivation: displays between $$ and $$, and declarations of what its letters mean
          in a block fenced as ```given, such as "size n >= 1" or "vector x in R^n".
        given: declarations that win over those of the text, with "require A = B" for what a
          solution has to show.
    """
    return told(check(text, given or None, suggest=True))


def told(report: Report) -> str:
    """A line for each line of the text, and for each required equality."""
    if report.error:
        return "\n".join(filter(None, (report.error, report.proposal)))
    said = []
    for line in report:
        differs = f"the sides differ by {line.difference}" if line.difference else ""
        perhaps = f"perhaps {line.suggestions[0]}" if line.suggestions else ""
        why = "; ".join(filter(None, (differs or line.reason, perhaps)))
        said.append(f"{line.id} {line.verdict}: {line.latex}" + (f" ({why})" if why else ""))
    for each in report.required:
        shown = f"shown by {', '.join(each.by)}" if each.shown else f"not shown: {each.reason}"
        said.append(f"{each.id} {shown}: {each.latex}")
    return "\n".join(said)


def server() -> MCPServer:
    """A server with the one tool."""
    try:
        from mcp.server.mcpserver import MCPServer
    except ModuleNotFoundError:
        sys.exit(NEEDED)
    made = MCPServer("derivations")
    made.tool()(check_derivation)
    return made


if __name__ == "__main__":
    server().run()
