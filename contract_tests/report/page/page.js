"use strict";

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);

/** Unfolds whatever hides an element. */
function reveal(element) {
  for (let at = element; at; at = at.parentElement) {
    if (at.tagName === "DETAILS") at.open = true;
  }
}

let insides = [];

/** Unpacks the causes that are folded away: an array of HTML that was escaped where it was made. */
async function unpack() {
  const bytes = Uint8Array.from(atob(JSON.parse(byId("folded").textContent)), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  insides = await new Response(stream).json();
}

const unpacked = byId("folded") ? unpack() : Promise.resolve();

/** Puts what a cause unfolds where it is to be, if it is folded away. */
function fill(cause) {
  const inside = cause.querySelector(":scope > .inside");
  if (inside.dataset.place !== undefined && !inside.hasChildNodes() && insides.length) {
    inside.innerHTML = insides[inside.dataset.place];
  }
}

/** Tells all words of a cause, in lower case. */
function wordsOf(cause) {
  const inside = insides[cause.lastElementChild.dataset.place] || "";
  return `${cause.textContent} ${inside.replace(/<[^>]*>/g, " ")}`.toLowerCase();
}

/** Goes to the element that the address names, though it may be folded away. */
function goToAnchor() {
  const target = byId(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) clearFilter();
  reveal(target);
  target.scrollIntoView();
  const focused = target.querySelector(":scope > summary") || target;
  if (!focused.matches("summary, main")) focused.tabIndex = -1;
  focused.focus({ preventScroll: true });
}

/** Shows the causes that have all words of the filter. */
function filterCauses() {
  const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const cause of all(".cause")) {
    const isWanted = byId("warnings").checked || !cause.classList.contains("warning");
    const text = wordsOf(cause);
    cause.hidden = !(isWanted && words.every((word) => text.includes(word)));
    shown += !cause.hidden;
  }
  byId("shown").textContent = `${shown} shown`;
}

function clearFilter() {
  byId("filter").value = "";
  byId("warnings").checked = true;
  filterCauses();
}

/** Unfolds or folds the causes that are shown. */
function foldAll(isOpen) {
  for (const cause of all(".cause:not([hidden])")) cause.open = isOpen;
}

/** Puts a text on the clipboard; a browser without one gets it selected. */
async function copy(button) {
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "Selected";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

/** Shows the statements in one state, unfolded. */
function showStatements(state) {
  const tree = byId("tree");
  tree.dataset.show = state;
  for (const node of all(".node", tree)) {
    node.open = state === "all" ? node.parentElement === tree && node.classList.contains("has-violated") : node.classList.contains(`has-${state}`);
  }
}

const PRINTED = 100;
let folded = [];

/** Unfolds the causes for print: paper cannot be clicked. */
function unfoldForPrint() {
  const causes = all(".cause:not([hidden])").slice(0, PRINTED);
  causes.forEach(fill);
  folded = causes.flatMap((cause) => [cause, ...all("details", cause)]).filter((each) => !each.open);
  for (const each of folded) each.open = true;
}

function foldAfterPrint() {
  for (const each of folded) each.open = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  if (button) copy(button);
  const link = event.target.closest('a[href^="#"]');
  if (link && link.getAttribute("href") === location.hash) goToAnchor();
});
if (byId("filter")) {
  byId("filter").addEventListener("input", filterCauses);
  byId("warnings").addEventListener("change", filterCauses);
  byId("unfold").addEventListener("click", () => foldAll(true));
  byId("fold").addEventListener("click", () => foldAll(false));
}
for (const radio of all('input[name="show"]')) {
  radio.addEventListener("change", () => showStatements(radio.value));
}
document.addEventListener("toggle", async (event) => {
  if (!event.target.matches(".cause[open]")) return;
  await unpacked;
  fill(event.target);
}, true);
addEventListener("hashchange", goToAnchor);
addEventListener("beforeprint", unfoldForPrint);
addEventListener("afterprint", foldAfterPrint);
if (location.hash) goToAnchor();
