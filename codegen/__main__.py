"""``python -m codegen``, if what goes by the names that it imports is this project's."""

import sys

from proved_kernels import WRONG_USAGE, told


def main() -> int:
    """Nothing is written or proved by a package that is another's."""
    runs = "--prove" in sys.argv or any(one[0] != "-" for one in sys.argv[1:2] if one)
    if told("codegen", "derivations", *(["generated"] if runs else [])):
        return WRONG_USAGE
    from codegen.commands import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
