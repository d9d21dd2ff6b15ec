/* The outline: the headings of the text, beside it. A click goes to a section; dragging it, its buttons, or Alt with an
   arrow key moves the whole section, with everything up to the next heading of the same or a higher level. */

import { editorOf, element, forEachEditor } from "../js/forms/desk.js";

const PAUSE = 400;
const panel = document.querySelector("#outline");
const field = document.querySelector("#id_body");

if (panel && field) {
  const list = panel.querySelector("ol");
  const status = panel.querySelector("[role=status]");
  let shown = "";
  let dragged = -1;
  let waiting = 0;

  const body = () => editorOf(field)?.document?.$.body;
  const headings = () => Array.from(body()?.querySelectorAll(":scope > :is(h2, h3, h4)") ?? []);
  const level = (heading) => Number(heading.localName[1]);
  const titleOf = (heading) => {
    const copy = heading.cloneNode(true);
    for (const mark of copy.querySelectorAll("sup[data-cite]")) mark.remove();
    return copy.textContent.replace(/[\s\u200b]+/g, " ").trim() || gettext("(no heading yet)");
  };

  /** Return the heading and all that belongs to its section. */
  function sectionOf(heading) {
    const nodes = [heading];
    for (let next = heading.nextSibling; next; next = next.nextSibling) {
      if (/^h[2-4]$/i.test(next.nodeName) && level(next) <= level(heading)) break;
      nodes.push(next);
    }
    return nodes;
  }

  /** Return the heading of the section beside this one on the same level, or null at the end of the section around it. */
  function neighbour(heading, by) {
    const all = headings();
    for (let at = all.indexOf(heading) + by; all[at]; at += by) {
      if (level(all[at]) < level(heading)) return null;
      if (level(all[at]) === level(heading)) return all[at];
    }
    return null;
  }

  /** Move a section in front of a node, or to the end if the node is null, as one step of the undo history. */
  function move(heading, before) {
    const editor = editorOf(field);
    const nodes = sectionOf(heading);
    if (nodes.includes(before)) return;
    editor.fire("saveSnapshot");
    for (const node of nodes) body().insertBefore(node, before);
    editor.fire("saveSnapshot");
    show();
    const at = headings().indexOf(heading);
    item(at)?.querySelector(".outline-go").focus();
    status.textContent = interpolate(gettext("“%(title)s” is now section %(place)s of %(count)s."), { title: titleOf(heading), place: at + 1, count: headings().length }, true);
  }

  function moveBy(heading, by) {
    const other = neighbour(heading, by);
    if (!other) {
      const message = by < 0 ? gettext("“%(title)s” is the first section here.") : gettext("“%(title)s” is the last section here.");
      status.textContent = interpolate(message, { title: titleOf(heading) }, true);
      return;
    }
    move(heading, by < 0 ? other : sectionOf(other).at(-1).nextSibling);
  }

  const item = (at) => list.children[at];

  function go(heading) {
    const editor = editorOf(field);
    editor.focus();
    const range = editor.createRange();
    range.moveToElementEditEnd(new window.CKEDITOR.dom.element(heading));
    range.select();
    heading.scrollIntoView({ block: "start" });
  }

  function row(heading, at) {
    const title = titleOf(heading);
    const goTo = element("button", { type: "button", className: "outline-go", title: gettext("Go to this section; Alt+↑ or Alt+↓ moves it") }, title);
    const step = (by, sign, message) => {
      const made = element("button", { type: "button", className: "outline-step", value: by }, sign);
      made.setAttribute("aria-label", interpolate(message, { title }, true));
      return made;
    };
    const made = element(
      "li",
      { className: `outline-${heading.localName}`, draggable: true },
      goTo,
      step("-1", "↑", gettext("Move “%(title)s” up")),
      step("1", "↓", gettext("Move “%(title)s” down")),
    );
    made.dataset.at = at;
    return made;
  }

  function show() {
    const found = headings();
    const now = JSON.stringify(found.map((heading) => [heading.localName, titleOf(heading)]));
    panel.hidden = !found.length;
    if (now === shown) return;
    shown = now;
    const focused = document.activeElement?.closest("#outline li")?.dataset.at;
    list.replaceChildren(...found.map(row));
    if (focused !== undefined) item(Number(focused))?.querySelector(".outline-go").focus();
  }

  function showSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  }

  const headingAt = (target) => headings()[Number(target.closest("li")?.dataset.at ?? -1)];

  list.addEventListener("click", ({ target }) => {
    show();
    const heading = headingAt(target);
    if (!heading) return;
    if (target.closest(".outline-step")) moveBy(heading, Number(target.closest(".outline-step").value));
    else if (target.closest(".outline-go")) go(heading);
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.altKey) moveBy(headingAt(event.target), by);
    else item(Number(event.target.closest("li").dataset.at) + by)?.querySelector(".outline-go").focus();
  });

  /* Dragging. A section is put in front of the one on which it is dropped, or at the end below the last. */

  const clear = () => {
    for (const one of list.querySelectorAll(".is-over, .is-dragged")) one.classList.remove("is-over", "is-dragged");
    list.classList.remove("is-over-end");
  };
  list.addEventListener("dragstart", (event) => {
    const one = event.target.closest("li");
    dragged = Number(one.dataset.at);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", one.querySelector(".outline-go").textContent);
    one.classList.add("is-dragged");
  });
  list.addEventListener("dragover", (event) => {
    if (dragged < 0) return;
    event.preventDefault();
    for (const one of list.querySelectorAll(".is-over")) one.classList.remove("is-over");
    const over = event.target.closest("li");
    over?.classList.add("is-over");
    list.classList.toggle("is-over-end", !over);
  });
  list.addEventListener("drop", (event) => {
    if (dragged < 0) return;
    event.preventDefault();
    const over = event.target.closest("li");
    const heading = headings()[dragged];
    const before = over ? headingAt(over) : null;
    dragged = -1;
    clear();
    if (heading && heading !== before) move(heading, before);
  });
  list.addEventListener("dragend", () => {
    dragged = -1;
    clear();
  });

  forEachEditor((editor) => {
    if (editor.name !== field.id) return;
    show();
    editor.on("change", showSoon);
    editor.on("contentDom", showSoon);
  });
}
