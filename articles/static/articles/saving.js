/* Save the form without leaving the page: the caret, the scroll position, the undo history and open sections stay.

   The server answers with JSON (articles/admin/saving_in_place.py). If both versions of a text have to be shown, the form
   is posted again as a browser does without a script. */

import { accept, editorOf, element, facts, form, isRefused, notice } from "../js/forms/desk.js";
import { calm, maySave } from "../js/forms/session.js";
import { clearErrors, showErrors } from "./field_errors.js";
import { refresh } from "./refreshing.js";

/** How long a save may take before the page says that the server does not answer, in milliseconds. */
const PATIENCE = 60_000;

const button = document.querySelector(".bar .save");
let isUnsaved = isRefused;
let isSaving = false;
let isAgain = false;
/** Whether the page says that the server did not answer. */
let isUnanswered = false;

/** Return whether the form has unsaved changes. A form that came back with an error has them from the start. */
export const isDirty = () => isUnsaved;

export function markDirty() {
  if (!isUnsaved) document.dispatchEvent(new CustomEvent("form:dirty"));
  isUnsaved = true;
}

export function markSaved() {
  isUnsaved = false;
}

/** Save the form, and return whether everything is saved.
 *
 * A second press during a save counts only if something was typed after the first. */
export async function saveInPlace() {
  if (isSaving) {
    isAgain = true;
    return false;
  }
  isSaving = true;
  await merged();
  do {
    isAgain = false;
    await save();
  } while (isAgain && isUnsaved);
  isSaving = false;
  return !isUnsaved;
}

/** Resolves once the changes that only somebody else has made are in the form (conflict.js). */
function merged() {
  const conflict = document.querySelector(".conflict");
  if (!conflict || conflict.dataset.isMerged) return null;
  return new Promise((resolve) => document.addEventListener("conflict:merged", resolve, { once: true }));
}

async function save() {
  say(gettext("Saving…"));
  const groups = groupsWithNewRows();
  const body = formData();
  markSaved();
  document.dispatchEvent(new CustomEvent("form:saving"));
  // A row that is added while its siblings get their keys would be lost.
  for (const group of groups) group.inert = true;
  const outcome = await send(body);
  for (const group of groups) group.inert = false;
  if (outcome) {
    take(outcome, body);
    return;
  }
  isUnsaved = true;
  say("");
  document.dispatchEvent(new CustomEvent("form:not-saved"));
}

/** Return the present contents of the form, with the text of the editors. */
function formData() {
  for (const field of form.querySelectorAll("textarea[data-type=ckeditortype]")) {
    const editor = editorOf(field);
    editor?.updateElement();
    editor?.resetDirty();
  }
  const body = new FormData(form, button);
  body.set("_in_place", "1");
  return body;
}

const groupsWithNewRows = () =>
  Array.from(form.querySelectorAll(".js-inline-admin-formset")).filter((group) =>
    group.querySelector(".inline-related:not(.has_original, .empty-form), input[name$='-DELETE']:checked"),
  );

/** Post the form. Return what was saved, or null if nothing was; the page then says why. */
async function send(body, isSecond = false) {
  let answer;
  try {
    answer = await fetch(location.href, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) return await answer.json();
  } catch {
    isUnanswered = true;
    if (await maySave()) trouble(gettext("Not saved: the server did not answer. Your words are kept in this browser; save again in a moment."));
    return null;
  }
  if (answer.status === 422) {
    const { errors } = await answer.json();
    showErrors(errors);
    return null;
  }
  if (answer.type === "opaqueredirect" || answer.status === 403) {
    if (!(await maySave())) return null;
    if (!isSecond) {
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      return send(body, true);
    }
  }
  if (answer.status === 409 || answer.type === "opaqueredirect") {
    form.requestSubmit(button);
    return null;
  }
  const message = gettext("Not saved: the server answered with an error (%(status)s). Your words are kept in this browser; save again in a moment.");
  trouble(interpolate(message, { status: answer.status }, true));
  return null;
}

/** Bring the page up to date with what was saved. */
function take(saved, body) {
  const wasNew = facts.article === "new";
  clearErrors();
  calm();
  accept();
  trouble("");
  for (const left of document.querySelectorAll(".conflict, .messagelist")) left.remove();
  form.elements.seen_version.value = saved.version;
  // Actions refuse a revision that was not seen, and one may be pressed before the panels are loaded again.
  for (const seen of [form.elements.seen_revision, ...document.querySelectorAll(".verbs .verb-form [name$='-seen']")]) {
    if (seen) seen.value = saved.revision ?? "";
  }
  Object.assign(facts, { version: saved.version, savedBy: saved.by, savedByName: saved.by_name });
  for (const [prefix, html] of Object.entries(saved.groups)) replaceGroup(prefix, html);
  const picture = form.elements.hero_image;
  if (picture && picture.files[0] === body.get("hero_image")) picture.value = "";
  if (wasNew) settle(saved.address);
  document.dispatchEvent(new CustomEvent("form:saved", { detail: { wasNew, groups: Object.keys(saved.groups) } }));
  say([interpolate(gettext("Saved %(time)s"), { time: saved.at }, true), ...saved.messages].join(". "));
  refresh();
}

/** Give the page of a new article its address. */
function settle(address) {
  history.replaceState(history.state, "", address);
  facts.article = address.match(/(\d+)\/change\/$/)[1];
  facts.autosaveUrl = address.replace(/change\/$/, "autosave/");
  document.getElementById("cite").dataset.article = facts.article;
  window.django?.jQuery?.("#id_slug").trigger("change"); // so that the title does not fill it in any longer
}

/** Replace the rows of an inline, and do what Django's scripts do when a page is loaded. */
function replaceGroup(prefix, html) {
  const old = document.getElementById(`${prefix}-group`);
  const made = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  const isOpen = old.querySelector("details")?.open ?? false;
  old.replaceWith(made);
  if (made.querySelector("details")) made.querySelector("details").open = isOpen;
  const { jQuery } = window.django;
  const { name, options } = JSON.parse(made.dataset.inlineFormset);
  const rows = `${name}-group .inline-related`;
  jQuery(rows).stackedFormset(rows, options);
  jQuery(made).find(".admin-autocomplete").not("[name*=__prefix__]").djangoAdminSelect2();
  made.dispatchEvent(new CustomEvent("formset:replaced", { bubbles: true }));
}

/** Say where unsaved text is kept. */
function sayOfDraft({ detail: { state, at } }) {
  const messages = {
    kept: gettext("Not saved yet. Draft kept %(time)s"),
    offline: gettext("Not saved: no connection. Kept in this browser."),
    elsewhere: gettext("Not saved. Kept in this browser only, until you decide about what you typed elsewhere."),
    refused: gettext("Not saved. Too long to be kept on the server; kept in this browser."),
  };
  if (isUnsaved && !isSaving && messages[state]) say(interpolate(messages[state], { time: at }, true));
}

document.addEventListener("form:draft", sayOfDraft);
document.addEventListener("form:reached", () => {
  if (isUnanswered) trouble("");
  isUnanswered = false;
});

function say(words) {
  const place = document.getElementById("save-status");
  if (place.textContent !== words) place.textContent = words;
}

function trouble(words) {
  const place = notice("save", { urgent: true });
  place.replaceChildren(...(words ? [element("p", {}, words)] : []));
}
