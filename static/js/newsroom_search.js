/* The newsroom's search: “/” or Ctrl+K (⌘K) opens it over any page, as a combobox with a list box. */

const dialog = document.getElementById("find");
const input = document.getElementById("find-typed");
const list = document.getElementById("find-options");
const count = dialog?.querySelector(".find-count");
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
/** The pause in milliseconds after which the server is asked. */
const PAUSE = 120;
/** The time in milliseconds after which the dialog says that the server does not respond. */
const PATIENCE = 10_000;
const NOT_TYPED_INTO = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];
const K = 75;

/** The number of the newest question: an answer to an older one is not shown. */
let newest = 0;
let request = null;
let timer = 0;
/** What the options shown are the answer to, or null while there are none. */
let shownFor = null;
/** How to open the first option once it is there, if Enter was pressed before. */
let waiting = null;
let active = null;
/** What has the focus again when the dialog closes: an element or an editor. */
let opener = null;

const options = () => [...list.querySelectorAll("[role=option]")];
const typed = () => input.value.trim();

function say(trouble) {
  for (const place of dialog.querySelectorAll("[data-trouble]")) place.hidden = place.dataset.trouble !== trouble;
  dialog.dataset.state = trouble ?? "";
}

function choose(option) {
  active?.setAttribute("aria-selected", "false");
  active = option ?? null;
  active?.setAttribute("aria-selected", "true");
  active?.scrollIntoView({ block: "nearest" });
  if (active) input.setAttribute("aria-activedescendant", active.id);
  else input.removeAttribute("aria-activedescendant");
}

function empty() {
  choose(null);
  list.replaceChildren();
  count.textContent = "";
  input.setAttribute("aria-expanded", "false");
  shownFor = null;
}

function show(html, words) {
  const answer = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  list.replaceChildren(...answer.children);
  count.textContent = answer.dataset.count;
  shownFor = words;
  const all = options();
  input.setAttribute("aria-expanded", String(all.length > 0));
  choose(all[0]);
  list.scrollTop = 0;
  if (waiting && active) follow(active, waiting);
  waiting = null;
}

/** Return the HTML of the answer, or the name of the trouble that there is. */
async function answerTo(words, signal) {
  const query = new URLSearchParams({ q: words });
  const answer = await fetch(`${dialog.dataset.foundUrl}?${query}`, { redirect: "manual", cache: "no-store", signal });
  if (answer.type === "opaqueredirect") return { trouble: "signed-out" };
  if (answer.status === 403) return { trouble: "refused" };
  return answer.ok ? { html: await answer.text() } : { trouble: "failed" };
}

async function ask() {
  clearTimeout(timer);
  request?.abort();
  request = new AbortController();
  const number = ++newest;
  const words = typed();
  const patience = setTimeout(() => number === newest && request.abort(), PATIENCE);
  let answer;
  try {
    answer = await answerTo(words, request.signal);
  } catch {
    answer = { trouble: "offline" };
  }
  clearTimeout(patience);
  if (number !== newest || !dialog.open) return;
  say(answer.trouble);
  if (answer.html === undefined) {
    empty();
    waiting = null;
  } else show(answer.html, words);
}

function follow(option, { inNewTab }) {
  if (inNewTab) window.open(option.href, "_blank", "noopener");
  else {
    close();
    location.assign(option.href);
  }
}

function open(from) {
  if (dialog.open) {
    input.select();
    return;
  }
  if (document.querySelector("dialog[open]") || window.CKEDITOR?.dialog?.getCurrent()) return;
  opener = from;
  waiting = null;
  input.value = "";
  empty();
  say(null);
  dialog.showModal();
  input.focus();
  ask();
}

function close() {
  newest += 1;
  request?.abort();
  dialog.close();
}

function move(step) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(active) + step + all.length) % all.length]);
}

function onKeyInDialog(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && event.target === input) {
    event.preventDefault();
    const how = { inNewTab: event.ctrlKey || event.metaKey };
    if (shownFor === typed() && active) follow(active, how);
    else if (shownFor !== typed()) {
      waiting = how;
      ask();
    }
  }
}

const isTypedInto = (element) =>
  element.isContentEditable ||
  element.matches("textarea, select") ||
  (element.matches("input") && !NOT_TYPED_INTO.includes(element.type));

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const isShortcut = (isMac ? event.metaKey : event.ctrlKey) && !event.shiftKey && event.key.toLowerCase() === "k";
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !isTypedInto(event.target);
  if (!isShortcut && !isSlash) return;
  event.preventDefault();
  open(document.activeElement);
}

/** Let Ctrl+K open the search from a rich-text editor, whose text is a document of its own. */
function listenIn(editor) {
  const onEditorKey = (event) => {
    if (event.data.keyCode !== window.CKEDITOR.CTRL + K) return;
    event.cancel();
    open(editor);
  };
  editor.on("key", onEditorKey, null, null, 1);
}

function listenInEditors() {
  if (!window.CKEDITOR) return;
  for (const editor of Object.values(window.CKEDITOR.instances)) if (editor.status === "ready") listenIn(editor);
  window.CKEDITOR.on("instanceReady", (event) => listenIn(event.editor));
}

if (dialog) {
  const button = document.getElementById("find-open");
  button.setAttribute("role", "button");
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the page of the search, in another tab
    event.preventDefault();
    open(button);
  });
  button.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    open(button);
  });
  if (isMac) for (const key of document.querySelectorAll("kbd[data-mac]")) key.textContent = key.dataset.mac;
  window.addEventListener("keydown", onKey, true);
  dialog.addEventListener("keydown", onKeyInDialog);
  dialog.addEventListener("close", () => opener?.focus());
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.querySelector(".find-close").addEventListener("click", close);
  input.addEventListener("input", () => {
    waiting = null;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== active) choose(option);
  });
  // The connection is back, or somebody has signed in again in another tab.
  window.addEventListener("online", () => dialog.open && ask());
  window.addEventListener("focus", () => dialog.open && dialog.dataset.state && ask());
  if (document.readyState === "complete") listenInEditors();
  else window.addEventListener("load", listenInEditors);
}
