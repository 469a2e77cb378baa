"""Without torch or JAX the examples say what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("example", "package", "extra"),
    [
        ("torch_data_parallel", "torch", "torch"),
        ("jax_custom_vjp", "jax", "jax"),
        ("on_dask", "distributed", "dask"),
        ("mcp_server", "mcp", "mcp"),
    ],
)
def test_an_example_says_what_it_needs(example: str, package: str, extra: str) -> None:
    program = (
        f"import runpy, sys; sys.modules[{package!r}] = None;"
        f"runpy.run_module('examples.{example}', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == f"this example needs {package}: pip install '.[{extra}]'\n"
