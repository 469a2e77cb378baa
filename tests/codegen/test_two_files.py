"""A loss is added by two files, its derivation and its kernels, in a copy of the project."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DERIVATION = r"""# Least squares of the scores of one vector

```given
size N, d >= 1
index i, x in Vocab = 1..N
vectors u_i in R^d, columns of U
vector v in R^d
vector y in R^{Vocab}
```

## (a) One vector

```given
define e_i = v^T u_i - y_i
define J(U, v) = \sum_i e_i^2
```

$$J(U, v) = \sum_i (v^T u_i - y_i)^2$$

$$\frac{\partial}{\partial v} J(U, v) = 2 \sum_i e_i u_i$$

$$\frac{\partial}{\partial u_x} J(U, v) = 2 e_x v$$
"""
KERNELS = '''"""Least squares: which argument each symbol stands for."""

from codegen.grounds import Document
from codegen.kernel import Argument, Kernel, Module, Value
from derivations.indices import Index

document = Document("least_squares")
i, x = (document.index("a", letter) for letter in "ix")
u, v, y, e = (document.entry("a", name) for name in "uvye")
by_v = document.gradient("grad_v", "a.2")
(h,) = by_v.axes
LOSS = document.function("a", "J")()

MODULES = (
    Module(
        "least_squares.py",
        "Least squares of scores.",
        (
            Kernel(
                name="value_and_grad",
                title="Least squares, and their gradients.",
                loss=LOSS,
                arguments=(
                    Argument("v", v(h), (h,), ("d",)),
                    Argument("U", u(i, h), (i, h), ("N", "d")),
                    Argument("y", y(i), (i,), ("N",)),
                ),
                outputs=(Value("loss", LOSS), by_v, document.gradient("grad_U", "a.3", x)),
                layout=(i.space, h.space),
                names={e(i): "errors"},
            ),
        ),
    ),
)
CLAIMS = tuple(document.claims.values())
'''
PROGRAM = """
from pathlib import Path

import numpy as np

from codegen.grounds import equalities
from codegen.execute.chosen_cases import Limits, Plan
from codegen.execute.work_units import report
from codegen.execute.work_units import loadings
from codegen.emitted import package, runtime_texts
from codegen.grounds import require_proved
from codegen.subjects import CLAIMS, MODULES
from codegen.emitted import compare, mend

stated, runtime = equalities(CLAIMS), runtime_texts()
(module,) = (one for one in MODULES if one.path == "least_squares.py")
require_proved(module.functions, CLAIMS)
texts = package(MODULES, stated)
mend(compare(Path("generated"), texts, runtime))

import generated
from codegen.rounding.comparisons import ARGUMENTS
from codegen.rounding.comparisons import cases
from codegen.rounding.comparisons import compare as compared
from derivations.certify.certify_command import all_subjects

kernel = generated.least_squares.value_and_grad
assert "least_squares" in generated.__all__
plan = Plan(most=2, sizes=4, each=Limits(4, 4, 4), few=Limits(1, 1, 1), paths=4)
ways = loadings({**texts, **runtime})
found = report("least_squares.value_and_grad", module.functions[0], stated, ways, plan)
assert found.proved, found.count.failures
bounds = compared(cases(kernel, np.dtype(np.float64), seed=0), 50)
assert kernel in ARGUMENTS and bounds.compared >= 50 and not bounds.beyond
assert "least_squares" in all_subjects()
print("proved, run on symbols, bounded, to be certified")
"""


def linked(folder: Path, of: Path) -> None:
    """Folders of links to the files of another one: what is written here is not written there."""
    folder.mkdir()
    for each in of.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            linked(folder / each.name, each)
        elif each.is_file():
            (folder / each.name).symlink_to(each)


@pytest.mark.slow  # a process of its own, which reads and judges the derivations of all subjects
def test_a_loss_is_two_files_and_no_list(tmp_path: Path) -> None:
    for name in ("derivations", "codegen", "generated"):
        linked(tmp_path / name, ROOT / name)
    folder = tmp_path / "derivations" / "least_squares"
    folder.mkdir()
    (folder / "written.md").write_text(DERIVATION, encoding="utf-8")
    (tmp_path / "codegen" / "subjects" / "least_squares.py").write_text(KERNELS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "proved, run on symbols, bounded, to be certified\n"
    assert not list((ROOT / "generated").rglob("least_squares*"))
