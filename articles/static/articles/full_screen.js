/* Full screen: title, standfirst and text alone, in the browser's full screen where it has one. Escape ends it. */

import { forEachEditor } from "../js/forms/desk.js";

const ESCAPE = 27;
const root = document.documentElement;
const isOn = () => root.classList.contains("is-full-screen");

function show(on) {
  root.classList.toggle("is-full-screen", on);
  forEachEditor((editor) => editor.getCommand("fullscreen")?.setState(on ? 1 : 2)); // CKEditor's “on” and “off”
}

async function toggle(editor) {
  show(!isOn());
  if (isOn()) await root.requestFullscreen?.().catch(() => {});
  else if (document.fullscreenElement) await document.exitFullscreen();
  editor.focus();
  editor.getSelection()?.scrollIntoView();
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
