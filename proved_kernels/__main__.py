"""``python -m proved_kernels``: where each package of this project is found."""

from __future__ import annotations

import sys

from proved_kernels import FIRST_LINES, foreign, found


def main() -> int:
    """1 if a name leads to something else than this project's package, which is said."""
    others = {each.name: each for each in foreign()}
    for name in FIRST_LINES:
        print(f"{name}: {others.get(name) or found(name)}")
    return int(bool(others))


if __name__ == "__main__":
    sys.exit(main())
