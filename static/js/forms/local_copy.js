/* Keep a copy of typed text in this browser, and of an article also on the server; offer the newer one again. */

import { FORM_COPY } from "./arrived.js";
import { editorOf, editorsReady, element, facts, forEachEditor, form, isRefused, labelOf, notice, stripped, textFields, textIn, when } from "./desk.js";
import * as server from "./server_copy.js";
import { ask } from "./session.js";

const PREFIX = facts?.row ? FORM_COPY : "article-copy:";
const KEPT = 30 * 24 * 60 * 60 * 1000;
const PAUSE = 600;
/** How long somebody may type without a pause before a copy is kept, in milliseconds. */
const LONGEST = 3_000;
const ON_THE_SERVER = "server";
/** How long after the copy in the browser the same words may be kept on the server, in milliseconds. */
const LAG = 20_000;
/** In place of the page's name, in the key of a copy that was discarded and called back. */
const BEFORE = "before";

/* The stored copies. A key names user, row and window, so nobody is offered somebody else's text. */

const mine = () => `${PREFIX}${facts.user}:${facts.row ?? facts.article}:`;
const here = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
/** The key of this page's own copy. A new article gets its number at the first save. */
const own = () => mine() + here;

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
  if (key === ON_THE_SERVER) return;
  try {
    localStorage.removeItem(key);
  } catch {
    // The storage is blocked, so there is no copy to delete.
  }
}

/** Store a copy. If the storage is full, delete the oldest of the other copies. */
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

/* Storing what is typed. */

const seen = form?.querySelector('input[name="seen_version"], input[name="seen"]');
/** Return what the form showed: the version of an article, or the fingerprints of any other row. */
const base = () => (facts.row ? (seen?.value ?? "") : Number(seen?.value || facts.version || 0));
const isOlder = (copy) => (facts.row ? copy.base !== base() : copy.base < Number(facts.version));
let atFirst = {};
let beingSaved = {};
let isLeaving = false;
let waiting = 0;
let since = 0;
let met = "";

const snapshot = () => Object.fromEntries(Array.from(textFields(), ([name, field]) => [name, textIn(field)]));

/** Return the fields that this user changed, so that no others are restored. For a refused form, return all of them.
 *
 * A new article that begins with a template or a copy is not stored anywhere: the first change keeps its whole text. */
function typed() {
  const now = Object.entries(snapshot());
  const changed = now.filter(([name, words]) => isRefused || words !== atFirst[name]);
  const isWhole = changed.length && facts.begun && facts.article === "new";
  return Object.fromEntries(isWhole ? now.filter(([name, words]) => words || atFirst[name]) : changed);
}

function keep(sent = false) {
  clearTimeout(waiting);
  since = 0;
  const fields = typed();
  if (Object.keys(fields).length) put(own(), { at: Date.now(), base: base(), sent, fields });
  else drop(own());
  if (!sent) server.keepSoon(fields, base());
}

function keepSoon() {
  isLeaving = false;
  since ||= performance.now();
  clearTimeout(waiting);
  waiting = setTimeout(() => keep(), Math.max(0, Math.min(PAUSE, since + LONGEST - performance.now())));
}

/* Offering the copy. */

/** Return the newest copy that differs from the form. Delete copies that were saved, are too old or have nothing new. */
async function find() {
  for (const key of keys(PREFIX)) if (Date.now() - (read(key)?.at ?? 0) > KEPT) drop(key);
  const found = [];
  for (const key of keys(mine()).filter((key) => key !== own())) {
    const copy = read(key);
    if (copy.sent && (await hasArrived(copy))) drop(key);
    else if (differences(copy).length) found.push({ key, copy });
    else if (!isRefused) drop(key);
  }
  const kept = await server.find();
  if (kept && kept.window !== here) addKept(kept, found);
  return found.sort((a, b) => b.copy.at - a.copy.at)[0];
}

/** Add the server's copy to those found here. If one page has stored its text in both places, that is one copy. */
function addKept(kept, found) {
  const twin = found.find(({ key }) => key.endsWith(`:${kept.window}`));
  if (twin && kept.at - twin.copy.at < LAG) twin.kept = kept;
  else if (differences(kept).length) found.push({ key: ON_THE_SERVER, copy: kept, kept });
  else if (Object.keys(typed()).length) server.decide(kept); // it stands in the form
  else server.discard(kept); // it is saved
}

/** Offer the text that another page of this user has stored on the server, unless this form has the same. */
async function meet(kept) {
  if (kept.digest === met) return;
  met = kept.digest;
  if (differences(kept).length) {
    await offer();
    return;
  }
  server.decide(kept);
  keep();
}

/** Return whether the sent text was stored: as a later version by this user, or as a new article with that slug. */
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
  const { key, copy, kept } = found;
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
    buttons.append(button(gettext("Put them back"), () => putBack(key, copy, kept), "button"));
  }
  const show = button(gettext("Show them"), () => {
    words.hidden = !words.hidden;
    show.setAttribute("aria-expanded", String(!words.hidden));
  });
  show.setAttribute("aria-expanded", "false");
  buttons.append(show, button(gettext("Discard"), () => discard(key, copy, kept)));
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

function putBack(key, copy, kept) {
  if (kept) server.decide(kept);
  const back = differences(copy);
  for (const { field, words } of back) {
    if (!field) continue;
    const editor = editorOf(field);
    if (editor) editor.setData(words);
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  // The text was written on an older version, so saving shows both sides, as it would have before.
  if (seen && (facts.row ? isOlder(copy) : copy.base < Number(seen.value))) seen.value = copy.base;
  document.dispatchEvent(new CustomEvent("form:dirty"));
  put(own(), { ...copy, at: Date.now(), sent: false });
  drop(key);
  notice("copy").replaceChildren(element("p", {}, gettext("Your words are back in the form. Save to keep them.")));
  (form.querySelector("#id_title") ?? back.find(({ field }) => field)?.field)?.focus();
}

function discard(key, copy, kept) {
  drop(key);
  if (kept) server.discard(kept);
  const undo = button(gettext("Undo"), () => {
    put(mine() + BEFORE, copy);
    offer();
  });
  notice("copy").replaceChildren(element("p", {}, gettext("Discarded."), " ", undo));
  undo.focus();
}

/** Return the texts that the server sent. After Back, the browser fills the fields with other, unsaved texts. */
function sent() {
  const isAsSent = (field) => field.value === field.defaultValue || squeezed(textIn(field)) === squeezed(field.defaultValue);
  const words = (field) => (editorOf(field) && isAsSent(field) ? textIn(field) : stripped(field.defaultValue));
  return Object.fromEntries(Array.from(textFields(), ([name, field]) => [name, words(field)]));
}

/** Return a promise that resolves when the page is loaded, because browsers fill the fields after Back only then. */
const loaded = () => new Promise((resolve) => {
  const later = () => setTimeout(resolve);
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later);
});

/** Text that the Back button restores was written on what the form showed then. The copy has that; this page does not. */
function seeAsBefore() {
  const restored = Array.from(textFields().values()).filter((field) => field.value !== field.defaultValue);
  const isOf = (copy) => restored.some((field) => copy.fields[field.name] === textIn(field));
  const copies = keys(mine()).map(read).filter((copy) => copy && isOf(copy));
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
  document.addEventListener("form:saving", () => {
    beingSaved = snapshot();
    server.hold();
    keep(true);
  });
  document.addEventListener("form:saved", ({ detail }) => {
    if (detail.wasNew) drop(`${PREFIX}${facts.user}:new:${here}`);
    const isAnew = (name) => detail.groups.some((prefix) => name.startsWith(`${prefix}-`));
    const saved = ([name, words]) => [name, isAnew(name) ? words : (beingSaved[name] ?? words)];
    atFirst = Object.fromEntries(Object.entries(snapshot()).map(saved));
    server.settle();
    keep();
    offer(); // what is left of other copies; those that hold what is saved now go
  });
  document.addEventListener("form:not-saved", () => keep());
  document.addEventListener("form:draft", ({ detail }) => detail.state === "elsewhere" && meet(detail.copy));
  const keepNow = () => document.visibilityState === "hidden" && !isLeaving && waiting && keep();
  document.addEventListener("visibilitychange", keepNow);
  window.addEventListener("pagehide", keepNow);
  server.begin(here); // after the listeners above: a page that is left keeps its last words here, then there
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
