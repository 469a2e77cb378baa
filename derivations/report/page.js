// Which verdicts are shown; a link to a step opens it.
const boxes = document.querySelectorAll(".filters input");
for (const box of boxes) {
  box.addEventListener("change", () => {
    for (const line of document.querySelectorAll(`.line.${box.value}`)) {
      line.hidden = !box.checked;
    }
  });
}
function open() {
  const line = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (line && line.tagName === "DETAILS") {
    line.open = true;
    line.hidden = false;
  }
}
addEventListener("hashchange", open);
open();
