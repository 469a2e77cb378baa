"""``python -m playground FOLDER``: builds the page that checks derivations in a browser.

The folder is one that any static host serves. What the page needs comes from the registries of npm
and PyPI once, each file known by its digest, and is kept for the next time. Needs Node: modules
are compiled ahead by the very Python that the page runs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen
from zipfile import ZIP_DEFLATED, ZipFile

HERE = Path(__file__).parent
ROOT = HERE.parent
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
LEFT_OUT = ("tests", "benchmarks", "__pycache__")  # folders of which the page runs nothing
# parts of SymPy that nothing in it imports but on behalf of one another
OF_SYMPY = (
    *(f"sympy/{name}/" for name in ("categories", "crypto", "diffgeom", "holonomic")),
    *(f"sympy/{name}/" for name in ("liealgebras", "sandbox", "stats")),
    *(f"sympy/parsing/{name}/" for name in ("autolev", "c", "fortran", "latex")),
    *(f"sympy/physics/{name}/" for name in ("biomechanics", "continuum_mechanics", "control")),
    *(f"sympy/physics/{name}/" for name in ("hep", "mechanics", "optics", "quantum", "vector")),
)
EXAMPLES = {
    "A homework, with slips": "examples/homework.md",
    "word2vec: the written answers, with their errors": "derivations/word2vec/written.md",
    "A network of two layers": "derivations/two_layer_network/written.md",
    "Layer normalisation": "derivations/layer_normalisation/written.md",
    "Logistic regression": "derivations/logistic_regression/written.md",
}


class NotBuilt(Exception):
    """What is missing, and what would settle it."""


def main() -> int:
    """0 if the page was built; 2 if something it needs is not there."""
    parser = argparse.ArgumentParser(
        prog="python -m playground",
        description="Builds the page that checks derivations in a browser, with nothing installed.",
        epilog="Look at it: python -m http.server --directory FOLDER. Exit status: 0 built; 2 not.",
    )
    parser.add_argument("folder", type=Path, help="where to; what is there is replaced")
    kept = Path.home() / ".cache" / "derivations-playground"
    parser.add_argument("--kept", type=Path, default=kept, help=f"downloads are kept here ({kept})")
    options = parser.parse_args()
    try:
        built(options.folder, options.kept)
    except NotBuilt as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    for path in sorted(each for each in options.folder.rglob("*") if each.is_file()):
        print(f"{path.stat().st_size / 1e6:6.2f} MB  {path.relative_to(options.folder)}")
    return 0


def built(folder: Path, kept: Path) -> None:
    """Puts the page into a folder; raises NotBuilt."""
    if shutil.which("node") is None:
        raise NotBuilt("node is needed to compile what the page runs: install Node.js 20 or newer")
    if folder.exists() and any(folder.iterdir()) and not (folder / "worker.js").exists():
        raise NotBuilt(f"{folder} has other things in it: name an empty folder")
    pinned = json.loads((HERE / "pinned.json").read_text())
    with TemporaryDirectory() as scratch:
        made, libraries = Path(scratch) / "page", Path(scratch) / "app"
        flint = Path(scratch) / "flint"
        _runtime(made / "pyodide", fetched(pinned["pyodide"][0], pinned["pyodide"][1], kept))
        wheel = fetched(pinned["flint"][0], pinned["flint"][1], kept)
        (made / Path(pinned["flint"][0]).name).write_bytes(wheel)
        _unpacked(wheel, flint)
        for url, digest in pinned["wheels"]:
            _unpacked(fetched(url, digest, kept), libraries)
        theirs = {each.name for each in libraries.iterdir()}
        for package in ("derivations", "playground"):
            shutil.copytree(ROOT / package, libraries / package, ignore=_ignored)
        opens_with = ROOT / next(iter(EXAMPLES.values()))
        _compiled(made / "pyodide", libraries, flint, opens_with, made / "verdicts.json")
        apart = [each for each in libraries.iterdir() if _is_unpacked(each.name, theirs)]
        others = [each for each in libraries.iterdir() if each not in apart]
        _zipped(made / "project.zip", libraries, apart)
        _zipped(made / "libraries.zip", libraries, others)
        for path in (HERE / "app").iterdir():
            shutil.copy(path, made / path.name)
        examples = {name: (ROOT / path).read_text("utf-8") for name, path in EXAMPLES.items()}
        (made / "examples.json").write_text(json.dumps(examples, ensure_ascii=False), "utf-8")
        (made / "flint.json").write_text(json.dumps(Path(pinned["flint"][0]).name))
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)


def fetched(url: str, digest: str, kept: Path) -> bytes:
    """What stands at an address, or was kept from there; raises NotBuilt if it is another thing."""
    path = kept / f"{digest[:16]}-{Path(url).name}"
    if path.is_file():
        content = path.read_bytes()
    else:
        sys.stderr.write(f"fetching {url}\n")
        try:
            with urlopen(url, timeout=120) as answer:  # https, and known by its digest
                content = answer.read()
        except (URLError, TimeoutError) as error:
            raise NotBuilt(f"{url}: {error}") from None
    if sha256(content).hexdigest() != digest:
        path.unlink(missing_ok=True)
        raise NotBuilt(f"{url} is not what it was: its digest differs")
    kept.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return content


def _runtime(folder: Path, archive: bytes) -> None:
    """Python for the browser, without what the page does not load."""
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=BytesIO(archive)) as opened:
        for name in (*RUNTIME, LOCK):
            content = opened.extractfile(f"package/{name}")
            assert content is not None
            (folder / name).write_bytes(content.read())
    lock = json.loads((folder / LOCK).read_text("utf-8"))
    (folder / LOCK).write_text(json.dumps({**lock, "packages": {}}), "utf-8")


def _unpacked(wheel: bytes, folder: Path) -> None:
    with ZipFile(BytesIO(wheel)) as opened:
        names = [name for name in opened.namelist() if not _is_left_out(name)]
        opened.extractall(folder, names)


def _is_left_out(name: str) -> bool:
    in_notes = Path(name).parent.name.endswith(".dist-info") and Path(name).name != "METADATA"
    apart = name.startswith(OF_SYMPY)
    return in_notes or apart or any(part in LEFT_OUT for part in Path(name).parts)


def _ignored(folder: str, names: list[str]) -> list[str]:
    """What of this project the page does not run: certificates, above all."""
    return [name for name in names if name in (*LEFT_OUT, "certify", "app", "__main__.py")]


def _is_unpacked(name: str, theirs: set[str]) -> bool:
    """Whether a package reads files beside its modules, and is no good in an archive."""
    return name not in theirs or name.startswith("latex2mathml")


def _compiled(*paths: Path) -> None:
    command = ["node", str(HERE / "compiled.mjs"), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        told = [line for line in (done.stdout + done.stderr).splitlines() if len(line) < 400]
        raise NotBuilt("\n".join(["modules could not be compiled:", *told]))


def _zipped(path: Path, root: Path, folders: list[Path]) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(_files(folders)):
            packed.write(file, file.relative_to(root))


def _files(folders: list[Path]) -> Iterator[Path]:
    for each in folders:
        yield from (path for path in (each, *each.rglob("*")) if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
