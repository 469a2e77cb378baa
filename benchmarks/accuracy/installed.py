"""The libraries that can be measured here; one that is missing is named with how to get it."""

from __future__ import annotations

from types import ModuleType

from benchmarks.accuracy import by_generated, by_jax, by_scipy, by_torch
from benchmarks.accuracy.implementation import Implementation

LIBRARIES: tuple[ModuleType, ...] = (by_generated, by_scipy, by_torch, by_jax)


def installed(without: list[str]) -> tuple[list[Implementation], list[str]]:
    """What was loaded, and a message for each library that is missing."""
    loaded: list[Implementation] = []
    missing: list[str] = []
    for library in LIBRARIES:
        if library.NAME in without:
            continue
        try:
            loaded.append(library.load())
        except ModuleNotFoundError:
            missing.append(f"{library.NAME} is not installed: pip install {library.NAME}")
    return loaded, missing
