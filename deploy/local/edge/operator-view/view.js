// @ts-check
// The page is complete without this script: it only keeps the page up to date, and answers the form
// without loading the page again.

const INTERVAL_MS = 1000;
/** A moment is enough for an edge on this machine; one that restarts is asked again. */
const PATIENCE_MS = 5000;

const connection = /** @type {HTMLElement} */ (document.getElementById("connection"));
const pause = /** @type {HTMLButtonElement} */ (document.getElementById("pause"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
const outcome = /** @type {HTMLElement} */ (document.getElementById("outcome"));
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let paused = false;

/** @param {string} state @param {string} text */
function say(state, text) {
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.textContent = text;
}

async function refresh() {
  if (paused || document.hidden) return;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch("/__slipway/live.json", { signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { sections } = await response.json();
    if (paused) return;
    for (const place of document.querySelectorAll("[data-section]")) {
      const text = sections[/** @type {HTMLElement} */ (place).dataset.section ?? ""];
      if (typeof text === "string") update(place, parse(text));
    }
    say("live", "Live");
  } catch {
    say("lost", "The edge does not answer");
  }
}

async function keepFresh() {
  await refresh();
  setTimeout(keepFresh, INTERVAL_MS);
}

/** @param {string} text The server's own page fragment, in which everything foreign is escaped. */
function parse(text) {
  return new DOMParser().parseFromString(text, "text/html").body;
}

/**
 * Makes the children of `old` those of `fresh`, keeping every element that is still there, so that
 * focus, selection and opened details stay.
 * @param {Element} old @param {Element} fresh
 */
function update(old, fresh) {
  const keyed = new Map();
  for (const child of old.children) {
    const key = keyOf(child);
    if (key !== undefined) keyed.set(key, child);
  }
  let next = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const known = keyed.get(keyOf(wanted));
    const current = known ?? (canBecome(next, wanted) ? next : undefined);
    if (current === undefined) {
      old.insertBefore(wanted, next);
      continue;
    }
    if (current === next) next = next?.nextSibling ?? null;
    else old.insertBefore(current, next);
    become(current, wanted);
  }
  while (next !== null) {
    const rest = next.nextSibling;
    next.remove();
    next = rest;
  }
}

/** @param {Node} node */
function keyOf(node) {
  return node instanceof HTMLElement ? node.dataset.key : undefined;
}

/** @param {Node | null} node @param {Node} wanted */
function canBecome(node, wanted) {
  if (node === null || node.nodeName !== wanted.nodeName) return false;
  return keyOf(node) === undefined && keyOf(wanted) === undefined;
}

/** @param {Node} node @param {Node} wanted */
function become(node, wanted) {
  if (!(node instanceof Element) || !(wanted instanceof Element)) {
    if (node.nodeValue !== wanted.nodeValue) node.nodeValue = wanted.nodeValue;
    return;
  }
  if (node.getAttribute("data-flash") !== wanted.getAttribute("data-flash")) flash(node);
  // Whether details are open is the reader's choice.
  for (const { name } of [...node.attributes]) {
    if (name !== "open" && !wanted.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (name !== "open" && node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  update(node, wanted);
}

/** @param {Element} row */
function flash(row) {
  if (calm.matches) return;
  const marker = getComputedStyle(row).getPropertyValue("--marker-soft");
  row.animate([{ backgroundColor: marker }, { backgroundColor: "transparent" }], 900);
}

/** @param {SubmitEvent} event */
async function ask(event) {
  event.preventDefault();
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) query.set(name, String(value));
  try {
    const response = await fetch(`/__slipway/try?${query}`);
    if (!response.ok) throw new Error(`status ${response.status}`);
    outcome.replaceChildren(...parse(await response.text()).childNodes);
    history.replaceState(null, "", `/__slipway?${query}#try`);
  } catch {
    const problem = document.createElement("p");
    problem.className = "problem";
    problem.textContent = "The edge does not answer. Start it again with: slipway edge";
    outcome.replaceChildren(problem);
  }
  outcome.focus({ preventScroll: false });
}

pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  if (paused) say("paused", "Paused");
  else void refresh();
});
document.addEventListener("visibilitychange", () => void refresh());
form.addEventListener("submit", (event) => void ask(event));
pause.closest("[hidden]")?.removeAttribute("hidden");
void keepFresh();
