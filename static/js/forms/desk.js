/* Functions that the scripts of an admin form share: facts about it, its text fields, and the place for notices. */

/** The language of the page, for dates, numbers and lists. */
export const language = document.documentElement.lang;

/** The user, the row that is open, and the URLs to request (templates: admin/_kept_form.html; _preview.html for articles). */
export const facts = document.querySelector("#desk-facts")?.dataset;

/** The form whose text is copied; null if the page only checks the session before its forms are sent. */
export const form = facts ? document.getElementById(facts.form) : null;

/** Whether the form came back with errors, so that its contents are not saved. */
export let isRefused = document.querySelector(".errornote, .conflict, .paste .errorlist, .report-page .refused") !== null;

/** Note that the refused contents have been saved since, without another page. */
export function accept() {
  isRefused = false;
}

const TYPED =
  'textarea:not([hidden]), input:is(:not([type]), [type="text"], [type="url"], [type="number"], [type="email"], [type="date"])';

/** The editor of a textarea, once it can be read. */
export function editorOf(field) {
  const editor = window.CKEDITOR?.instances[field.id];
  return editor?.status === "ready" ? editor : null;
}

/** Call `then` for each editor, including those that are added later. */
export function forEachEditor(then) {
  if (!window.CKEDITOR) return;
  for (const editor of Object.values(window.CKEDITOR.instances)) if (editor.status === "ready") then(editor);
  window.CKEDITOR.on("instanceReady", ({ editor }) => then(editor));
}

/** Resolves when every editor of the form can be read. */
export function editorsReady() {
  const waiting = () => Array.from(form.querySelectorAll("textarea[data-type=ckeditortype]")).some((field) => !editorOf(field));
  return new Promise((resolve) => {
    if (!waiting() || !window.CKEDITOR) {
      resolve();
      return;
    }
    // In braces, so that nothing is returned: CKEditor stops an event if a listener returns false.
    window.CKEDITOR.on("instanceReady", () => {
      if (!waiting()) resolve();
    });
  });
}

/** The fields in which people type, by name. */
export function textFields() {
  const fields = Array.from(form.querySelectorAll(TYPED));
  return new Map(
    fields
      .filter((field) => field.name && !field.name.includes("__prefix__") && !field.name.endsWith("_FORMS"))
      .map((field) => [field.name, field]),
  );
}

/** Return a text with uniform line breaks and without white space at either end. */
export const stripped = (words) => words.replaceAll("\r\n", "\n").trim();

/** Return the present value of a field. */
export function textIn(field) {
  return stripped(editorOf(field)?.getData() ?? field.value);
}

/** Return the label of a field. */
export function labelOf(field) {
  return form.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.textContent.trim().replace(/:$/, "") ?? field.name;
}

/** Return a time such as “28 November 2026, 14:32” in the newsroom's time zone, as the server formats it. */
export function when(moment) {
  const at = new Date(moment);
  const { zone: timeZone } = document.querySelector("[data-zone]").dataset;
  const day = at.toLocaleDateString(language, { day: "numeric", month: "long", year: "numeric", timeZone });
  return `${day}, ${at.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", timeZone })}`;
}

/** Return a new element with this tag, these properties and this content. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Return the parts of a translated message: its words, and `values` in place of %(name)s, which may be elements. */
export function parts(message, values) {
  return message.split(/%\((\w+)\)s/).map((part, place) => (place % 2 ? values[part] : part));
}

/** Return the place for notices below the bar. With `urgent`, screen readers are interrupted. */
export function notice(name, { urgent = false } = {}) {
  const id = `notice-${name}`;
  const found = document.getElementById(id);
  if (found) return found;
  const made = element("div", { id, className: `notice notice-${name}` });
  made.setAttribute("role", urgent ? "alert" : "status");
  if (urgent) places().prepend(made);
  else places().append(made);
  return made;
}

function places() {
  const found = document.querySelector(".notices");
  if (found) return found;
  const made = element("div", { className: "notices" });
  const bar = document.querySelector(".bar");
  if (bar) bar.append(made);
  else if (form) form.before(made);
  else document.querySelector("#content").prepend(made);
  return made;
}
