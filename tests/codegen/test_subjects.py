"""A subject is found by its file."""

import sys
from pathlib import Path

import pytest

from codegen.emitted import front_text
from codegen.subjects import MODULES, found

SUBJECT = """
from codegen.kernel import Module

MODULES = (Module("tiny.py", "A tiny loss.", ()),)
CLAIMS = ()
"""


def test_a_file_in_the_folder_is_a_subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "made_up_subjects"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "tiny.py").write_text(SUBJECT)
    monkeypatch.syspath_prepend(str(tmp_path))
    modules, claims = found([str(package)], package.name)
    for name in (package.name, f"{package.name}.tiny"):
        monkeypatch.delitem(sys.modules, name)
    assert ([module.path for module in modules], claims) == (["tiny.py"], ())
    text = front_text([*MODULES, *modules])
    assert "    tiny                                a tiny loss\n" in text
    assert text.count("    tiny,\n") == 1


def test_every_subject_of_the_folder_has_kernels() -> None:
    paths = {module.path for module in MODULES}
    assert {"naive_softmax.py", "cbow.py", "glove.py", "contrastive.py"} <= paths
