"""A client of the Model Context Protocol is told which line is wrong, and what is shown."""

from __future__ import annotations

import asyncio

import pytest

from derivations import check
from examples.mcp_server import server, told

GIVEN = "scalar a, b\nrequire (a + b)^2 = ..."
WRONG = "$$(a + b)^2 = a^2 + b^2$$"
ANSWER = (
    "line.1 refuted: (a + b)^2 = a^2 + b^2 (the sides differ by 2 a b)\n"
    "required.1 not shown: its chain breaks at line.1, which is refuted: (a + b)^2 = ..."
)


def test_it_tells_each_line_and_what_is_required() -> None:
    assert told(check(WRONG, GIVEN)) == ANSWER
    assert "proposed" in told(check("$$x^T y = y^T x$$"))


def test_a_client_is_told_the_same() -> None:
    mcp = pytest.importorskip("mcp", reason="mcp is not installed: pip install '.[mcp]'")

    async def asked() -> tuple[list[str], str]:
        async with mcp.Client(server()) as client:
            tools = (await client.list_tools()).tools
            asked_for = {"text": WRONG, "given": GIVEN}
            result = await client.call_tool("check_derivation", asked_for)
        return [tool.name for tool in tools], result.content[0].text

    assert asyncio.run(asked()) == (["check_derivation"], ANSWER)
