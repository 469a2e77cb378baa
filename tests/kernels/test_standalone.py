"""The package works alone, and compiles nothing before it is called."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import generated
from tests.kernels.backends import kernels_of

# The package works with the rest of the project deleted and without SymPy.


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


# The compiled kernels beside Numba: asked for alone, refused without it, lazy and safe.


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_without_numba_the_message_says_what_to_install() -> None:
    done = run("import sys; sys.modules['numba'] = None; from generated.compiled import glove")
    assert done.returncode == 1
    assert done.stderr.endswith(
        "ImportError: generated.compiled needs Numba: pip install 'proved-kernels[compiled]'\n"
    )


def test_generated_alone_imports_neither_numba_nor_loops() -> None:
    done = run(
        "import sys, generated; print({n for n in sys.modules if 'numba' in n or 'compiled' in n})"
    )
    assert done.stdout == "set()\n", done.stderr


def test_nothing_is_compiled_before_it_is_called() -> None:
    pytest.importorskip("numba")
    done = run("import generated.compiled.glove as glove; print(glove._loss.compiled.signatures)")
    assert done.stdout.startswith("[]"), done.stderr


@pytest.mark.slow  # compiles
def test_a_number_that_is_no_word_is_refused_once_compiled() -> None:
    """Numba would make an integer of it."""
    loss = kernels_of("compiled").negative_sampling.loss
    U = np.ones((3, 2))
    good: Any = loss(U[0], 1, U, [2])
    assert loss(U[0], np.int8(1), U, [2]) == good
    for bad in (1.0, 1.5, True, "1", None):
        with pytest.raises(TypeError, match=r"o is .* should be an integer"):
            loss(U[0], bad, U, [2])
    for outside in (3, -1, 2**70, -(2**70)):
        with pytest.raises(IndexError, match=r"o is -?\d+, should be in 0\.\.2"):
            loss(U[0], outside, U, [2])


@pytest.mark.slow  # compiles
def test_a_memory_map_and_a_masked_array_are_read_as_their_numbers(tmp_path: Any) -> None:
    loss = kernels_of("compiled").naive_softmax.loss
    U = np.arange(12.0).reshape(4, 3) / 10
    np.save(tmp_path / "U.npy", U)
    want = loss(U[1], 2, U)
    assert loss(U[1], 2, np.load(tmp_path / "U.npy", mmap_mode="r")) == want
    assert loss(np.ma.masked_greater(U[1], 0.4), 2, np.asmatrix(U)) == want
