// The checker, away from the page, so that typing never waits.
import { loadPyodide } from "./pyodide/pyodide.mjs";

async function fetched(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer;
}

async function begin() {
  postMessage({ loading: "Loading Python" });
  const [python, libraries, project, flint] = await Promise.all([
    loadPyodide({ indexURL: "./pyodide/" }),
    fetched("libraries.zip").then((each) => each.arrayBuffer()),
    fetched("project.zip").then((each) => each.arrayBuffer()),
    fetched("flint.json").then((each) => each.json()),
  ]);
  postMessage({ loading: "Loading its libraries" });
  await python.loadPackage(new URL(flint, location.href).href, { checkIntegrity: false, messageCallback: () => {} });
  python.FS.writeFile("/libraries.zip", new Uint8Array(libraries));
  python.unpackArchive(project, "zip", { extractDir: "/project" });
  postMessage({ loading: "Starting the checker" });
  python.globals.set("begun", (name) => postMessage({ begun: name }));
  const made = python.runPython(`
import os, sys
sys.path[:0] = ["/project", "/libraries.zip"]
sys.dont_write_bytecode = False
os.makedirs("/text", exist_ok=True)
os.chdir("/text")
from playground.checking import Checker
Checker(begun)
`);
  return [python, made];
}

let python, checker;
try {
  const before = performance.now();
  [python, checker] = await begin();
  postMessage({ ready: performance.now() - before });
} catch (error) {
  postMessage({ broken: String(error) });
}

onmessage = ({ data }) => {
  const { number, text, givenUp } = data;
  const before = performance.now();
  try {
    const told = text === undefined ? checker.suggest() : checker.check(text, python.toPy(givenUp));
    postMessage({ number, told: JSON.parse(told), took: performance.now() - before, suggested: text === undefined });
  } catch (error) {
    postMessage({ number, broken: String(error) });
  }
};
