"""Exit codes: what every command of the project returns, for scripts."""

from __future__ import annotations

ALL_WELL = 0
FAILED = 1  # something is wrong in what was looked at, or is refused
WRONG_USAGE = 2  # an option, or a file that cannot be read
PROGRAM_ERROR = 3  # two arguments contradict each other, or something that should not happen
INTERRUPTED = 130
