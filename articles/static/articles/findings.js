/* Editorial checks beside the text: asked for as it is typed, shown where they are found, answered in a line. */

const form = document.querySelector("#article_form");
const panel = document.querySelector("#checks[data-url]");
const LEVELS = ["blocker", "warning", "advice"];

/** Every text node under `root` outside citation marks, joined: the text, and where each character of it stands. */
function readText(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("sup[data-cite]")) continue;
    for (let at = 0; at < node.data.length; at += 1) {
      const isSpace = /[\s\u200b]/.test(node.data[at]);
      if (isSpace && text.endsWith(" ")) continue;
      text += isSpace ? " " : node.data[at];
      places.push([node, at]);
    }
  }
  return { text, places };
}

/** Where a passage stands in a text that was read, as a range; null where it does not. */
function rangeOf({ text, places }, passage) {
  const words = passage.replace(/[\s\u200b]+/g, " ").trim();
  const start = words ? text.indexOf(words) : -1;
  if (start < 0) return null;
  const [first, last] = [places[start], places[start + words.length - 1]];
  const range = first[0].ownerDocument.createRange();
  range.setStart(first[0], first[1]);
  range.setEnd(last[0], last[1] + 1);
  return range;
}

/** Mark in each editor what the panel lists. The text itself is not touched: these are the browser's highlights. */
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

/** Whether somebody is in the middle of answering a warning: then the list waits. */
const isAnswering = () => [...(panel?.querySelectorAll("textarea") ?? [])].some((field) => field.value.trim());

/** The article's form as it now stands in the browser, with the text of the editors and without the picture's file. */
function typedForm() {
  for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) editor.updateElement();
  const body = new FormData(form);
  body.delete("hero_image");
  const picture = form.querySelector(".field-hero_image a") ?? form.querySelector(".field-hero_image input[type=file]")?.value;
  if (picture) body.set("has_hero", form.querySelector("[name='hero_image-clear']:checked") ? "" : "1");
  return body;
}

/** Ask for the checks on the text as it now stands, and put the answer in the panel. */
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

/** Scroll to the passage and select it: in an editor where it stands there, else in its own field. */
function showPassage(passage) {
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
    return;
  }
  for (const field of form.querySelectorAll("textarea, input[type=text]")) {
    if (!field.value.includes(passage)) continue;
    field.closest("details")?.setAttribute("open", "");
    if (field.offsetParent === null) continue;
    field.focus();
    const start = field.value.indexOf(passage);
    field.setSelectionRange(start, start + passage.length);
    return;
  }
}

/** Send an answer without leaving the text; what is refused is said beside it, and nothing typed is lost. The article's
 * form goes with it, because the warning may be about words that are not saved yet. */
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
