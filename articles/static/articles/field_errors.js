/* What the server has refused, at the fields that it is about, as Django's admin shows it. */

import { element, form } from "../js/forms/desk.js";

const ours = () => form.querySelectorAll(".is-from-save");

/** Takes away what was said of an earlier save, by this script or by the page as it was loaded. */
export function clearErrors() {
  for (const list of [...ours(), ...document.querySelectorAll("#content .errornote, #article_form .errorlist")]) list.remove();
  for (const row of form.querySelectorAll(".form-row.errors")) row.classList.remove("errors");
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

/** Shows each message at its field, its row or above the form, and moves to the first field. */
export function showErrors(errors) {
  clearErrors();
  const count = errors.reduce((sum, { messages }) => sum + messages.length, 0);
  const note = ngettext("Nothing was saved. Please correct the error below.", "Nothing was saved. Please correct the errors below.", count);
  const head = element("p", { className: "errornote is-from-save" }, note);
  head.setAttribute("role", "alert");
  form.prepend(head);
  for (const { at, messages } of errors) show(document.getElementById(at), messages, head);
  const first = form.querySelector(".errorlist")?.closest(".form-row, .inline-related, .inline-group") ?? head;
  first.scrollIntoView({ block: "center" });
  first.querySelector("textarea:not([data-type]), input:not([type=hidden]), select")?.focus({ preventScroll: true });
}

function show(field, messages, head) {
  const list = element("ul", { className: "errorlist is-from-save" }, ...messages.map((message) => element("li", {}, message)));
  for (let folded = field?.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
  if (!field) {
    head.after(list);
    return;
  }
  const row = field.closest(".form-row");
  if (row) {
    row.classList.add("errors");
    row.prepend(list);
    field.setAttribute("aria-invalid", "true");
    return;
  }
  // A row of an inline, by its hidden key, or the whole inline.
  const heading = (field.closest(".inline-related") ?? field).querySelector(":scope > h3, h2");
  (heading.closest("summary") ?? heading).after(list);
  field.querySelector?.("details")?.setAttribute("open", "");
}
