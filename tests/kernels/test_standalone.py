"""The package works with the rest of the project deleted and without SymPy."""

import shutil
import subprocess
import sys
from pathlib import Path

import generated

PACKAGE = Path(generated.__file__).parent

PROGRAM = """
import sys
for name in ("sympy", "derivations", "codegen"):
    sys.modules[name] = None  # an import of it now raises
import numpy as np
from generated import RowGrad, naive_softmax, negative_sampling, skip_gram

U = np.zeros((4, 2))
assert np.isclose(naive_softmax.loss(U[0], 1, U), np.log(4))
assert np.isclose(negative_sampling.loss(U[0], 1, U, [2, 2]), 3 * np.log(2))
assert np.isclose(skip_gram.naive_softmax_value_and_grad(0, [1, 2], U, U)[0], 2 * np.log(4))
assert RowGrad(np.array([1]), np.ones((1, 2))).dense(2).sum() == 2
print(sorted(name.split(".")[0] for name in sys.modules if sys.modules[name] is not None))
"""


def run_in(folder: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_copy_of_the_package_alone_computes(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "generated")
    loaded = run_in(tmp_path, PROGRAM)
    assert "'numpy'" in loaded


def test_importing_the_package_does_not_import_sympy(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "generated")
    loaded = run_in(tmp_path, "import generated, sys; print(*sys.modules)").split()
    assert "numpy" in loaded
    for absent in ("sympy", "mpmath", "flint", "derivations", "codegen", "tests"):
        assert absent not in loaded
