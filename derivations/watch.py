"""The command ``derivations watch``: judge files again when they are saved, tell what has moved.

Watching is watchfiles' (extra ``watch``). All that judging needs is imported once, and what a line
claims is judged once: after a line has been changed only that line is judged.
"""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import strftime
from typing import TYPE_CHECKING

from derivations.report.stdio import (
    ALL_WELL,
    WRONG_USAGE,
    complain,
    forgiving_streams,
    missing,
    visible,
)
from derivations.report.verify_options import (
    SECONDS,
    STANDARD_INPUT,
    add_how_to_read,
    add_limits,
    as_typed,
    files_of,
    is_derivation,
    is_hidden,
    may_take_in,
)

if TYPE_CHECKING:
    from derivations.report.judging import Look, Watched

Stamp = tuple[tuple[int, int, int], ...]

STEP, GROUP = 20, 200  # milliseconds: until a save is over, and until it is told at the latest
PAUSE, QUIET = 100, 30  # milliseconds without a save; after so many a file is read anew

EPILOG = """\
examples:
  derivations watch homework.md     what is wrong now, and after each save what has moved
  derivations watch notes/          every file of a folder, also those that are added later

Lines that a change does not touch keep their verdicts and cost nothing. Ctrl-C ends it.
"""

COMMAND = "derivations watch"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command until it is interrupted, and return its exit code."""
    forgiving_streams()
    options = parser().parse_args(arguments)
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        return complain(missing("watch", "watchfiles"), WRONG_USAGE, COMMAND)
    files = files_of(options.files)
    unknown = [name for name in files if not Path(name).is_file()]
    if unknown or STANDARD_INPUT in files:
        return complain(f"{(*unknown, STANDARD_INPUT)[0]}: no such file", WRONG_USAGE, COMMAND)
    try:
        _watch(options, files)
    except KeyboardInterrupt:
        print(file=sys.stderr)
    except BrokenPipeError:  # nobody reads any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ALL_WELL


def parser() -> ArgumentParser:
    """What the command line accepts."""
    command = ArgumentParser(
        prog="derivations watch",
        description="Judge files again whenever they are saved, and tell what has moved.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument("files", nargs="+", metavar="FILE", help="files, folders, patterns")
    add_how_to_read(command)
    add_limits(command)
    return command


def _watch(options: Namespace, files: Sequence[str]) -> None:
    from watchfiles import watch

    from derivations.report.judging import Watched
    from derivations.report.subject import HowToRead
    from derivations.report.workers import Limits

    how = HowToRead(options.inline, options.given)
    limits = Limits(options.budget or SECONDS["default"], options.memory)
    watched: dict[Path, Watched] = {}
    stamps: dict[Path, Stamp] = {}  # of each file, and what it may depend on, when it was looked at

    def look(path: Path, name: str = "") -> None:
        each = watched.setdefault(path, Watched(name, how, limits))
        stamps[path] = _stamp(path, options.given)
        found = each.look()
        _tell(found)
        each.remember(found)

    for file in files:
        look(Path(file).resolve(), file)
    folders = [Path(name).resolve() for name in options.files if Path(name).is_dir()]
    beside = {path.parent for path in watched} | {*folders}
    beside |= {Path(options.given).resolve().parent} if options.given else set()
    _say(f"watching {len(watched):,} file{'s' * (len(watched) != 1)}; Ctrl-C ends\n")
    gc.collect()
    gc.freeze()
    pauses = 0
    for changes in watch(
        *sorted(beside),
        watch_filter=lambda _, name: is_derivation(name),
        step=STEP,
        debounce=GROUP,
        rust_timeout=PAUSE,
        yield_on_timeout=True,
        raise_interrupt=True,
        recursive=bool(folders),
    ):
        saved = sorted({Path(name).resolve() for _, name in changes})
        for path in list(watched):
            if not path.is_file():
                _say(f"\n- {visible(watched.pop(path).file)} is gone\n")
            elif stamps[path] != _stamp(path, options.given) or _may_take_in(path, saved):
                look(path)
        for path in saved:
            if path not in watched and _is_inside(path, folders):
                look(path, as_typed(path))
        pauses = 0 if changes or any(each.warm() for each in watched.values()) else pauses + 1
        if pauses == QUIET:
            _look_anew(watched.values())


def _stamp(path: Path, given: str | None) -> Stamp:
    """When a file was saved, and the declarations for it: this tells what no event has told."""
    found = (path.stat(), *([Path(given).stat()] if given and Path(given).is_file() else []))
    return tuple((each.st_mtime_ns, each.st_size, each.st_ino) for each in found)


def _may_take_in(path: Path, saved: Sequence[Path]) -> bool:
    return may_take_in(path) and any(may_take_in(each) for each in saved if each != path)


def _is_inside(path: Path, folders: Iterable[Path]) -> bool:
    """Whether it is a file of a folder that is watched, and not a hidden one."""
    around = [each for each in folders if path.is_relative_to(each)]
    hidden = any(is_hidden(path, each) for each in around)
    return bool(around) and not hidden and path.is_file()


def _look_anew(watched: Iterable[Watched]) -> None:
    for each in watched:
        found = None if each.sure else each.look_anew()
        if found is not None:
            _tell(found)


def _tell(found: Look) -> None:
    for complaint in found.complaints:
        complain(complaint, found.code, COMMAND)
    _say(f"\n{found.page}{strftime('(%H:%M:%S)')}\n")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
