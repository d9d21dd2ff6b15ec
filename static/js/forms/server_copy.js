/* What is typed, kept on the server too, so that it can be taken up on any device. Only an article's form has it. */

import * as begun from "./begun.js";
import { element, facts, form } from "./desk.js";
import { isSignedIn } from "./session.js";

/** How long after the last change of the browser's copy it is sent, in milliseconds, and how long at most. */
const PAUSE = 1_200;
const LONGEST = 8_000;
/** How long to wait before trying again, in milliseconds: doubled after each failure, up to the last. */
const AGAIN = 2_000;
const AGAIN_AT_MOST = 30_000;
const PATIENCE = 20_000;
/** How long the offer of the browser's copy waits for the server's, in milliseconds. */
const PATIENCE_TO_FIND = 5_000;
/** Browsers refuse more than this from a page that is being left, in bytes. */
const LAST_WORDS = 60_000;

/** The form of a new article says which one it is. */
const url = () => (facts.article === "new" ? `${facts.autosaveUrl}?begun=${begun.KEY}` : facts.autosaveUrl);
let otherForms = [];
let here = "";
let seen = "";
let next = null;
let isRunning = false;
let hasKept = false;
let wait = AGAIN;
let timer = 0;
let since = 0;

export const isOffered = () => Boolean(form && facts?.autosaveUrl);

/** Says which page this is. Call it before anything else. A save tells the server, which then deletes what is kept. */
export function begin(page) {
  here = page;
  if (!isOffered()) return;
  for (const [name, value] of [["window", here], ["taken_up", ""]]) form.append(element("input", { type: "hidden", name, value }));
  window.addEventListener("online", () => next && flush());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flushLeaving());
  window.addEventListener("pagehide", flushLeaving);
}

/** What this person has typed and not saved: {at, base, fields, window, digest}, or null. */
export async function find() {
  if (!isOffered()) return null;
  try {
    const answer = await fetch(url(), { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_TO_FIND) });
    if (!answer.ok) return null;
    const { copy, others = [] } = await answer.json();
    otherForms = others.map(read);
    return read(copy);
  } catch {
    return null; // Without a connection, the browser's copy is all there is.
  }
}

/** The other new articles that this person has begun, as they were when `find` asked: [{begun, title, at}]. */
export const others = () => otherForms;

const read = (copy) => copy && { ...copy, at: Date.now() - copy.age * 1000 };

/** The person has decided about what another page has kept: it may be replaced. */
export function decide(copy) {
  seen = copy.digest;
  form.elements.taken_up.value = seen;
}

/** Keeps these fields in a moment; none: what was kept is deleted. */
export function keepSoon(fields, base) {
  if (!isOffered()) return;
  if (!Object.keys(fields).length && !hasKept && !isRunning && !next) return;
  next = { fields, base };
  since ||= performance.now();
  clearTimeout(timer);
  timer = setTimeout(flush, Math.max(0, Math.min(PAUSE, since + LONGEST - performance.now())));
}

/** Deletes what was kept elsewhere and is not wanted. */
export function discard(copy) {
  decide(copy);
  next = { fields: {}, base: copy.base };
  flush();
}

/** Deletes what was kept of this form, and returns once the server has answered. */
export async function discardAll(base) {
  hold();
  await send({ fields: {}, base });
}

/** Forgets what waits to be kept: it is being saved. */
export function hold() {
  clearTimeout(timer);
  next = null;
  since = 0;
}

/** The save has deleted what was kept, unless it was still on its way. */
export function settle() {
  hasKept = isRunning;
}

function bodyOf({ fields, base }) {
  const csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
  return new URLSearchParams({ csrfmiddlewaretoken, window: here, seen, base, fields: JSON.stringify(fields) });
}

async function flush() {
  clearTimeout(timer);
  since = 0;
  if (isRunning || !next) return;
  isRunning = true;
  const copy = next;
  next = null;
  const outcome = await send(copy);
  isRunning = false;
  if (outcome === "again") {
    next ??= copy;
    timer = setTimeout(flush, wait);
    wait = Math.min(2 * wait, AGAIN_AT_MOST);
    return;
  }
  wait = AGAIN;
  if (next) flush();
}

/** Sends it; returns "again" where it has to be tried again. */
async function send(copy) {
  let answer;
  try {
    if (!(await isSignedIn())) return "again";
    answer = await fetch(url(), { method: "POST", body: bodyOf(copy), redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    tell("offline");
    return "again";
  }
  if (answer.ok) {
    document.dispatchEvent(new CustomEvent("form:reached"));
    const { at, digest } = await answer.json();
    hasKept = Boolean(digest);
    tell(digest ? "kept" : "none", { at });
    return "kept";
  }
  if (answer.status === 409) {
    tell("elsewhere", { copy: read((await answer.json()).copy) });
    return "refused";
  }
  if (answer.status === 413 || answer.status === 400) {
    tell("refused");
    return "refused";
  }
  if (answer.status >= 500) tell("offline");
  else document.dispatchEvent(new CustomEvent("form:session-doubt"));
  return "again";
}

/** A page that is left or put aside sends what waits, if it is short enough; the browser's copy has it in any case. */
function flushLeaving() {
  if (!next) return;
  const body = bodyOf(next);
  if (body.toString().length > LAST_WORDS) {
    flush();
    return;
  }
  hasKept = true;
  fetch(url(), { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
}

function tell(state, detail = {}) {
  document.dispatchEvent(new CustomEvent("form:draft", { detail: { state, ...detail } }));
}
