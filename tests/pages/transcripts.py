"""Blocks of commands in README and docs, run in a shell, and their outputs compared.

``python -m tests.pages.transcripts [PAGE ...]``: put in what the commands of the pages write now.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import runpy
import shlex
import subprocess
import sys
import traceback
import warnings
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from markdown_it import MarkdownIt

import derivations.console
import derivations.verify

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [README, *sorted(DOCS.glob("*.md"))]
OPTION = re.compile(r":([\w-]+):(?: +(.*))?")
COMMAND = re.compile(r"python (?:examples/|-m )[^`]+")
REWRITING = "_pytest.assertion.rewrite"
WITH_THREADS = ("examples.jax", "examples.torch", "examples.on_dask")  # a fork has none of them


@dataclass(frozen=True)
class Block:
    """One block: ``kind`` is the first word behind the fence, a directive's name without braces.

    ``line`` is that of its first line of text, counted from 0. ``options`` are a directive's.
    """

    page: Path
    line: int
    kind: str
    argument: str
    text: str
    options: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line + 1}"


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type != "fence" or token.map is None:
            continue
        first, _, argument = token.info.strip().partition(" ")
        kind, lines, options = first.strip("{}"), token.content.splitlines(keepends=True), {}
        while first.startswith("{") and lines and (found := OPTION.fullmatch(lines[0].strip())):
            options[found[1]] = found[2] or ""
            lines.pop(0)
        skipped = len(token.content.splitlines()) - len(lines)
        text = "".join(lines)
        yield Block(page, token.map[0] + 1 + skipped, kind, argument, text, options)


def of_kind(kind: str) -> list[Block]:
    """All blocks of a kind on all pages."""
    return [block for page in PAGES for block in blocks(page) if block.kind == kind]


def inline_commands(page: Path) -> Iterator[str]:
    """The commands that stand within sentences."""
    for token in MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")):
        for child in token.children or ():
            if child.type == "code_inline" and COMMAND.fullmatch(child.content):
                yield child.content


# imported once: a command that is run in this process is judged in one that is forked from it

COLUMNS = "90"
BY_A_SHELL = re.compile(r"[|<>;&$*'\"\\]")
Main = Callable[[Sequence[str]], int]
IN_THIS_PROCESS: dict[tuple[str, ...], tuple[str, Main]] = {
    ("python", "-m", "derivations.verify"): ("verify.py", derivations.verify.main),
    ("derivations", "verify"): ("derivations", derivations.verify.main),
    ("derivations", "new"): ("derivations", lambda rest: derivations.console.main(["new", *rest])),
}


@dataclass(frozen=True)
class Done:
    """What a command came to: its exit code, and all it wrote."""

    code: int
    written: str


def checkout(folder: Path) -> Path:
    """The folder, with links to all that a checkout has."""
    for entry in ROOT.iterdir():
        if not entry.name.startswith("."):
            (folder / entry.name).symlink_to(entry)
    return folder


def run(command: str, folder: Path, **variables: str) -> Done:
    """Run it there: in this process where it is a checker's, which saves a second."""
    words = () if BY_A_SHELL.search(command) else tuple(shlex.split(command))
    for beginning, (script, main) in IN_THIS_PROCESS.items():
        if words[: len(beginning)] == beginning and not variables:
            return _called(script, main, words[len(beginning) :], folder)
    if words[:2] == ("python", "-m") and not variables and not words[2].startswith(WITH_THREADS):
        return forked(partial(_module, words[2]), words[3:], folder)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": COLUMNS}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**environment, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    return Done(done.returncode, done.stdout)


def forked(main: Main, words: Sequence[str], folder: Path) -> Done:
    """A command in a process that has what this one has imported, which saves seconds."""
    receiving, sending = multiprocessing.Pipe(duplex=False)

    def child() -> None:
        # pytest's own loader of plugins, of which this project has one, cannot run a module
        sys.meta_path = [one for one in sys.meta_path if type(one).__module__ != REWRITING]
        sending.send(_called("", main, words, folder))

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    sending.close()
    try:
        done: Done = receiving.recv()
    except EOFError:
        done = Done(1, "it ended without a word")
    process.join()
    return done


def _module(name: str, words: Sequence[str]) -> int:
    sys.argv += words
    runpy.run_module(name, run_name="__main__", alter_sys=True)
    return 0


def of_text(text: str, words: Sequence[str]) -> int:
    """A program run as `python -W error -c` runs it."""
    warnings.simplefilter("error")
    exec(compile(text, "<string>", "exec"), {"__name__": "__main__"})
    return 0


def _called(script: str, main: Main, words: Sequence[str], folder: Path) -> Done:
    written = StringIO()
    with _set(script, folder), redirect_stdout(written), redirect_stderr(written):
        try:
            code = main(words)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        except Exception:
            code = 1
            traceback.print_exc()
    return Done(code, written.getvalue())


@contextmanager
def _set(script: str, folder: Path) -> Iterator[None]:
    """As if the script was called in the folder, on a terminal of a fixed width."""
    was, here, columns = sys.argv, Path.cwd(), os.environ.get("COLUMNS")
    sys.argv = [script]
    os.chdir(folder)
    os.environ["COLUMNS"] = COLUMNS
    try:
        yield
    finally:
        sys.argv = was
        os.chdir(here)
        os.environ.pop("COLUMNS")
        if columns is not None:
            os.environ["COLUMNS"] = columns


PROMPT, ANY = "$ ", "..."
CAPTION = "caption"
TIME = re.compile(r"(?<![\w.])\d[\d.]* m?s$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A command, what the page says it writes, and whether it is about files of the page."""

    block: Block
    command: str
    shown: str
    is_own: bool


def steps(block: Block, own: list[str]) -> Iterator[Step]:
    """The commands of a block; ``own`` are the names of the files of the page so far."""
    for piece in re.split(r"^(?=\$ )", block.text, flags=re.MULTILINE):
        if not piece.startswith(PROMPT):
            continue
        line, _, shown = piece.partition("\n")
        command = line.removeprefix(PROMPT)
        names = {word.rstrip("/") for word in shlex.split(command)}
        yield Step(block, command, shown, any(name in names for name in own))


def session(page: Path) -> Iterator[Block | Step]:
    """The files and the commands of a page, in order."""
    own: list[str] = []
    for block in blocks(page):
        if CAPTION in block.options:
            own += [block.options[CAPTION], block.options[CAPTION].rpartition("/")[0]]
            own = list(filter(None, own))
            yield block
        elif block.kind == "console":
            yield from steps(block, own)


def shared_steps() -> dict[str, list[Step]]:
    """By command, the steps that are about files of the checkout alone; each is run once."""
    found: dict[str, list[Step]] = {}
    for page in PAGES:
        for step in session(page):
            if isinstance(step, Step) and not step.is_own:
                found.setdefault(step.command, []).append(step)
    return found


def own_steps(page: Path, folder: Path) -> Iterator[tuple[Step, str]]:
    """The steps about files of the page, each with what it writes when they are taken in order."""
    checkout(folder)
    for each in session(page):
        if isinstance(each, Block):
            path = folder / each.options[CAPTION]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each.text, encoding="utf-8")
        elif each.is_own:
            yield each, run(each.command, folder).written


def agrees(shown: str, written: str) -> bool:
    """Whether that is what is written, times and what stands for any lines left aside."""
    pieces = _untimed(shown).rstrip("\n").split("\n")
    pattern = r"\n".join(r"(?:.*\n)*?.*" if piece == ANY else re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern, _untimed(written).rstrip("\n")) is not None


def _untimed(text: str) -> str:
    return TIME.sub("1 s", text)


def mended(page: Path) -> str:
    """The page with what its commands write now, where that is not what it shows."""
    text = page.read_text(encoding="utf-8")
    with TemporaryDirectory() as own, TemporaryDirectory() as other:
        checkout(Path(other))
        found = list(own_steps(page, Path(own)))
        found += [
            (step, run(step.command, Path(other)).written)
            for step in session(page)
            if isinstance(step, Step) and not step.is_own
        ]
    for step, written in found:
        if not agrees(step.shown, written):
            if ANY in step.shown.splitlines():
                raise SystemExit(f"{step.block}: it leaves lines out: mend it by hand")
            shown = f"{PROMPT}{step.command}\n{step.shown}"
            text = text.replace(shown, f"{PROMPT}{step.command}\n{written.rstrip()}\n", 1)
    return text


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m tests.pages.transcripts", description=__doc__)
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="by default all")
    for page in parser.parse_args().pages or PAGES:
        text = mended(page.resolve())
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
            print(f"{page}: mended")
