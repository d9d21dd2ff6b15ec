/* The list of what an article still needs: each open part leads to its field. Without this script, its links do too. */

import { showPassage } from "./findings.js";

const form = document.querySelector("#article_form");

/** Open the folded sections around this element, and return the element that can take the focus. */
function place(id) {
  const target = document.getElementById(id);
  if (!target) return null;
  for (let folded = target.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
  for (const folded of target.querySelectorAll(":scope > fieldset > details, :scope > details")) folded.open = true;
  if (target.matches("textarea, input, select")) return target;
  const best = [".add-row a", "input:not([type=hidden])", "summary"].map((kind) => target.querySelector(kind));
  return best.find(Boolean) ?? target;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#checks .readiness a, .briefing-missing a");
  if (!link || !form) return;
  const sheet = link.closest("details.verb");
  if (sheet) sheet.open = false;
  if (link.dataset.passage && showPassage(link.dataset.passage)) {
    event.preventDefault();
    return;
  }
  const id = link.hash.slice(1);
  const field = place(id);
  if (!field) return;
  event.preventDefault();
  const editor = window.CKEDITOR?.instances[id];
  (editor?.container?.$ ?? field.closest(".form-row, .inline-group") ?? field).scrollIntoView({ block: "center" });
  if (editor) editor.focus();
  else field.focus({ preventScroll: true });
});
