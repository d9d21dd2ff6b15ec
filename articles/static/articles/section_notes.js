/* Shows the contents of each folded section beside its heading, such as “3 sources” or “no safety note yet”. */

import { facts, forEachEditor, language, textIn } from "../js/forms/desk.js";

const form = document.querySelector("#article_form");
const field = (name) => form.querySelector(`#id_${name}`);
const has = (name) => Boolean(field(name) && textIn(field(name)).replace(/<[^>]*>|&nbsp;/g, "").trim());
const listed = (words) => new Intl.ListFormat(language).format(words.filter(Boolean));

/** Return the texts of the choices in the rows of an inline, without empty rows and rows to be deleted. */
function rows(prefix, name) {
  // A locked text shows its rows without choosers.
  const fixed = form.querySelectorAll(`#${prefix}-group .has_original .field-${name} .readonly`);
  if (fixed.length) return Array.from(fixed, (shown) => shown.textContent.trim());
  return Array.from(form.querySelectorAll(`select[name^="${prefix}-"][name$="-${name}"]`))
    .filter((select) => !select.name.includes("__prefix__") && select.value)
    .filter((select) => !form.querySelector(`input[name="${select.name.replace(/[^-]+$/, "DELETE")}"]:checked`))
    .map((select) => select.selectedOptions[0].textContent.trim());
}

function counted(count, none, message) {
  return count ? interpolate(message, { count: count.toLocaleString(language) }, true) : none;
}

function messages() {
  const count = field("key_messages").value.split("\n").filter((line) => line.trim()).length;
  return counted(count, gettext("none yet"), ngettext("%(count)s message", "%(count)s messages", count));
}

function safety() {
  const note = has("safety_note") ? gettext("safety note") : gettext("no safety note yet");
  return has("disclosure") ? `${note} · ${gettext("disclosure")}` : note;
}

function picture() {
  const cleared = form.querySelector("[name='hero_image-clear']:checked");
  const chosen = form.querySelector(".field-hero_image input[type=file]")?.value || (!cleared && form.querySelector(".field-hero_image a"));
  if (!chosen) return gettext("no picture yet");
  return has("hero_alt") ? gettext("picture") : gettext("picture without alternative text");
}

function topics() {
  const boxes = Array.from(form.querySelectorAll("[name=topics]:checked"), (box) => box.parentElement.textContent.trim());
  return boxes.length ? listed(boxes) : gettext("no topic yet");
}

function sources() {
  const count = rows("article_sources", "source").length;
  return counted(count, gettext("none yet"), ngettext("%(count)s source", "%(count)s sources", count));
}

function products() {
  const count = rows("recommendations", "product").length;
  return counted(count, gettext("none"), ngettext("%(count)s product", "%(count)s products", count));
}

/** Return how many reviewers there are. Stored rows show a name instead of a chooser. */
function reviewers() {
  const stored = form.querySelectorAll("#panel-group .has_original:not(:has(input[name$='-DELETE']:checked))").length;
  const added = form.querySelectorAll("#panel-group .inline-related:not(.has_original) select[name$='-advisor']");
  const count = stored + Array.from(added).filter((select) => !select.name.includes("__prefix__") && select.value).length;
  return counted(count, gettext("nobody yet"), ngettext("%(count)s reviewer", "%(count)s reviewers", count));
}

/** The first save of a new article puts its writer on the byline, if there is nobody else. */
function ownName() {
  if (facts?.article !== "new" || !facts.author) return gettext("nobody yet");
  return interpolate(gettext("%(name)s, once it is saved"), { name: facts.author }, true);
}

/** For each section, a selector of an element in it and the function that describes its contents. */
const SECTIONS = [
  ["#id_key_messages", messages],
  ["#id_disclosure", safety],
  [".field-hero_alt", picture],
  ["#id_topics", topics],
  ["#authorships-group summary", () => listed(rows("authorships", "author")) || ownName()],
  ["#article_sources-group summary", sources],
  ["#recommendations-group summary", products],
  ["#panel-group summary", reviewers],
];

function showAll() {
  for (const [inside, describe] of SECTIONS) {
    const summary = form.querySelector(inside)?.closest("details")?.querySelector("summary");
    if (!summary) continue;
    let place = summary.querySelector(".section-note");
    if (!place) {
      place = Object.assign(document.createElement("span"), { className: "section-note" });
      summary.append(place);
    }
    const words = describe();
    if (place.textContent !== words) place.textContent = words;
  }
}

let waiting = 0;
function showSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(showAll, 200);
}

if (form) {
  for (const event of ["input", "change", "formset:added", "formset:removed", "formset:replaced"]) form.addEventListener(event, showSoon);
  document.addEventListener("article:sources", showSoon);
  // The choosers in the rows announce a choice only by jQuery.
  window.django?.jQuery?.(form).on("change", showSoon);
  forEachEditor((editor) => editor.on("change", showSoon));
  showAll();
}
