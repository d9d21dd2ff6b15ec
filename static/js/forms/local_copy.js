/* Keep a copy of typed text in this browser, and of an article also on the server; offer the newer one again. */

import { FORM_COPY } from "./arrived.js";
import * as begun from "./begun.js";
import { editorsReady, element, facts, forEachEditor, form, isRefused, notice, textFields, textIn, when } from "./desk.js";
import * as server from "./server_copy.js";
import { ask } from "./session.js";
import { comparison } from "./showing.js";
import { changes, differencesFrom, isRowsOf, putInto, rowsIn, seeRevisionOf, sent, snapshot, withRevision } from "./typed.js";

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

const mine = () => `${PREFIX}${facts.user}:${facts.row ?? (facts.article === "new" ? begun.NAME : facts.article)}:`;
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

/** Return what this user changed, so that nothing else is restored. For a refused form, return all of it.
 *
 * A new article that begins with a template or a copy is not stored anywhere: the first change keeps its whole text. */
function typed() {
  const changed = changes(atFirst, isRefused);
  const isWhole = Object.keys(changed).length && facts.begun && facts.article === "new";
  return isWhole ? changes(atFirst, true) : changed;
}

function keep(isSent = false) {
  clearTimeout(waiting);
  since = 0;
  const fields = withRevision(typed());
  if (Object.keys(fields).length) {
    begun.claim();
    put(own(), { at: Date.now(), base: base(), sent: isSent, fields });
  } else drop(own());
  if (!isSent) server.keepSoon(fields, base());
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
    if (hasPosted(windowOf(key)) || (copy.sent && (await hasArrived(copy)))) drop(key);
    else if (differences(copy).length) found.push({ key, copy });
    else if (!isRefused) drop(key);
  }
  const kept = await server.find();
  if (kept && kept.window !== here) addKept(kept, found);
  return found.sort((a, b) => b.copy.at - a.copy.at)[0];
}

/** Return whether a page has posted this form, which was refused. The form holds all its words, perhaps merged. */
const hasPosted = (page) => Boolean(facts.postedBy) && page === facts.postedBy;
const windowOf = (key) => key.split(":").at(-1);

/** Add the server's copy to those found here. If one page has stored its text in both places, that is one copy. */
function addKept(kept, found) {
  const twin = found.find(({ key }) => windowOf(key) === kept.window);
  if (hasPosted(kept.window)) server.decide(kept);
  else if (twin && kept.at - twin.copy.at < LAG) twin.kept = kept;
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

const differences = (copy) => differencesFrom(copy.fields);

async function offer() {
  const found = await find();
  const place = notice("copy");
  place.replaceChildren();
  if (!found) {
    if (facts.article === "new") await offerOthers(place);
    return;
  }
  const { key, copy, kept } = found;
  if (facts.article === "new" && !isRefused && !Object.keys(typed()).length) {
    if (begun.goToBlank()) return; // the draft is the whole of a form, not an addition to another text
    putBack(key, copy, kept);
    return;
  }
  const changed = differences(copy);
  const names = Array.from(new Set(changed.map(({ label }) => label)));
  const unsaved = interpolate(gettext("You have unsaved words from %(time)s"), { time: when(copy.at) }, true);
  const what = element("p", {}, element("strong", {}, unsaved), `: ${names.join(", ")}.`);
  if (isOlder(copy)) {
    const newer = facts.savedBy === facts.user
      ? gettext("You have saved another version since: saving shows both before anything is replaced.")
      : gettext("%(person)s has saved another version since: saving shows both before anything is replaced.");
    what.append(" ", interpolate(newer, { person: facts.savedByName || gettext("Somebody") }, true));
  }
  const words = element("div", { className: "notice-words", hidden: true });
  const buttons = element("p", { className: "notice-buttons" }, button(gettext("Put them back"), () => putBack(key, copy, kept), "button"));
  const show = button(gettext("Show them"), async () => {
    words.hidden = !words.hidden;
    show.setAttribute("aria-expanded", String(!words.hidden));
    if (!words.hidden) words.replaceChildren(...(await comparison(differences(copy))));
  });
  show.setAttribute("aria-expanded", "false");
  buttons.append(show, button(gettext("Discard"), () => discard(key, copy, kept)));
  place.append(what, buttons, words);
}

/** Offer the other new articles that this person has begun and not saved: each is a form of its own. */
async function offerOthers(place) {
  const here = begun.fromKeys(keys(`${PREFIX}${facts.user}:${begun.PREFIX}`).map((key) => ({ key, copy: read(key) })));
  const rows = begun.newestOfEach([...here, ...server.others()]);
  for (const other of [...rows]) {
    if (!other.copy?.sent || !(await hasArrived(other.copy))) continue;
    drop(other.key);
    rows.splice(rows.indexOf(other), 1);
  }
  place.replaceChildren(...begun.offers(rows));
}

const button = (label, onclick, className = "button quiet-button") => element("button", { type: "button", className, onclick }, label);

function putBack(key, copy, kept) {
  if (kept) server.decide(kept);
  const left = putInto(differences(copy));
  // The text was written on an older version, so saving shows both sides, as it would have before.
  if (seen && (facts.row ? isOlder(copy) : copy.base < Number(seen.value))) {
    seen.value = copy.base;
    seeRevisionOf(copy.fields);
  }
  document.dispatchEvent(new CustomEvent("form:dirty"));
  put(own(), { ...copy, at: Date.now(), sent: false });
  if (!left.length) drop(key);
  else if (key === ON_THE_SERVER) put(mine() + BEFORE, copy);
  const all = element("p", {}, gettext("Your words are back in the form. Save to keep them."));
  notice("copy").replaceChildren(...(left.length ? notPutBack(left) : [all]));
  if (facts.article === "new") notice("copy").append(element("p", { className: "notice-buttons" }, button(gettext("Discard"), discardAll)));
  const first = form.querySelector("#id_title") ?? form.querySelector("textarea, input:not([type=hidden])");
  first?.focus();
  // Where the cursor stands in the title already, nothing tells Django's script to propose the address.
  if (facts.article === "new" && !form.elements.slug?.value) window.django?.jQuery?.("#id_title").trigger("change");
}

/** Say what is not in the form, so that it can be copied by hand. */
function notPutBack(left) {
  const rows = left.map(({ label, words }) => element("li", {}, element("strong", {}, `${label}: `), words));
  return [element("p", {}, gettext("These could not be put back into the form; everything else is there. Save to keep it.")), element("ul", {}, ...rows)];
}

/** Delete a new article that was never saved. */
async function discardAll() {
  if (!window.confirm(gettext("Delete this article? It was never saved."))) return;
  isLeaving = true;
  clearTimeout(waiting);
  for (const key of keys(mine())) drop(key);
  await server.discardAll(base());
  document.dispatchEvent(new CustomEvent("form:discarded"));
  location.replace(location.pathname);
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
  const rows = rowsIn(atFirst);
  for (const type of ["input", "change"]) form.addEventListener(type, keepSoon);
  for (const type of ["formset:added", "formset:removed"]) document.addEventListener(type, keepSoon);
  window.django?.jQuery?.(form).on("change", "select", keepSoon); // a choice that is made by a search is announced only there
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
    if (detail.wasNew) drop(`${PREFIX}${facts.user}:${begun.NAME}:${here}`);
    const saved = ([name, words]) => [name, isRowsOf(name, detail.groups) ? words : (beingSaved[name] ?? words)];
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
  atFirst = { ...sent(), ...rows };
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
