/* The comparison of unsaved words with those in the form, passage by passage as in the comparison of two revisions. */

import { element, facts, form } from "./desk.js";

const PATIENCE = 10_000;

/** Return what shows these differences (typed.js): of an article only the passages that differ, with marks. */
export async function comparison(differences) {
  if (facts.compareUrl) {
    const texts = JSON.stringify(differences.map(({ name, label, words, now }) => ({ name, label, unsaved: words, now })));
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, texts });
    try {
      const answer = await fetch(facts.compareUrl, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok) return new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes;
    } catch {
      // Without a connection, both texts are shown as they are.
    }
  }
  return differences.map(sides);
}

function plain(words) {
  if (!/<\w/.test(words)) return words;
  const holder = new DOMParser().parseFromString(words.replace(/<\/(p|li|h\d|tr|blockquote|caption)>/g, "$&\n\n"), "text/html");
  return holder.body.textContent.replace(/\n{3,}/g, "\n\n").trim();
}

function sides({ label, words, now }) {
  const side = (title, text) => {
    const pre = element("pre", { tabIndex: 0 }, text || gettext("(empty)"));
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", `${label}: ${title}`);
    return element("div", {}, element("h3", {}, title), pre);
  };
  return element(
    "div",
    { className: "conflict-field" },
    element("h2", {}, label),
    element("div", { className: "sides" }, side(gettext("Unsaved"), plain(words)), side(gettext("In the form now"), plain(now))),
  );
}
