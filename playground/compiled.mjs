// Compiles what the page runs, with the Python that runs it, and judges the text that it opens with:
// node compiled.mjs PYODIDE FOLDER FLINT TEXT VERDICTS.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [pyodide, folder, flint, text, verdicts] = process.argv.slice(2).map((each) => resolve(each));
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${pyodide}/` });
for (const [root, point] of [[folder, "/app"], [flint, "/flint"]]) {
  python.FS.mkdir(point);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, point);
}
python.globals.set("text", readFileSync(text, "utf-8"));
try {
  const told = await python.runPythonAsync(`
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
Checker(lambda name: None).check(text, {})
`);
  if (!JSON.parse(told).marks) throw new Error(`the text that the page opens with: ${told}`);
  writeFileSync(verdicts, told);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
