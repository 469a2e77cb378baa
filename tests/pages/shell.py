"""Running a command as a page shows it, in a folder that looks like a checkout."""

from __future__ import annotations

import multiprocessing
import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path

import derivations.console
import derivations.verify

# imported once: a command that is run in this process is judged in one that is forked from it
from derivations.report import judging, screen, subject  # noqa: F401
from tests.pages.blocks import ROOT

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
    if words[:2] == ("python", "-m") and words[-1] == "--help" and not variables:
        return _forked(words[2], folder)
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


def _forked(module: str, folder: Path) -> Done:
    """A module's help, in a process that has what this one has imported, which saves seconds."""
    receiving, sending = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_helped, args=(module, folder, sending)
    )
    process.start()
    sending.close()
    try:
        done: Done = receiving.recv()
    except EOFError:
        done = Done(1, f"{module} ended without a word")
    process.join()
    return done


def _helped(module: str, folder: Path, sending: Connection) -> None:
    def main(_: Sequence[str]) -> int:
        sys.argv.append("--help")
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return 0

    sending.send(_called(module, main, (), folder))


def _called(script: str, main: Main, words: Sequence[str], folder: Path) -> Done:
    written = StringIO()
    with _set(script, folder), redirect_stdout(written), redirect_stderr(written):
        try:
            code = main(words)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
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
