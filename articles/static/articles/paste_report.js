/* Says what a paste has left out of the text or changed, with a way to see it. */

import { element, language, notice } from "../js/forms/desk.js";

/** For each kind, the words for a number of them, in the order in which they are said. */
const KINDS = {
  picture: (count) => ngettext("%(count)s picture was left out", "%(count)s pictures were left out", count),
  comment: (count) => ngettext("%(count)s comment was left out", "%(count)s comments were left out", count),
  deleted: (count) => ngettext("%(count)s deleted passage was left out", "%(count)s deleted passages were left out", count),
  link: (count) => ngettext("%(count)s link to nowhere became plain text", "%(count)s links to nowhere became plain text", count),
  footnote: (count) => ngettext("%(count)s footnote was put into parentheses", "%(count)s footnotes were put into parentheses", count),
  citation: (count) => ngettext("%(count)s citation became plain text: cite it with Cite", "%(count)s citations became plain text: cite them with Cite", count),
};

document.addEventListener("editor:pasted", ({ detail: { left } }) => {
  const place = notice("paste");
  const kinds = Object.keys(KINDS).filter((kind) => left.some(([of]) => of === kind));
  const said = kinds.map((kind) => {
    const count = left.filter(([of]) => of === kind).length;
    return interpolate(KINDS[kind](count), { count: count.toLocaleString(language) }, true);
  });
  const close = element("button", { type: "button", className: "button quiet-button", onclick: () => place.replaceChildren() }, gettext("Close"));
  const list = element("ul", {}, ...left.map(([, words]) => element("li", {}, words)));
  place.replaceChildren(
    element("p", {}, element("strong", {}, gettext("Pasted")), `: ${said.join("; ")}.`),
    element("details", {}, element("summary", {}, gettext("Show them")), list),
    element("p", { className: "notice-buttons" }, close),
  );
});
