/* Nothing typed is lost: a copy in this browser, offered back. */

import { FORM_COPY } from "./arrived.js";
import { editorOf, editorsReady, element, facts, forEachEditor, form, isRefused, labelOf, notice, stripped, textFields, textIn, when } from "./desk.js";
import { ask } from "./session.js";

const PREFIX = facts?.row ? FORM_COPY : "article-copy:";
const KEPT = 30 * 24 * 60 * 60 * 1000;
const PAUSE = 600;

/* The shelf: copies in this browser. A key names person, row and window, so nobody is offered another's words. */

const mine = `${PREFIX}${facts?.user}:${facts?.row ?? facts?.article}:`;
const own = `${mine}${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;

function read(key) {
  try {
    const copy = JSON.parse(localStorage.getItem(key));
    return copy?.fields && copy.at ? copy : null;
  } catch {
    return null;
  }
}

function keys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to drop.
  }
}

/** Keeps a copy; where there is no room, the oldest of the other copies makes some. */
function put(key, copy) {
  const oldest = keys(PREFIX).filter((other) => other !== key).sort((a, b) => (read(a)?.at ?? 0) - (read(b)?.at ?? 0));
  for (;;) {
    try {
      localStorage.setItem(key, JSON.stringify(copy));
      return;
    } catch {
      if (!oldest.length) return;
      drop(oldest.shift());
    }
  }
}

/* Keeping what is typed. */

const seen = form?.querySelector('input[name="seen_version"], input[name="seen"]');
/** What the form showed: the version of an article, or the fingerprints of another row. */
const base = () => (facts.row ? (seen?.value ?? "") : Number(seen?.value || facts.version || 0));
const isOlder = (copy) => (facts.row ? copy.base !== base() : copy.base < Number(facts.version));
let atFirst = {};
let isLeaving = false;
let waiting = 0;

const snapshot = () => Object.fromEntries(Array.from(textFields(), ([name, field]) => [name, textIn(field)]));

/** The fields that this person changed, so that nothing else is put back; of a refused form, whose start is unknown, all. */
function typed() {
  return Object.fromEntries(Object.entries(snapshot()).filter(([name, words]) => isRefused || words !== atFirst[name]));
}

function keep(sent = false) {
  clearTimeout(waiting);
  const fields = typed();
  if (Object.keys(fields).length) put(own, { at: Date.now(), base: base(), sent, fields });
  else drop(own);
}

function keepSoon() {
  isLeaving = false;
  clearTimeout(waiting);
  waiting = setTimeout(() => keep(), PAUSE);
}

/* Offering it back. */

/** The newest copy that holds other words than the form; what has arrived, is too old or says nothing new is dropped. */
async function find() {
  for (const key of keys(PREFIX)) if (Date.now() - (read(key)?.at ?? 0) > KEPT) drop(key);
  const found = [];
  for (const key of keys(mine).filter((key) => key !== own)) {
    const copy = read(key);
    if (copy.sent && (await hasArrived(copy))) drop(key);
    else if (differences(copy).length) found.push({ key, copy });
    else if (!isRefused) drop(key);
  }
  return found.sort((a, b) => b.copy.at - a.copy.at)[0];
}

/** Whether what was sent is what is stored: a later version by this person, or a new text with its address. */
async function hasArrived(copy) {
  if (facts.row) return false; // The page after the save drops the copy (arrived.js).
  if (facts.article !== "new") return !isRefused && Number(facts.version) > copy.base && facts.savedBy === facts.user;
  const slug = copy.fields.slug;
  if (!slug) return false;
  const answer = await ask(`?slug=${encodeURIComponent(slug)}`).catch(() => null);
  return Boolean(answer?.begun);
}

const squeezed = (text) => text.replace(/\s+/g, " ").replace(/> </g, "><").trim();

function differences(copy) {
  const fields = textFields();
  return Object.entries(copy.fields)
    .map(([name, words]) => ({ name, words, field: fields.get(name) }))
    .filter(({ field, words }) => (field ? squeezed(textIn(field)) !== squeezed(words) : words !== ""));
}

function plain(words) {
  if (!/<\w/.test(words)) return words;
  const holder = new DOMParser().parseFromString(words.replace(/<\/(p|li|h\d|tr|blockquote|caption)>/g, "$&\n\n"), "text/html");
  return holder.body.textContent.replace(/\n{3,}/g, "\n\n").trim();
}

async function offer() {
  const found = await find();
  const place = notice("copy");
  place.replaceChildren();
  if (!found) return;
  const { key, copy } = found;
  const changed = differences(copy);
  const names = changed.map(({ field, name }) => (field ? labelOf(field) : name));
  const unsaved = interpolate(gettext("You have unsaved words from %(time)s"), { time: when(copy.at) }, true);
  const what = element("p", {}, element("strong", {}, unsaved), `: ${names.join(", ")}.`);
  if (isOlder(copy)) {
    const newer = facts.savedBy === facts.user
      ? gettext("You have saved another version since: saving shows both before anything is replaced.")
      : gettext("%(person)s has saved another version since: saving shows both before anything is replaced.");
    what.append(" ", interpolate(newer, { person: facts.savedByName || gettext("Somebody") }, true));
  }
  const words = element("div", { className: "notice-words", hidden: true }, ...changed.map(sides));
  const buttons = element("p", { className: "notice-buttons" });
  if (changed.some(({ field }) => field)) {
    buttons.append(button(gettext("Put them back"), () => putBack(key, copy), "button"));
  }
  const show = button(gettext("Show them"), () => {
    words.hidden = !words.hidden;
    show.setAttribute("aria-expanded", String(!words.hidden));
  });
  show.setAttribute("aria-expanded", "false");
  buttons.append(show, button(gettext("Discard"), () => discard(key, copy)));
  place.append(what, buttons, words);
}

const button = (label, onclick, className = "button quiet-button") => element("button", { type: "button", className, onclick }, label);

function sides({ field, name, words }) {
  const side = (title, text) => {
    const pre = element("pre", { tabIndex: 0 }, text || gettext("(empty)"));
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", `${field ? labelOf(field) : name}: ${title}`);
    return element("div", {}, element("h3", {}, title), pre);
  };
  const now = field ? plain(textIn(field)) : gettext("(no such field in this form)");
  return element(
    "div",
    { className: "conflict-field" },
    element("h2", {}, field ? labelOf(field) : name),
    element("div", { className: "sides" }, side(gettext("Unsaved"), plain(words)), side(gettext("In the form now"), now)),
  );
}

function putBack(key, copy) {
  const back = differences(copy);
  for (const { field, words } of back) {
    if (!field) continue;
    const editor = editorOf(field);
    if (editor) editor.setData(words);
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  // They were written on an older text: saving then shows both sides, as it would have.
  if (seen && (facts.row ? isOlder(copy) : copy.base < Number(seen.value))) seen.value = copy.base;
  document.dispatchEvent(new CustomEvent("form:dirty"));
  put(own, { ...copy, at: Date.now(), sent: false });
  drop(key);
  notice("copy").replaceChildren(element("p", {}, gettext("Your words are back in the form. Save to keep them.")));
  (form.querySelector("#id_title") ?? back.find(({ field }) => field)?.field)?.focus();
}

function discard(key, copy) {
  drop(key);
  const undo = button(gettext("Undo"), () => {
    put(key, copy);
    offer();
  });
  notice("copy").replaceChildren(element("p", {}, gettext("Discarded."), " ", undo));
  undo.focus();
}

/** The words that the server sent. After Back, the browser fills the fields with others, which nobody has saved. */
function sent() {
  const isAsSent = (field) => field.value === field.defaultValue || squeezed(textIn(field)) === squeezed(field.defaultValue);
  const words = (field) => (editorOf(field) && isAsSent(field) ? textIn(field) : stripped(field.defaultValue));
  return Object.fromEntries(Array.from(textFields(), ([name, field]) => [name, words(field)]));
}

/** Resolves when the page is loaded: only then does a browser fill the fields after Back. */
const loaded = () => new Promise((resolve) => {
  const later = () => setTimeout(resolve);
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later);
});

/** Words that the Back button brings back were written on what the form showed then. The copy knows it, this page does not. */
function seeAsBefore() {
  const restored = Array.from(textFields().values()).filter((field) => field.value !== field.defaultValue);
  const isOf = (copy) => restored.some((field) => copy.fields[field.name] === textIn(field));
  const copies = keys(mine).map(read).filter((copy) => copy && isOf(copy));
  const newest = copies.sort((a, b) => b.at - a.at)[0];
  if (newest) seen.value = newest.base;
}

async function start() {
  atFirst = sent();
  form.addEventListener("input", keepSoon);
  document.addEventListener("form:sent", () => {
    isLeaving = true;
    keep(true);
  });
  const keepNow = () => document.visibilityState === "hidden" && !isLeaving && waiting && keep();
  document.addEventListener("visibilitychange", keepNow);
  window.addEventListener("pagehide", keepNow);
  await Promise.all([editorsReady(), loaded()]);
  atFirst = sent();
  if (seen && facts.row && !isRefused) seeAsBefore();
  forEachEditor((editor) => editor.on("change", keepSoon));
  if (isRefused) keep();
  else if (Object.keys(typed()).length) {
    keep();
    form.dispatchEvent(new Event("input")); // so that leaving asks
  }
  await offer();
}

if (form && facts) start();
