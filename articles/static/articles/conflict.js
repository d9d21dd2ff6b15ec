/* Two versions of a form: copies passages of the saved version into the fields, and restores the writer's own.

   The passages that only the other person has changed are copied when the page opens, so that saving keeps the words of
   both. Only passages that both have changed are left to the writer.

   A passage is found by its words in the current text of the field, so that later typing is kept. If it is not there
   any more, nothing is changed and the page says so. */

import { editorsReady } from "../js/forms/desk.js";

const section = document.querySelector(".conflict");
const status = section?.querySelector(".conflict-status");
const BLANK = /[\s\u00a0]+/g;

/** The state of each field that differs: {kind, whole, pieces, taken}. */
const fields = new Map();
for (const holder of section?.querySelectorAll('script[id^="conflict-"]') ?? []) {
  const data = JSON.parse(holder.textContent);
  fields.set(holder.id.slice("conflict-".length), { ...data, taken: data.pieces.map(() => false), work: Promise.resolve() });
}

let silence = 0;
function say(message, isRefused = false) {
  clearTimeout(silence);
  silence = message && setTimeout(say, 8000, "");
  status.textContent = message;
  status.classList.toggle("is-refused", isRefused);
}

/** Return what the field contains, or should contain, for a passage; null for nothing. */
function now(field, place) {
  return field.pieces[place][field.taken[place] ? "theirs" : "mine"];
}

/* Plain text: passages are lines. */

function findLine(lines, field, place) {
  const wanted = now(field, place);
  let nth = 0;
  for (let other = 0; other < place; other += 1) if (now(field, other) === wanted) nth += 1;
  const places = lines.flatMap((line, index) => (line.trimEnd() === wanted.trimEnd() ? [index] : []));
  return places.length ? places[Math.min(nth, places.length - 1)] : -1;
}

function swapLine(lines, field, place) {
  const piece = field.pieces[place];
  const next = field.taken[place] ? piece.mine : piece.theirs;
  if (now(field, place) !== null) {
    const index = findLine(lines, field, place);
    if (index < 0) return false;
    lines.splice(index, 1, ...(next === null ? [] : [next]));
    return true;
  }
  let index = 0;
  for (let before = place - 1; before >= 0; before -= 1) {
    if (now(field, before) === null) continue;
    const found = findLine(lines, field, before);
    if (found >= 0) {
      index = found + 1;
      break;
    }
  }
  lines.splice(index, 0, next);
  return true;
}

/* HTML: passages are elements, items of lists and rows of tables. */

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

function passages(root) {
  return Array.from(root.children).flatMap((element) => {
    if (element.matches("ul, ol")) return Array.from(element.querySelectorAll(":scope > li"));
    if (element.matches("table")) return Array.from(element.querySelectorAll(":scope > caption, :scope > * > tr"));
    return [element];
  });
}

/** Return what identifies a passage: its tag, words, sources, pictures and addresses. */
function signature(element) {
  const copy = element.cloneNode(true);
  for (const mark of copy.querySelectorAll("sup[data-cite]")) mark.textContent = `[${mark.dataset.cite}]`;
  for (const image of copy.querySelectorAll("img")) image.replaceWith(`{${image.getAttribute("src")}}`);
  for (const link of copy.querySelectorAll("a")) link.append(`<${link.getAttribute("href")}>`);
  return `${element.tagName} ${copy.textContent.replace(BLANK, " ").trim().replace(/ (?=[[{<])/g, "")}`;
}

function make(html) {
  return parse(html).firstElementChild;
}

function find(root, field, place) {
  const known = field.pieces.map((_, other) => (now(field, other) === null ? null : signature(make(now(field, other)))));
  const nth = known.slice(0, place).filter((other) => other === known[place]).length;
  const found = passages(root).filter((element) => signature(element) === known[place]);
  return found[Math.min(nth, found.length - 1)] ?? null;
}

function listOf(element) {
  return element.closest("ul, ol, table");
}

/** Put a passage beside another one, in a new list or table if it does not fit into the existing one. */
function insert(root, element, within, beside, isBefore) {
  const home = beside && listOf(beside);
  if (beside && within && home?.localName === within && (within !== "table" || beside.matches("tr, caption"))) {
    if (element.matches("tr") && beside.matches("caption")) home.querySelector("tbody, thead, tr").prepend(element);
    else beside[isBefore ? "before" : "after"](element);
    return;
  }
  let whole = element;
  if (within) {
    whole = document.createElement(within);
    (within === "table" && element.matches("tr") ? whole.appendChild(document.createElement("tbody")) : whole).append(element);
  }
  if (!beside) {
    root.prepend(whole);
  } else if (!home) {
    beside[isBefore ? "before" : "after"](whole);
  } else if (home.matches("table")) {
    home[isBefore ? "before" : "after"](whole);
  } else {
    const rest = home.cloneNode(false);
    let item = isBefore ? beside : beside.nextElementSibling;
    while (item) {
      const following = item.nextElementSibling;
      rest.append(item);
      item = following;
    }
    home.after(whole);
    if (rest.children.length) whole.after(rest);
    if (!home.children.length) home.remove();
  }
}

function leave(element) {
  const home = listOf(element);
  element.remove();
  if (home && !home.querySelector("li, tr")) home.remove();
}

function swapElement(root, field, place) {
  const piece = field.pieces[place];
  const side = field.taken[place] ? "mine" : "theirs";
  const next = piece[side] === null ? null : make(piece[side]);
  const within = piece[`${side}Within`];
  if (now(field, place) !== null) {
    const element = find(root, field, place);
    if (!element) return false;
    if (!next) {
      leave(element);
    } else if ((listOf(element)?.localName ?? "") === within) {
      element.replaceWith(next);
    } else {
      insert(root, next, within, element, false);
      leave(element);
    }
    return true;
  }
  for (const [step, isBefore] of [[-1, false], [1, true]]) {
    for (let other = place + step; other >= 0 && other < field.pieces.length; other += step) {
      const beside = now(field, other) === null ? null : find(root, field, other);
      if (!beside) continue;
      // If the list or table before does not fit and the one that follows does, the passage belongs to the latter.
      const following = isBefore ? null : nextOf(root, field, place);
      if (following && within && listOf(beside)?.localName !== within && listOf(following)?.localName === within) {
        insert(root, next, within, following, true);
      } else {
        insert(root, next, within, beside, isBefore);
      }
      return true;
    }
  }
  insert(root, next, within, null, true);
  return true;
}

function nextOf(root, field, place) {
  for (let other = place + 1; other < field.pieces.length; other += 1) {
    if (now(field, other) !== null) return find(root, field, other);
  }
  return null;
}

/* Fields. */

function setEditor(editor, html) {
  return new Promise((resolve) => {
    editor.fire("saveSnapshot");
    editor.setData(html, () => {
      editor.fire("saveSnapshot");
      editor.fire("change");
      resolve();
    });
  });
}

async function setField(name, value) {
  const editor = window.CKEDITOR?.instances[`id_${name}`];
  const input = document.querySelector(`#id_${name}`);
  if (editor) await setEditor(editor, value);
  else input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Exchange passages for those of the other version; return the places of those that were found. */
async function swap(name, places) {
  const field = fields.get(name);
  const done = [];
  const turn = (swapOne, holder) => {
    for (const place of places) {
      if (!swapOne(holder, field, place)) continue;
      field.taken[place] = !field.taken[place];
      done.push(place);
    }
  };
  if (field.kind === "html") {
    const root = parse(window.CKEDITOR.instances[`id_${name}`].getData());
    turn(swapElement, root);
    const holder = document.createElement("div");
    holder.append(root);
    if (done.length) await setField(name, holder.innerHTML);
  } else {
    const value = document.querySelector(`#id_${name}`).value;
    const lines = value === "" ? [] : value.split("\n");
    turn(swapLine, lines);
    if (done.length) await setField(name, lines.join("\n"));
  }
  return done;
}

async function takeWhole(name) {
  const field = fields.get(name);
  if (field.choices) {
    for (const box of document.querySelectorAll(`#article_form [name="${name}"]`)) {
      box.checked = field.choices.includes(box.value);
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    document.querySelector("#article_form").dispatchEvent(new Event("input"));
  } else {
    await setField(name, field.whole);
  }
  field.taken = field.taken.map(() => true);
}

/** Show which passages are from the saved version. */
function show(name) {
  const field = fields.get(name);
  field.taken.forEach((taken, place) => {
    const row = section.querySelector(`[data-piece="${name}-${place}"]`);
    const button = row?.querySelector("[data-take]");
    if (!button) return;
    row.classList.toggle("is-taken", taken);
    const label = button.querySelector(".take-label");
    label.dataset.atFirst ??= label.textContent; // as the page said it: “theirs”, or what they saved themselves elsewhere
    label.textContent = taken ? gettext("Put mine back") : label.dataset.atFirst;
  });
}

async function press(button) {
  const name = button.dataset.conflict;
  const field = fields.get(name);
  if (button.dataset.take === "whole") {
    await takeWhole(name);
    show(name);
    say(gettext("The form now contains the whole saved text. Nothing is saved yet."));
    return;
  }
  const places =
    button.dataset.take === "them"
      ? placesOfTheirs(name)
      : [Number(button.dataset.take)];
  const done = await swap(name, places);
  show(name);
  if (done.length < places.length) {
    say(gettext("That passage has changed in the form since. Copy what you want of it by hand."), true);
  } else if (places.length) {
    const back = places.length === 1 && !field.taken[places[0]];
    say(back ? gettext("The form contains your own passage again.") : gettext("Taken over into the form. Nothing is saved yet."));
  }
}

/** Take what only the other person has changed, in every field. Saving waits for this (saving.js). */
async function takeTheirs() {
  let count = 0;
  try {
    await editorsReady();
    for (const [name, field] of fields) {
      field.work = field.work.then(async () => {
        count += (await swap(name, placesOfTheirs(name))).length;
        show(name);
      });
      await field.work;
    }
  } finally {
    section.dataset.isMerged = "yes";
    section.dispatchEvent(new CustomEvent("conflict:merged", { bubbles: true }));
  }
  const message = ngettext("%(count)s change that does not touch yours is in the form already. Save to keep both.", "%(count)s changes that do not touch yours are in the form already. Save to keep both.", count);
  if (count) say(interpolate(message, { count }, true));
}

/** Return the places of the passages of a field that only the other person has changed and that are not in the form. */
const placesOfTheirs = (name) =>
  Array.from(section.querySelectorAll(`[data-conflict="${name}"][data-theirs-alone]`), (one) => Number(one.dataset.take)).filter(
    (place) => !fields.get(name).taken[place],
  );

if (section) {
  takeTheirs();
  for (const part of section.querySelectorAll(".needs-script")) part.hidden = false;
  section.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    const field = fields.get(button.dataset.conflict);
    // One after the other, because CKEditor sets its text asynchronously.
    field.work = field.work.then(() => press(button));
  });
}
