/* Full screen: title, standfirst and text alone, in the browser's full screen where it has one. Escape ends it.
   The line at the caret, or else what is at the top of the view, stays at the same height of the screen. */

import { forEachEditor } from "../js/forms/desk.js";

const ESCAPE = 27;
/** How long the page may move, in milliseconds, until the browser has shown the full screen. */
const SETTLES_WITHIN = 2_000;
const root = document.documentElement;
const isOn = () => root.classList.contains("is-full-screen");
let settling = null;

/** Return where something in an editor's text is on the screen, from the top of the window. */
const topOf = (editor, rectangle) => editor.window.$.frameElement.getBoundingClientRect().top + rectangle.top;

/** Return what is to stay in its place, as a function that says where it is now; null if no text is in sight. */
function anchor(editor) {
  const text = editor.document.$;
  const frame = editor.window.$.frameElement.getBoundingClientRect();
  const under = document.querySelector(`#cke_${editor.name} .cke_top`)?.getBoundingClientRect().bottom ?? 0;
  const selection = text.getSelection();
  const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
  const caret = range?.startContainer.nodeType === Node.TEXT_NODE ? range.getBoundingClientRect() : range?.startContainer.getBoundingClientRect?.();
  const isSeen = caret?.height && topOf(editor, caret) >= under && topOf(editor, caret) < window.innerHeight;
  if (isSeen && range.startContainer !== text.body) {
    const block = range.startContainer.nodeType === Node.TEXT_NODE ? range : range.startContainer;
    return () => topOf(editor, block.getBoundingClientRect());
  }
  if (frame.bottom < under || frame.top > window.innerHeight) return null;
  const top = Math.max(under, frame.top) + 8 - frame.top;
  const block = Array.from(text.body.children).find((one) => one.getBoundingClientRect().bottom > top);
  return block ? () => topOf(editor, block.getBoundingClientRect()) : null;
}

/** Keep something at the same height while the page is laid out anew, until nothing moves or the reader scrolls. */
function keep(where) {
  settling?.abort();
  if (!where) return;
  settling = new AbortController();
  const { signal } = settling;
  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(event, () => settling?.abort(), { signal, capture: true });
  const [wanted, began] = [where(), performance.now()];
  const look = () => {
    if (signal.aborted) return;
    const moved = where() - wanted;
    if (Math.abs(moved) >= 1) window.scrollBy({ top: moved, behavior: "instant" });
    if (performance.now() - began < SETTLES_WITHIN) requestAnimationFrame(look);
    else settling.abort();
  };
  requestAnimationFrame(look);
}

function show(on, editor = window.CKEDITOR?.instances.id_body) {
  if (on === isOn()) return;
  keep(editor?.document ? anchor(editor) : null);
  root.classList.toggle("is-full-screen", on);
  forEachEditor((one) => one.getCommand("fullscreen")?.setState(on ? 1 : 2)); // CKEditor's “on” and “off”
}

async function toggle(editor) {
  show(!isOn(), editor);
  editor.window.$.frameElement.focus({ preventScroll: true });
  if (isOn()) await root.requestFullscreen?.().catch(() => {});
  else if (document.fullscreenElement) await document.exitFullscreen();
  editor.focus();
}

if (document.querySelector("#article_form")) {
  document.addEventListener("editor:tool", ({ detail }) => detail.tool === "fullscreen" && toggle(detail.editor));
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement) show(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOn() && !document.querySelector("dialog[open], details.verb[open]")) show(false);
  });
  forEachEditor((editor) =>
    editor.on("key", ({ data }) => {
      if (data.keyCode === ESCAPE && isOn()) show(false);
    }),
  );
}
