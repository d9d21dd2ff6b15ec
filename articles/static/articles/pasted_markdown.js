/* Offers to format text that was pasted with the marks of Markdown. The offer ends with the next change of the text. */

import { element, facts, form, notice } from "../js/forms/desk.js";

/** What text without any Markdown rarely has. The server decides (manuscripts.reading.typed_text). */
const SIGNS = /^#{1,6} \S|\*\*\S|\]\((?:https?:|mailto:|\/)|^[-:| ]*---|^\[\^/m;
const PATIENCE = 10_000;

async function formatted(text) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, text });
  try {
    const answer = await fetch(facts.formattedUrl, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? await answer.json() : { html: "" };
  } catch {
    return { html: "" }; // Without a connection, the text stays as it was pasted.
  }
}

/** Put HTML in the place of what was just pasted. One step back in the history gives the pasted text back. */
function replacePasted(editor, html) {
  const pasted = editor.getSnapshot();
  editor.execCommand("undo");
  editor.fire("lockSnapshot", { dontUpdate: true });
  editor.insertHtml(html);
  const formatted = editor.getSnapshot();
  const place = editor.getSelection().createBookmarks2(true);
  editor.loadSnapshot(pasted);
  editor.fire("unlockSnapshot");
  editor.fire("saveSnapshot");
  editor.loadSnapshot(formatted);
  editor.getSelection().selectBookmarks(place);
  editor.fire("saveSnapshot");
}

function offer(editor, pasted, { html, left }) {
  const place = notice("markdown");
  const close = () => {
    place.replaceChildren();
    editor.removeListener("change", onChange);
  };
  const onChange = () => editor.getData() !== pasted && close();
  const format = () => {
    close();
    editor.focus();
    replacePasted(editor, html);
    if (left.length) document.dispatchEvent(new CustomEvent("editor:pasted", { detail: { left } }));
  };
  place.replaceChildren(
    element("p", {}, element("strong", {}, gettext("This looks like Markdown.")), " ", gettext("Its headings, lists, links and tables can become formatting.")),
    element(
      "p",
      { className: "notice-buttons" },
      element("button", { type: "button", className: "button", onclick: format }, gettext("Format it")),
      element("button", { type: "button", className: "button quiet-button", onclick: close }, gettext("Leave it as it is")),
    ),
  );
  editor.on("change", onChange);
}

document.addEventListener("editor:pasted-text", async ({ detail: { editor, text } }) => {
  if (!SIGNS.test(text)) return;
  const pasted = editor.getData();
  const found = await formatted(text);
  if (found.html && editor.getData() === pasted) offer(editor, pasted, found);
});
