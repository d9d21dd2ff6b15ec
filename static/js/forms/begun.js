/* New articles that were begun and not saved. Each form has a key, which is in its address once something is typed. */

import { element, facts, when } from "./desk.js";

/** What the keys of copies of new articles begin with, in place of an article's number. */
export const PREFIX = "new-";

const PARAMETER = "begun";
const FIRST_WORDS = 60;
/** How many begun articles a form offers. The start page has them all. */
const MOST_OFFERED = 3;
const here = () => new URLSearchParams(location.search);
const given = here().get(PARAMETER) ?? "";

/** The key of this form, and its name in the keys of copies. */
export const KEY = /^[a-z0-9]{8,40}$/.test(given) ? given : `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 12)}`;
export const NAME = PREFIX + KEY;

/** Put the key into the address, so that the same form is found again after Back, a reload or a crash. */
export function claim() {
  if (facts.article !== "new" || here().get(PARAMETER) === KEY) return;
  const query = here();
  query.set(PARAMETER, KEY);
  history.replaceState(history.state, "", `?${query}`);
}

/** Leave a form that begins with another text for the blank form of the same key. Return whether the page does. */
export function goToBlank() {
  const query = here();
  if (Array.from(query.keys()).every((name) => name === PARAMETER)) return false;
  location.replace(`${location.pathname}?${PARAMETER}=${KEY}`);
  return true;
}

/** Return the first words of an HTML text, to stand for a title. */
function firstWords(html = "") {
  return new DOMParser().parseFromString(html, "text/html").body.textContent.trim().replace(/\s+/g, " ").slice(0, FIRST_WORDS);
}

/** Return the copies of other new articles in this browser: [{begun, title, at, key, copy}]. */
export function fromKeys(found) {
  return found
    .filter(({ copy }) => copy)
    .map(({ key, copy }) => ({ begun: key.split(":").at(-2).slice(PREFIX.length), title: copy.fields.title?.trim() || firstWords(copy.fields.body), at: copy.at, key, copy }));
}

/** Return the newest of each begun article but this one, newest first. */
export function newestOfEach(found) {
  const newest = new Map();
  for (const one of [...found].sort((a, b) => a.at - b.at)) if (one.begun && one.begun !== KEY) newest.set(one.begun, one);
  return Array.from(newest.values()).reverse();
}

/** Return the notice of these articles: each of the first leads to its own form, and the start page has the others. */
export function offers(rows) {
  const others = rows.length - MOST_OFFERED;
  const more = others > 0 ? [element("p", { className: "notice-begun" }, element("a", { href: facts.homeUrl }, moreWords(others)))] : [];
  return [...rows.slice(0, MOST_OFFERED).map(offer), ...more];
}

const moreWords = (count) => interpolate(ngettext("%(count)s more unsaved article on the start page", "%(count)s more unsaved articles on the start page", count), { count }, true);

function offer({ begun, title, at }) {
  const words = title
    ? interpolate(gettext("Unsaved article “%(title)s”, typed %(time)s."), { title, time: when(at) }, true)
    : interpolate(gettext("Unsaved article without a title, typed %(time)s."), { time: when(at) }, true);
  const link = element("a", { className: "button", href: `${location.pathname}?${PARAMETER}=${encodeURIComponent(begun)}` }, gettext("Go on with it"));
  return element("p", { className: "notice-begun" }, words, " ", link);
}
