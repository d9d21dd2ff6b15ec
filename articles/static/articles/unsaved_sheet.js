/* An action uses the saved text. If the form has changes that are not saved, it offers to save them first. */

import { element } from "../js/forms/desk.js";
import { isDirty, markSaved, saveInPlace } from "./saving.js";

/** The actions that send the text itself to others: an older text than the one in the form is never sent. */
const SENDS_THE_TEXT = /\/do\/(submit|renew)\/$/;

const button = (label, value, className) => element("button", { type: "submit", className, value }, label);

/** Ask what to do. Resolves with "save", "without" or "". */
function ask(sends) {
  const save = sends ? gettext("Save and submit") : gettext("Save and go on");
  const choices = [button(save, "save", "button"), button(gettext("Cancel"), "", "button quiet-button")];
  if (!sends) choices.splice(1, 0, button(gettext("Go on without saving"), "without", "button quiet-button"));
  const title = element("h2", { id: "unsaved-title" }, gettext("The text has changes that are not saved"));
  const words = sends
    ? gettext("They are saved first, and the board gets the text as it stands in the form now.")
    : gettext("The action uses the saved text.");
  const dialog = element(
    "dialog",
    { className: "unsaved-sheet" },
    element("form", { method: "dialog" }, title, element("p", {}, words), element("p", { className: "notice-buttons" }, ...choices)),
  );
  dialog.setAttribute("aria-labelledby", "unsaved-title");
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}

async function goOn(form, submitter) {
  const answer = await ask(SENDS_THE_TEXT.test(form.action));
  if (answer === "save" && !(await saveInPlace())) return; // the page says why
  if (answer === "without") markSaved();
  if (answer) form.requestSubmit(submitter);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".verb-form")) return;
  if (!isDirty()) return;
  event.preventDefault();
  goOn(event.target, event.submitter);
});
