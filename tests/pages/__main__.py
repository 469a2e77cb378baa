"""``python -m tests.pages [PAGE ...]``: put in what the commands of the pages write now."""

import sys
from pathlib import Path

from tests.pages.blocks import PAGES
from tests.pages.transcripts import mended

for page in map(Path, sys.argv[1:] or PAGES):
    text = mended(page.resolve())
    if text != page.read_text(encoding="utf-8"):
        page.write_text(text, encoding="utf-8")
        print(f"{page}: mended")
