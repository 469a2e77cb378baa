"""Where text comes from: files, compressed or not, and standard input; the encoding of each."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from .refused import Refused

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
