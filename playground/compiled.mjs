// Compiles what the page runs, with the Python that runs it: node compiled.mjs PYODIDE FOLDER FLINT.
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [pyodide, folder, flint] = process.argv.slice(2).map((each) => resolve(each));
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${pyodide}/` });
for (const [root, point] of [[folder, "/app"], [flint, "/flint"]]) {
  python.FS.mkdir(point);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, point);
}
try {
  await python.runPythonAsync(`
import compileall, os, sys
from py_compile import PycInvalidationMode
sys.dont_write_bytecode = True
assert compileall.compile_dir("/app", quiet=1, legacy=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
for folder, _, names in os.walk("/app"):
    for name in names:
        if name.endswith(".py"):
            os.remove(f"{folder}/{name}")
sys.dont_write_bytecode = False  # the table of the grammar is kept where compiled modules are
sys.path[:0] = ["/app", "/flint"]
os.makedirs("/app/derivations/reader/__pycache__", exist_ok=True)
from playground.checking import Checker
os.chdir("/tmp")
given = chr(96) * 3 + "given\\nscalar a\\n" + chr(96) * 3 + "\\n\\n$$a + a = 2 a$$\\n"
assert '"code": 0' in Checker(print).check(given, {})
`);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
