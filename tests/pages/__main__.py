"""``python -m tests.pages [PAGE ...]``: put in what the commands of the pages write now."""

from argparse import ArgumentParser
from pathlib import Path

from tests.pages.transcripts import PAGES, mended

parser = ArgumentParser(prog="python -m tests.pages", description=__doc__)
parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="by default all")
for page in parser.parse_args().pages or PAGES:
    text = mended(page.resolve())
    if text != page.read_text(encoding="utf-8"):
        page.write_text(text, encoding="utf-8")
        print(f"{page}: mended")
