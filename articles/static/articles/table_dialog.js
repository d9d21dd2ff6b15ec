/* The dialog that inserts a table, or changes the one at the cursor: its caption, its headings, its rows and columns.
   The commands for rows and columns are CKEditor's (tabletools). */

import { element } from "../js/forms/desk.js";
import { cellsOf } from "./spreadsheet.js";

const dialog = document.querySelector("#table-dialog");

if (dialog) {
  const form = dialog.querySelector("#table-form");
  const fields = form.elements;
  let editor = null;
  let bookmarks = null;
  let table = null;

  /** Return a table with these rows of texts as HTML. Headings are marked as such for screen readers. */
  function tableOf(rows, { caption, head, side }) {
    const made = element("table");
    if (caption) made.append(element("caption", {}, caption));
    const parts = head ? [[element("thead"), rows.slice(0, 1)], [element("tbody"), rows.slice(1)]] : [[element("tbody"), rows]];
    for (const [part, own] of parts) {
      part.append(...own.map((cells) => element("tr", {}, ...cells.map((text) => cell("td", text)))));
      if (own.length) made.append(part);
    }
    setHeadings(made, head, side);
    return made.outerHTML;
  }

  const cell = (tag, text) => {
    const made = element(tag, {}, text);
    if (!text) made.innerHTML = "&nbsp;"; // so that the cursor can go there; it is cleaned on saving
    return made;
  };

  /** Make headings of the first row and of the first column, or cells again. */
  function setHeadings(target, head, side) {
    Array.from(target.rows).forEach((row, place) => {
      Array.from(row.cells).forEach((old, column) => {
        const scope = head && place === 0 ? "col" : side && column === 0 ? "row" : "";
        const made = rename(old, scope ? "th" : "td");
        if (scope) made.setAttribute("scope", scope);
        else made.removeAttribute("scope");
      });
    });
    const first = target.rows[0];
    if (!first) return;
    if (head && !target.tHead) target.createTHead().append(first);
    else if (!head && target.tHead) {
      const body = target.tBodies[0] ?? target.createTBody();
      body.prepend(...target.tHead.rows);
      target.deleteTHead();
    }
  }

  function rename(old, tag) {
    if (old.localName === tag) return old;
    const made = old.ownerDocument.createElement(tag);
    for (const { name, value } of old.attributes) made.setAttribute(name, value);
    made.append(...old.childNodes);
    old.replaceWith(made);
    return made;
  }

  function setCaption(target, caption) {
    if (!caption) target.deleteCaption();
    else if (target.caption?.textContent !== caption) target.createCaption().textContent = caption;
  }

  const atCursor = () => editor.elementPath()?.contains("table", true)?.$ ?? null;
  const isHeading = (one) => one?.localName === "th";

  function open(of) {
    editor = of;
    bookmarks = editor.getSelection()?.createBookmarks2(true);
    table = atCursor();
    form.reset();
    for (const part of form.querySelectorAll("[data-only]")) part.hidden = part.dataset.only !== (table ? "change" : "insert");
    for (const field of [fields.rows, fields.columns]) field.disabled = Boolean(table);
    if (table) {
      fields.caption.value = table.caption?.textContent ?? "";
      fields.head.checked = isHeading(table.rows[0]?.cells[1] ?? table.rows[0]?.cells[0]);
      fields.side.checked = isHeading(table.rows[1]?.cells[0]);
    }
    dialog.showModal();
    fields.caption.focus();
  }

  /** Close the dialog and put the cursor where it was. */
  function goBack() {
    dialog.close();
    editor.focus();
    if (bookmarks) editor.getSelection().selectBookmarks(bookmarks);
  }

  function submit(event) {
    event.preventDefault();
    const given = { caption: fields.caption.value.trim().replace(/\s+/g, " "), head: fields.head.checked, side: fields.side.checked };
    const pasted = cellsOf(fields.cells.value);
    const blank = () => Array.from({ length: fields.rows.valueAsNumber }, () => Array(fields.columns.valueAsNumber).fill(""));
    goBack();
    editor.fire("saveSnapshot");
    if (table) {
      setCaption(table, given.caption);
      setHeadings(table, given.head, given.side);
    } else {
      insert(tableOf(pasted.length ? pasted : blank(), given));
    }
    editor.fire("saveSnapshot");
  }

  /** Insert a table behind the paragraph at the cursor, and go to its first cell. */
  function insert(html) {
    const made = window.CKEDITOR.dom.element.createFromHtml(html, editor.document);
    editor.insertElement(made);
    const range = editor.createRange();
    range.moveToElementEditStart(made.findOne("th, td"));
    range.select();
  }

  document.addEventListener("editor:tool", ({ detail }) => detail.tool === "housetable" && open(detail.editor));
  form.addEventListener("submit", submit);
  form.addEventListener("click", ({ target }) => {
    const { value } = target.closest("button[type=button]") ?? {};
    if (!value) return;
    goBack();
    if (value !== "cancel") editor.execCommand(value);
  });
  // The size follows what is pasted.
  fields.cells.addEventListener("input", () => {
    const cells = cellsOf(fields.cells.value);
    if (!cells.length) return;
    fields.rows.value = cells.length;
    fields.columns.value = cells[0].length;
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    goBack();
  });
  dialog.querySelector(".close").addEventListener("click", (event) => {
    event.preventDefault();
    goBack();
  });
}
