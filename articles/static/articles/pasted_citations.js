/* Attaches the sources of citations that were pasted from another article or from its page, and says so. */

import { attach, attached } from "./attaching.js";
import { element, language, notice } from "../js/forms/desk.js";

const { named } = document.querySelector("#cite")?.dataset ?? {};
const PATIENCE = 10_000;
const lists = new Intl.ListFormat(language);

/** Return the sources with these keys, by the key asked for; null if the library does not answer. */
async function sourcesOf(keys) {
  const address = new URL(named, location.href);
  address.searchParams.set("keys", keys.join(" "));
  try {
    const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? (await answer.json()).sources : null;
  } catch {
    return null;
  }
}

/** Let the marks that name merged duplicates name the sources that stand for them. */
function rename(editor, sources) {
  for (const widget of Object.values(editor.widgets.instances)) {
    if (widget.name !== "citation") continue;
    const keys = widget.data.keys.split(" ").map((key) => sources[key]?.key ?? key);
    const joined = Array.from(new Set(keys)).join(" ");
    if (joined !== widget.data.keys) widget.setData("keys", joined);
  }
}

function said(added, unknown) {
  const sentences = [];
  if (added.length) {
    const message = ngettext("%(count)s source was added to this article: %(keys)s.", "%(count)s sources were added to this article: %(keys)s.", added.length);
    sentences.push(interpolate(message, { count: added.length.toLocaleString(language), keys: lists.format(added) }, true));
  }
  if (unknown.length) {
    const message = ngettext("%(count)s pasted citation names a source that is not in the library: %(keys)s.", "%(count)s sources of pasted citations are not in the library: %(keys)s.", unknown.length);
    sentences.push(interpolate(message, { count: unknown.length.toLocaleString(language), keys: lists.format(unknown) }, true));
  }
  return sentences.join(" ");
}

document.addEventListener("editor:pasted-citations", async ({ detail: { editor, keys } }) => {
  const there = attached();
  const wanted = keys.filter((key) => !there.includes(key));
  if (!named || !wanted.length) return;
  const sources = await sourcesOf(wanted);
  const place = notice("citations");
  const close = element("button", { type: "button", className: "button quiet-button", onclick: () => place.replaceChildren() }, gettext("Close"));
  const buttons = element("p", { className: "notice-buttons" }, close);
  if (!sources) {
    place.replaceChildren(element("p", {}, gettext("The sources of the pasted citations could not be added, because the library did not answer. Paste again, or add them under Sources.")), buttons);
    return;
  }
  const added = Object.values(sources).filter((source) => !there.includes(source.key));
  for (const source of added) attach(source);
  rename(editor, sources);
  document.dispatchEvent(new CustomEvent("article:sources"));
  const words = said(added.map(({ key }) => key), wanted.filter((key) => !sources[key]));
  place.replaceChildren(...(words ? [element("p", {}, words), buttons] : []));
});
