"""The playground: its page in a browser, and the checker behind it, edit by edit."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from derivations.reader.source import Broken
from playground.__main__ import EXAMPLES, NotBuilt, built
from playground.checking import Checker

MINUTES = 5 * 60_000  # ms, for the first verdict, where other tests run beside it
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
OPENS_WITH = ["✓ proved", "✗ refuted", "✓ proved", "✗ refuted", "✗ ill-typed"]
STUBBORN = """
postMessage({ ready: 1 });
onmessage = ({ data: { number, givenUp } }) => {
  if (!givenUp.it) postMessage({ begun: "it" });
  else postMessage({ number, told: { code: 2, said: givenUp.it } });
};
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and keeps no log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page is served; skipped where it cannot be built or looked at here."""
    pytest.importorskip("playwright.sync_api", reason="pip install '.[browser]'")
    if shutil.which("chromium") is None or shutil.which("node") is None:
        pytest.skip("chromium and node are needed")
    folder = tmp_path_factory.mktemp("page")
    try:
        built(folder, Path.home() / ".cache" / "derivations-playground")
    except NotBuilt as reason:
        if "fetching" in str(reason) or "urlopen" in str(reason):
            pytest.skip(str(reason))
        raise
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        found = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", NOWHERE]
        )
        yield found
        found.close()


def judged(tab: Any) -> None:
    from playwright.sync_api import expect

    expect(tab.locator("#state")).to_have_text(re.compile("^Judged"), timeout=MINUTES)


def badges(tab: Any) -> list[str]:
    found: list[str] = tab.frame_locator("#report").locator(".badge").all_inner_texts()
    return found


@pytest.mark.slow
def test_verdicts_come_with_the_text_follow_each_edit_and_travel_in_a_link(
    address: str, browser: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect

    said: list[str] = []
    tab = browser.new_page(viewport={"width": 1300, "height": 900})
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(address)
    judged(tab)
    assert badges(tab) == OPENS_WITH
    assert [each.split()[0] for each in tab.locator("#gutter .bad").all_inner_texts()] == ["✗"] * 3
    formulas = tab.frame_locator("#report").locator("summary math")
    assert all(box["height"] > 5 for box in (each.bounding_box() for each in formulas.all()))
    report = tab.frame_locator("#report")
    expect(report.get_by_text("perhaps").first).to_be_visible(timeout=MINUTES)

    text = tab.input_value("#editor")
    tab.fill("#editor", text.replace("(X w - y) + w$$", "(X w - y) + \\lambda w$$"))
    expect(report.locator(".badge").nth(1)).to_have_text("✓ proved", timeout=MINUTES)
    judged(tab)

    tab.get_by_role("button", name="Copy a link").click()
    expect(tab).to_have_url(re.compile("#text="))
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download").click()
    page = Path(download.value.path()).read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.count('<span class="badge">✓ proved</span>') == 3

    other = browser.new_page(viewport={"width": 360, "height": 700}, color_scheme="dark")
    other.goto(tab.url)
    judged(other)
    assert other.input_value("#editor") == tab.input_value("#editor")
    for each in (tab, other):
        found = Axe().run(each)
        assert [v["id"] for v in found.response["violations"]] == []
    assert said == []


@pytest.mark.slow
def test_the_text_that_it_opens_with_has_its_verdicts_before_the_checker_is_there(
    address: str, browser: Any
) -> None:
    from playwright.sync_api import expect

    tab = browser.new_page()
    tab.route("**/worker.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    tab.goto(address)
    expect(tab.locator("#state")).to_have_text(re.compile("found when this page was built"))
    assert badges(tab) == OPENS_WITH
    assert [each.split()[0] for each in tab.locator("#gutter .bad").all_inner_texts()] == ["✗"] * 3
    tab.locator("#editor").press_sequentially("a")
    expect(tab.locator("#report")).to_be_hidden()
    expect(tab.locator("#gutter .bad")).to_have_count(0)
    expect(tab.locator("#state")).to_have_text("Loading ...")


@pytest.mark.slow
def test_each_example_is_judged(address: str, browser: Any) -> None:
    tab = browser.new_page()
    tab.goto(address)
    judged(tab)
    for name in list(EXAMPLES)[1:]:
        tab.select_option("#examples", label=name)
        title = tab.frame_locator("#report").locator("h2, h1").first
        title.wait_for(timeout=MINUTES)
        judged(tab)
        found = badges(tab)
        assert len(found) > 10
        assert sum("proved" in each for each in found) > len(found) / 2
        assert "– not read" not in found


@pytest.mark.slow
def test_a_line_that_hangs_is_given_up_while_one_goes_on_typing(address: str, browser: Any) -> None:
    from playwright.sync_api import expect

    tab = browser.new_page()
    tab.clock.install()
    script = {"content_type": "text/javascript", "body": STUBBORN}
    tab.route("**/worker.js", lambda route: route.fulfill(**script))
    tab.goto(address)
    expect(tab.locator("#state")).to_have_text(re.compile("Judging"))
    tab.clock.fast_forward(30_000)
    expect(tab.locator("#said")).to_have_text(re.compile("took more than 20 s"))


@pytest.mark.slow
def test_what_is_fetched_is_known_by_its_digest(tmp_path: Path) -> None:
    from playground.__main__ import fetched

    other = (tmp_path / "other").as_uri()
    (tmp_path / "other").write_bytes(b"something else")
    with pytest.raises(NotBuilt, match="its digest differs"):
        fetched(other, "0" * 64, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


GIVEN = "```given\nscalar a, b\n```\n\n"
TRUE, FALSE = "$$a + a = 2 a$$\n", "$$(a + b)^2 = a^2 + b^2$$\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Heard:
    """A checker, and the pieces of work that it has begun since it was asked last."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.checker = Checker(self.begun.append)

    def check(self, text: str, given_up: dict[str, str] | None = None) -> dict[str, Any]:
        self.begun.clear()
        told: dict[str, Any] = json.loads(self.checker.check(text, given_up or {}))
        return told

    @property
    def judged(self) -> list[str]:
        return [name for name in self.begun if name and ":" not in name]


def test_each_equality_has_its_mark_at_its_line_and_the_report_is_whole() -> None:
    told = Heard().check(GIVEN + TRUE + FALSE)
    assert told["code"] == 1
    marks = {line: [kind for _, kind, _, _ in each] for line, each in told["marks"].items()}
    assert marks == {"5": ["proved"], "6": ["refuted"]}
    assert "the sides differ by" in told["marks"]["6"][0][3]
    assert told["page"].startswith("<!DOCTYPE html>")
    assert "<math" in told["page"]


def test_an_edit_judges_what_it_changes_and_nothing_twice() -> None:
    here = Heard()
    here.check(GIVEN + TRUE + FALSE)
    assert len(here.judged) == 2
    assert here.check(GIVEN + TRUE + "$$(a + b)^2 = a^2 + 2 a b + b^2$$\n")["code"] == 0
    assert len(here.judged) == 1
    here.check(GIVEN + TRUE + FALSE)
    assert here.judged == []


def test_a_line_that_was_given_up_is_undecided_and_the_others_are_judged() -> None:
    here = Heard()
    here.check(GIVEN + FALSE)
    (name,) = here.judged
    told = Heard().check(GIVEN + TRUE + FALSE, {name: "it took too long"})
    assert [each[0][1] for each in told["marks"].values()] == ["proved", "undecided"]
    assert "it took too long" in told["marks"]["6"][0][3]


def test_a_piece_of_reading_that_was_given_up_costs_that_piece() -> None:
    here = Heard()
    here.check(GIVEN + TRUE + FALSE)
    pieces = [name for name in here.begun if ":" in name]
    told = Heard().check(GIVEN + TRUE + FALSE, {pieces[-1]: "it took too long"})
    kinds = [each[0][1] for each in told["marks"].values()]
    assert kinds[0] == "proved"
    assert "not-read" in kinds or "refuted" not in kinds


def test_where_the_stack_ran_out_a_new_worker_is_told_what_to_give_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = Heard()
    with monkeypatch.context() as patched:
        patched.setattr(
            "playground.checking.Attempts.require_sound", lambda _: broken({3: "too deep"})
        )
        told = here.check(GIVEN + TRUE)
    ((name, why),) = told["given_up"].items()
    assert (name.partition(":")[2], why) == ("3", "too deep")
    assert Heard().check(GIVEN + TRUE, told["given_up"])["code"] in (1, 2)


def broken(pieces: dict[int, str]) -> None:
    raise Broken(pieces)


def test_a_text_without_declarations_gets_a_proposal_and_an_empty_one_a_reason() -> None:
    told = Heard().check("$$J(w) = w^T A w$$\n\n$$\\nabla_w J = 2 A w$$\n")
    assert told["code"] == 2
    assert "vector w" in told["proposal"]
    assert Heard().check("")["said"]


def test_small_edits_are_sought_when_asked_for() -> None:
    here = Heard()
    assert "perhaps" not in here.check(GIVEN + "$$a + a = 3 a$$")["page"]
    assert "perhaps" in json.loads(here.checker.suggest())["page"]


def test_text_of_a_stranger_never_becomes_markup() -> None:
    told = Heard().check(GIVEN + "$$a = \\text{<script>alert(1)</script>}$$\n" + TRUE)
    assert "<script>alert" not in told["page"]
