// The page: a text, its verdicts beside it, and a worker that is ended where a line takes too long.
const PATIENCE = 20_000; // ms for one piece of work; a line that takes longer is given up
const PAUSE = 250; // ms after the last key
const IDLE = 1_500; // ms after the verdicts, before small edits are sought for what is wrong

const PROPOSED =
  "Nothing says what the letters are, so nothing is judged. These declarations are proposed; " +
  "look at the questions in them (# ?): the first choice of each is in force.";

const at = (name) => document.getElementById(name);
const [editor, gutter, frame, state] = ["editor", "gutter", "report", "state"].map(at);

let worker;
let ready = false;
let number = 0; // of the text that was handed over last
let busy = false;
let waiting = false; // for the worker, with a newer text
let givenUp = {};
let timer, typing, idle;
let report = "";
let marks = {};
let early = ""; // what is said of verdicts that the page came with

function start() {
  ready = busy = false;
  worker = new Worker("worker.js", { type: "module" });
  worker.onmessage = ({ data }) => heard(data);
  worker.onerror = (event) => say(`The checker could not be started: ${event.message}`);
}

function heard(data) {
  if (data.loading !== undefined) {
    say(`${data.loading} ... ${early}`);
  } else if (data.ready !== undefined) {
    ready = true;
    early = "";
    check();
  } else if (data.begun !== undefined) {
    clearTimeout(timer);
    if (data.begun) timer = setTimeout(giveUp, PATIENCE, data.begun);
  } else if (data.broken !== undefined) {
    busy = false;
    say(`This should not happen: ${data.broken}`);
  } else if (data.told.given_up) {
    Object.assign(givenUp, data.told.given_up);
    worker.terminate();
    start();
  } else {
    busy = false;
    show(data);
    if (waiting) check();
    else if (!data.suggested && data.told.code === 1) idle = setTimeout(suggest, IDLE);
  }
}

function giveUp(name) {
  worker.terminate();
  givenUp[name] = `it took more than ${PATIENCE / 1000} s here, and was given up`;
  say("A line takes too long: it is given up, and the others are judged.");
  start();
}

function check() {
  clearTimeout(idle);
  number += 1;
  waiting = !ready || busy;
  if (waiting) return;
  busy = true;
  say("Judging ...");
  worker.postMessage({ number, text: editor.value, givenUp });
}

function suggest() {
  busy = true;
  worker.postMessage({ number });
}

function say(text) {
  state.textContent = text;
}

function show({ number: of, told, took, suggested }) {
  if (of !== number) return; // of a text that has been changed since
  const fails = told.page === undefined;
  at("instead").hidden = !fails;
  frame.hidden = fails;
  at("download").disabled = fails;
  marks = told.marks ?? {};
  drawGutter();
  if (fails) {
    at("said").textContent = told.proposal ? PROPOSED : told.said;
    at("proposal").textContent = told.proposal ?? "";
    at("proposal").hidden = at("insert").hidden = !told.proposal;
    say(editor.value.trim() ? "Nothing is judged yet." : "Write a derivation, or take an example.");
    return;
  }
  report = told.page;
  draw(told.page);
  if (!suggested) say(`Judged in ${(took / 1000).toFixed(took < 1000 ? 2 : 1)} s.`);
}

// The report is a document of its own, without scripts; only its steps are exchanged.
function draw(page) {
  const made = new DOMParser().parseFromString(page, "text/html");
  made.querySelectorAll("script, meta[http-equiv]").forEach((each) => each.remove());
  const shown = frame.contentDocument;
  const before = shown.querySelector("main");
  if (!before) {
    shown.replaceChild(shown.adoptNode(made.documentElement), shown.documentElement);
    shown.addEventListener("change", filter);
    shown.addEventListener("click", follow);
    return;
  }
  const states = new Map([...before.querySelectorAll("details[id]")].map((each) => [each.id, [each.className, each.open]]));
  const unchecked = [...before.querySelectorAll(".filters input:not(:checked)")].map((each) => each.value);
  const after = shown.adoptNode(made.querySelector("main"));
  for (const each of after.querySelectorAll("details[id]")) {
    const [kind, open] = states.get(each.id) ?? [];
    if (kind === each.className) each.open = open;
    each.hidden = unchecked.some((value) => each.classList.contains(value));
  }
  for (const box of after.querySelectorAll(".filters input")) box.checked = !unchecked.includes(box.value);
  const { scrollTop } = shown.documentElement;
  before.replaceWith(after);
  shown.documentElement.scrollTop = scrollTop;
}

function filter({ target }) {
  for (const line of frame.contentDocument.querySelectorAll(`.line.${target.value}`)) line.hidden = !target.checked;
}

function follow(event) {
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  event.preventDefault();
  goTo(decodeURIComponent(link.hash.slice(1)));
}

function goTo(id) {
  const step = frame.contentDocument.getElementById(id);
  if (!step) return;
  step.hidden = false;
  step.open = true;
  step.scrollIntoView({ block: "center" });
}

const CLASSES = { proved: "good", definition: "good", condition: "good", refuted: "bad", "ill-typed": "bad" };

function drawGutter() {
  const rows = editor.value.split("\n").map((_, index) => {
    const row = document.createElement("div");
    const here = marks[index + 1] ?? [];
    const worst = here.find(([, kind]) => CLASSES[kind] === "bad") ?? here.find(([, kind]) => CLASSES[kind] !== "good") ?? here[0];
    row.textContent = worst ? `${worst[0]} ${index + 1}` : `${index + 1}`;
    if (worst) {
      row.className = CLASSES[worst[1]] ?? "open";
      row.title = here.map(([, , id, said]) => `${id}: ${said}`).join("\n");
      row.addEventListener("click", () => goTo(`f0-${worst[2]}`));
    }
    return row;
  });
  gutter.replaceChildren(...rows);
  gutter.scrollTop = editor.scrollTop;
}

// A link that carries the text, packed.
async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

async function packed(text) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpacked(code) {
  const characters = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(characters, (each) => each.charCodeAt(0));
  return new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
}

function write(text) {
  editor.value = text;
  editor.scrollTop = 0;
  marks = {};
  changed();
  check();
}

// Verdicts that the page came with are of one text alone.
function changed() {
  if (early) {
    early = "";
    marks = {};
    frame.hidden = at("download").disabled = true;
    say("Loading ...");
  }
  drawGutter();
}

editor.addEventListener("input", () => {
  changed();
  clearTimeout(typing);
  clearTimeout(idle);
  number += 1; // what is being judged is of an earlier text
  typing = setTimeout(check, PAUSE);
});
editor.addEventListener("scroll", () => {
  gutter.scrollTop = editor.scrollTop;
});
at("insert").addEventListener("click", () => write(`${at("proposal").textContent}\n\n${editor.value}`));
at("link").addEventListener("click", async () => {
  location.hash = `text=${await packed(editor.value)}`;
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied; it carries the text.");
  } catch {
    say("The link stands in the address bar; it carries the text.");
  }
});
at("download").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([report], { type: "text/html" }));
  link.download = "derivation.html";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});

start();
const [examples, verdicts] = await Promise.all(
  ["examples.json", "verdicts.json"].map(async (name) => (await fetch(name)).json()),
);
for (const name of Object.keys(examples)) at("examples").add(new Option(name));
at("examples").addEventListener("change", ({ target }) => write(examples[target.value]));
async function opened() {
  const code = location.hash.match(/^#text=(.+)$/)?.[1];
  try {
    write(code ? await unpacked(code) : Object.values(examples)[0]);
    if (!code && !ready) {
      early = "These verdicts were found when this page was built.";
      show({ number, told: verdicts, suggested: true });
      say(`Loading ... ${early}`);
    }
  } catch {
    say("The text in this link is damaged.");
  }
}
addEventListener("hashchange", async () => {
  const code = location.hash.match(/^#text=(.+)$/)?.[1];
  if (code && code !== (await packed(editor.value))) opened();
});
await opened();
