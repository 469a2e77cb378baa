"""Tokenisation: files, compressed or not, and standard input as words in numbers.

Words are numbered in order of first appearance; sentences are stretches of one array. Where no file
is named the text is one that comes with every Python: the docstrings of its standard library.
"""

from __future__ import annotations

import ast
import codecs
import gzip
import io
import re
import sys
import sysconfig
import warnings
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray


class Refused(Exception):
    """A text, an option or a checkpoint that cannot be used; the message says why."""


STANDARD_INPUT = "-"
_GZIP = b"\x1f\x8b"
_MARKS = (  # the longer ones first: that of UTF-32 begins as that of UTF-16 does
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LENGTH = 1 << 20  # characters of a part


def parts(names: Sequence[str], encoding: str | None = None) -> Iterator[str]:
    """The text of some files one after the other, cut between words; a file ends a line.

    ``-`` is standard input. What begins as gzip does is unpacked, whatever its name. Where no
    encoding is given it is UTF-8, or what a byte order mark says; the mark is no part of the text.

    Raises Refused, saying what is wrong with which file.
    """
    for name in names:
        try:
            with _opened(name) as file:
                yield from _cut(io.TextIOWrapper(file, encoding or _marked(file)))
        except EOFError as error:
            raise Refused(f"{name}: the compressed file ends too early") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise Refused(f"{name}: not a gzip file after all ({error})") from error
        except OSError as error:
            raise Refused(f"{name}: {error.strerror or error}") from error
        except LookupError as error:
            raise Refused(f"--encoding {encoding}: no such encoding") from error
        except UnicodeError as error:
            raise Refused(
                f"{name}: not {encoding or 'utf-8'} text ({error}); see --encoding"
            ) from error
        yield "\n"


@contextmanager
def _opened(name: str) -> Iterator[io.BufferedReader]:
    """The bytes of a file, unpacked, ready to be looked at before they are read."""
    given = sys.stdin.fileno() if name == STANDARD_INPUT else name
    with io.FileIO(given, closefd=given is name) as file:
        raw: io.BufferedReader = io.BufferedReader(file, _LENGTH)
        if raw.peek(2)[:2] == _GZIP:
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield io.BufferedReader(unpacked, _LENGTH)
        else:
            yield raw


def _marked(file: io.BufferedReader) -> str:
    start = file.peek(4)
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "utf-8")


def _cut(file: TextIO) -> Iterator[str]:
    """Parts that end where a word does."""
    rest = ""
    while read := file.read(_LENGTH):
        end = max(read.rfind(" "), read.rfind("\n")) + 1
        if end:
            yield rest + read[:end]
            rest = read[end:]
        else:
            rest += read
    yield rest


LONGEST_SENTENCE = 10_000  # as in gensim: what is longer is cut
_END = "\0"  # stands for the end of a sentence among its words


@dataclass(frozen=True)
class Text:
    """All words of a text, one after the other.

    ``ids[bounds[s]:bounds[s + 1]]`` is sentence s; number i stands for ``words[i]``.
    """

    words: list[str]
    ids: NDArray[np.intc]
    bounds: NDArray[np.int64]


def read(names: Sequence[str], encoding: str | None = None, *, compiled: bool = False) -> Text:
    """The text in some files, one sentence a line, words apart by spaces (or by NUL).

    ``compiled`` has it read by compiled code, to the same result.

    Raises Refused, saying what is wrong with the file.
    """
    if compiled:
        from proved_kernels.training.compiled.reading import END, numbered_parts

        words, ids = numbered_parts(parts(names, encoding))
        return _text(words, ids, END)
    spaced = (part.replace(_END, " ").replace("\n", f" {_END} ") for part in parts(names, encoding))
    return _numbered(part.split() for part in spaced)


def numbered(sentences: Iterable[Sequence[str]]) -> Text:
    """Sentences of words as one array of numbers."""
    return _numbered([*words, _END] for words in sentences)


def _numbered(some: Iterable[Sequence[str]]) -> Text:
    """Words among which those called _END end a sentence."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    number[_END]
    found = [np.zeros(0, np.intc)]
    for words in _joined(some):
        found.append(np.fromiter(map(number.__getitem__, words), np.intc, len(words)))
    ids = np.concatenate(found)
    return _text(list(number)[1:], ids - np.intc(1), -1)


def _text(words: list[str], ids: NDArray[np.intc], end: int) -> Text:
    """From the numbers of the words, ``end`` among them where a sentence ends."""
    ends = np.flatnonzero(ids == end)
    bounds = np.concatenate(([0], ends - np.arange(len(ends))))
    return Text(words, ids[ids != end], _none_too_long(bounds))


def _joined(some: Iterable[Sequence[str]], least: int = 1 << 16) -> Iterable[Sequence[str]]:
    """The same words, more of them at a time."""
    kept: list[Sequence[str]] = []
    held = 0
    for words in some:
        kept.append(words)
        held += len(words)
        if held >= least:
            yield kept[0] if len(kept) == 1 else list(chain.from_iterable(kept))
            kept, held = [], 0
    yield list(chain.from_iterable(kept))


def _none_too_long(bounds: NDArray[np.intp]) -> NDArray[np.int64]:
    """Empty sentences left out, long ones cut."""
    bounds = np.unique(bounds)
    pieces = np.maximum(-(-np.diff(bounds) // LONGEST_SENTENCE), 1)
    first = np.repeat(np.cumsum(pieces) - pieces, pieces)
    place = np.arange(len(first)) - first
    starts = np.repeat(bounds[:-1], pieces) + place * LONGEST_SENTENCE
    return np.append(starts, bounds[-1:]).astype(np.int64)


DEFAULT = "the docstrings of Python's standard library"
_SENTENCE_END = re.compile(r"[.!?:]\s|\n\s*\n")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def default_sentences() -> Iterator[list[str]]:
    """Its sentences as words in lower case; nothing where the library has no source files."""
    for path in _files(Path(sysconfig.get_path("stdlib"))):
        for docstring in _docstrings(path):
            for sentence in _SENTENCE_END.split(docstring.lower()):
                yield _WORD.findall(sentence)


def _files(library: Path) -> Iterator[Path]:
    for name in sorted(sys.stdlib_module_names):
        yield from library.glob(f"{name}.py")
        yield from sorted(library.glob(f"{name}/*.py"))


def _docstrings(path: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the library's own source
            tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED):
            yield ast.get_docstring(node) or ""
