"""The same numbers as JSON; an infinite error is the text "inf", as JSON has no infinity."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import isfinite
from typing import Any

from benchmarks.accuracy.measure import Measured
from benchmarks.accuracy.targets import Target


def as_json(
    measured: Measured, targets: list[Target], versions: dict[str, str], missing: list[str]
) -> str:
    """An object with `versions`, `missing`, the three tables and `targets`."""
    everything = {
        "versions": versions,
        "missing": missing,
        **asdict(measured),
        "targets": [{**asdict(target), "met": target.met} for target in targets],
    }
    return json.dumps(_finite(everything), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value
