/* Editorial checks beside the text: requested while the writer types, marked in the text, and answered in one line. */

import { rangeOf, readText } from "./passages.js";

const form = document.querySelector("#article_form");
const panel = document.querySelector("#checks[data-url]");
const LEVELS = ["blocker", "warning", "advice"];

/** Mark in each editor what the panel lists. The browser's highlights do not change the text. */
export function showFindings() {
  const found = [...document.querySelectorAll("#checks-list .jump")].map((button) => [
    button.dataset.level,
    button.dataset.passage,
  ]);
  for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) {
    const frame = editor.window?.$;
    const body = editor.document?.$?.body; // none while the editor loads or shows its source
    if (!body || !frame?.CSS?.highlights) continue;
    const read = readText(body);
    for (const level of LEVELS) {
      const ranges = found.filter(([of]) => of === level).map(([, passage]) => rangeOf(read, passage));
      frame.CSS.highlights.set(`finding-${level}`, new frame.Highlight(...ranges.filter(Boolean)));
    }
  }
}

/** Whether an answer to a warning is being typed; the list is then not replaced. */
const isAnswering = () => [...(panel?.querySelectorAll("textarea") ?? [])].some((field) => field.value.trim());

/** Return the article's form as it is now in the browser, with the text of the editors and without the picture file. */
function typedForm() {
  for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) editor.updateElement();
  const body = new FormData(form);
  body.delete("hero_image");
  const picture = form.querySelector(".field-hero_image a") ?? form.querySelector(".field-hero_image input[type=file]")?.value;
  if (picture) body.set("has_hero", form.querySelector("[name='hero_image-clear']:checked") ? "" : "1");
  return body;
}

/** Request the checks of the current text, and show the answer in the panel. */
async function check() {
  if (!panel || !document.querySelector("#id_body") || isAnswering()) return;
  const body = typedForm();
  const answer = await fetch(panel.dataset.url, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || answer.redirected || isAnswering()) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#checks");
  if (!found) return;
  panel.replaceChildren(...found.childNodes);
  showFindings();
}

let checking = 0;
export function checkSoon(wait = 1200) {
  clearTimeout(checking);
  checking = setTimeout(check, wait);
}

/** Scroll to the passage and select it, in the editor or the field that contains it. Return whether it was found. */
export function showPassage(passage) {
  for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) {
    const mark = editor.document?.findOne(`sup[data-cite~="${CSS.escape(passage)}"]`);
    const body = editor.document?.$?.body;
    const range = mark || !body ? null : rangeOf(readText(body), passage);
    if (!mark && !range) continue;
    document.querySelector(`#${editor.name}`)?.closest("details")?.setAttribute("open", "");
    editor.focus();
    if (mark) {
      editor.getSelection().selectElement(mark);
    } else {
      const selection = editor.window.$.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
    }
    (mark?.$ ?? range.startContainer.parentElement).scrollIntoView({ block: "center" });
    editor.container.$.scrollIntoView({ block: "nearest" });
    return true;
  }
  for (const field of form.querySelectorAll("textarea, input[type=text]")) {
    if (!field.value.includes(passage)) continue;
    field.closest("details")?.setAttribute("open", "");
    if (field.offsetParent === null) continue;
    field.focus();
    const start = field.value.indexOf(passage);
    field.setSelectionRange(start, start + passage.length);
    return true;
  }
  return false;
}

/** Send an answer without leaving the page. A refusal is shown beside it, and nothing typed is lost. The article's form
 * is sent too, because the warning may be about unsaved text. */
async function sendAnswer(sheet, button) {
  const body = typedForm();
  for (const [name, value] of new FormData(sheet, button)) body.set(name, value);
  const answer = await fetch(sheet.action, { method: "POST", body, headers: { "X-Panel": "1" } }).catch(() => null);
  if (answer?.status === 204) {
    for (const field of sheet.querySelectorAll("textarea")) field.value = "";
    checkSoon(0);
    return;
  }
  sheet.querySelector("[role=alert]").textContent =
    answer?.status === 409 ? await answer.text() : gettext("This could not be saved: the server did not answer as it should. Try again.");
}

if (panel && form) {
  panel.addEventListener("click", (event) => {
    const button = event.target.closest(".jump");
    if (button) showPassage(button.dataset.passage);
  });
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAnswer(event.target, event.submitter);
  });
}
