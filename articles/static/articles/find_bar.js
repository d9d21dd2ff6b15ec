/* Find and replace, in a row of the bar. The browser's highlights mark what is found, so the text is not changed by it.
   A replacement keeps the formatting around the passage and the citation marks inside it. */

import { readText, rangeBetween } from "./passages.js";

/** More matches than these are counted, but not marked. */
const MOST_MARKED = 2_000;

const bar = document.querySelector("#find-bar");

if (bar) {
  const [words, replacement] = [bar.elements.find, bar.elements.replacement];
  const count = bar.querySelector("output");
  /** The matches in the order of the page: the editor, its text as it was read, and the first and last character. */
  let matches = [];
  let here = -1;
  let home = null;
  /** The field from which the bar was opened, if it was not an editor. */
  let returnTo = null;

  const editors = () => ["id_body", "id_safety_note"].map((id) => window.CKEDITOR?.instances[id]).filter((editor) => editor?.document);

  /** Return the pattern that is looked for, or null. Spaces match each other, and “whole words” knows letters of all scripts. */
  function pattern() {
    const wanted = words.value.replace(/\s+/g, " ");
    if (!wanted.trim()) return null;
    const escaped = wanted.replace(/[.*+?^${}()|[\]\\\/-]/g, "\\$&");
    const whole = bar.elements.whole.checked ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
    return new RegExp(whole, bar.elements.case.checked ? "gu" : "giu");
  }

  function search() {
    const wanted = pattern();
    matches = [];
    for (const editor of wanted ? editors() : []) {
      const read = readText(editor.document.$.body);
      for (const { 0: found, index } of read.text.matchAll(wanted)) {
        matches.push({ editor, read, start: index, last: index + found.length - 1 });
      }
    }
    mark();
  }

  const rangeFor = ({ read, start, last }) => rangeBetween(read, start, last);

  function mark() {
    for (const editor of editors()) {
      const frame = editor.window.$;
      if (!frame.CSS?.highlights) continue;
      const own = matches.filter((match) => match.editor === editor);
      frame.CSS.highlights.set("found", new frame.Highlight(...own.slice(0, MOST_MARKED).map(rangeFor)));
      const current = matches[here]?.editor === editor ? [rangeFor(matches[here])] : [];
      frame.CSS.highlights.set("found-here", new frame.Highlight(...current));
    }
    if (!words.value.trim()) say("");
    else if (!matches.length) say(gettext("Not found"));
    else if (here < 0) say(interpolate(ngettext("%(count)s match", "%(count)s matches", matches.length), { count: matches.length }, true));
    else say(interpolate(gettext("%(place)s of %(count)s"), { place: here + 1, count: matches.length }, true));
  }

  function say(message) {
    if (count.textContent !== message) count.textContent = message;
  }

  /** Go to the next match, or by −1 to the one before, and round from the last to the first. */
  function step(by) {
    search();
    if (!matches.length) {
      here = -1;
      mark();
      return;
    }
    // Before the first step, the way back begins at the last match.
    here = here < 0 && by < 0 ? matches.length - 1 : (here + by + matches.length) % matches.length;
    mark();
    reveal(matches[here]);
  }

  function reveal(match) {
    document.getElementById(match.editor.name)?.closest("details")?.setAttribute("open", "");
    rangeFor(match).startContainer.parentElement.scrollIntoView({ block: "center" });
  }

  /** Put the new words in the place of a match: in its first text node, so that they look like what they replace. */
  function put({ read, start, last }, text) {
    const parts = new Map();
    for (const [node, at] of read.places.slice(start, last + 1)) {
      const part = parts.get(node) ?? { from: at, to: at };
      parts.set(node, { from: Math.min(part.from, at), to: Math.max(part.to, at) });
    }
    let added = text;
    for (const [node, { from, to }] of parts) {
      node.replaceData(from, to - from + 1, added);
      added = "";
    }
  }

  /** Replace these matches as one step of the undo history of each editor, from the last to the first. */
  function replace(chosen) {
    const changed = new Set(chosen.map(({ editor }) => editor));
    for (const editor of changed) editor.fire("saveSnapshot");
    for (const match of chosen.toReversed()) put(match, replacement.value);
    for (const editor of changed) editor.fire("saveSnapshot");
  }

  function replaceOne() {
    if (here < 0) {
      step(1);
      return;
    }
    search(); // the text may have changed since
    if (!matches[here]) {
      step(1);
      return;
    }
    replace([matches[here]]);
    here -= 1;
    step(1);
  }

  function replaceAll() {
    search();
    const count = matches.length;
    replace(matches);
    here = -1;
    search();
    say(interpolate(ngettext("%(count)s replaced", "%(count)s replaced", count), { count }, true));
  }

  function open(editor) {
    home = editor;
    const field = document.activeElement?.closest("#article_form :is(textarea, input[type=text])");
    returnTo = field ?? null;
    const chosen = (field ? field.value.slice(field.selectionStart, field.selectionEnd) : editor?.getSelection()?.getSelectedText())?.trim();
    if (chosen && !chosen.includes("\n")) words.value = chosen;
    bar.hidden = false;
    here = -1;
    search();
    words.focus();
    words.select();
  }

  /** Close the bar. The match that is shown is selected in its editor, so that one can write there. */
  function close() {
    const match = matches[here];
    bar.hidden = true;
    matches = [];
    here = -1;
    mark();
    (match?.editor ?? returnTo ?? home)?.focus();
    if (!match) return;
    const selection = match.editor.window.$.getSelection();
    selection.removeAllRanges();
    selection.addRange(rangeFor(match));
  }

  /** Return whether these keys open the bar: Ctrl+F, or Ctrl+H as in other programs. */
  const opens = ({ key, ctrlKey, metaKey, shiftKey, altKey }) =>
    (ctrlKey || metaKey) && !shiftKey && !altKey && /^[fh]$/i.test(key) && !(metaKey && key.toLowerCase() === "h");

  document.addEventListener("editor:tool", ({ detail: { tool, editor } }) => tool === "findreplace" && open(editor));
  // From the title and the other fields of the form too: the browser's own search cannot replace.
  document.addEventListener("keydown", (event) => {
    if (!opens(event) || !event.target.closest("#article_form, #find-bar")) return;
    event.preventDefault();
    if (bar.hidden) open(window.CKEDITOR?.instances.id_body);
    else words.select();
  });
  bar.addEventListener("input", ({ target }) => {
    if (target === replacement) return;
    here = -1;
    search();
  });
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    const what = event.submitter?.value ?? "next";
    if (what === "close") close();
    else if (what === "previous") step(-1);
    else if (what === "one") replaceOne();
    else if (what === "all") replaceAll();
    else step(1);
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && event.target === words) {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Enter" && event.target === replacement) {
      event.preventDefault();
      replaceOne();
    }
  });
}
