"""The page on the architecture says what the code is: its picture, its walks, its paths."""

from __future__ import annotations

import re

import pytest

from tests.rooms import (
    PICTURE,
    ROOMS,
    ROOT,
    circles,
    imports_between_rooms,
    modules,
    picture,
    reduced,
    room_of,
)
from tests.walks import MOST, WALKS, visited

PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md")


def test_the_picture_is_what_the_imports_are() -> None:
    drawn = picture(imports_between_rooms())
    assert PICTURE.read_text(encoding="utf-8") == drawn, "run python -m tests.rooms"


def test_no_room_imports_itself_by_way_of_others() -> None:
    assert circles(imports_between_rooms()) == []


def test_every_room_has_modules_and_every_module_a_room() -> None:
    assert {room_of(name) for name in modules()} == {*ROOMS}


def test_a_circle_and_a_new_arrow_would_be_seen() -> None:
    imports = imports_between_rooms()
    planted = {**imports, "language": imports["language"] | {"report"}}
    assert "language" in circles(planted)
    planted = {**imports, "generated": {"numbers"}}
    assert picture(planted) != picture(imports)


def test_an_arrow_is_left_out_where_others_imply_it() -> None:
    straight = {"a": {"b"}, "b": {"c"}, "c": set[str]()}
    assert reduced({**straight, "a": {"b", "c"}}) == straight


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_visits_no_more_files_than_the_page_says(name: str) -> None:
    found = visited(WALKS[name])
    assert 2 < len(found) <= MOST[name], "\n".join(found)


def missing(page: str) -> list[str]:
    """The paths in backticks that are not there, from a package or from the folder named last."""
    folder, found = ROOT, []
    packages = [ROOT, ROOT / "derivations", ROOT / "codegen", ROOT / "proved_kernels"]
    for path in re.findall(r"`([\w/]+(?:/|\.\w+))`", page):
        there = [place / path for place in (*packages, folder) if (place / path).exists()]
        if there:
            folder = there[0] if there[0].is_dir() else there[0].parent
        else:
            found.append(path)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_path_on_a_page_is_there(page: str) -> None:
    assert missing((ROOT / page).read_text(encoding="utf-8")) == []


def test_a_path_that_is_not_there_would_be_seen() -> None:
    assert missing("`reader/scope.py` and `lexer.py`, `reader/nothing.py`") == ["reader/nothing.py"]
