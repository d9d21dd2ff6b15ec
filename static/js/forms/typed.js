/* What people typed and chose in a form, by name: its text fields, its choices, and the rows of its inlines. */

import { editorOf, form, labelOf, stripped, textFields, textIn } from "./desk.js";
import { changedRows, fill, groups, isInRow, readRows, rowDifferences, sortRows } from "./rows.js";

const CHOICE = "choice:";
const ROWS = "rows:";
/** The revision that the form showed, which tells the changes of two people apart (articles/forms.py). */
const REVISION = "seen:revision";

export const squeezed = (text) => text.replace(/\s+/g, " ").replace(/> </g, "><").trim();

/** The text fields outside the inlines, by name. */
const fieldsOfText = () => new Map(Array.from(textFields()).filter(([name]) => !isInRow(name)));

/** The controls of each choice outside the inlines, by name: boxes, or one list. */
function choices() {
  const found = new Map();
  for (const control of form.querySelectorAll('input[type="checkbox"][name], input[type="radio"][name], select[name]:not([multiple])')) {
    if (isInRow(control.name) || control.closest(".conflict, .inline-group, .notices") || control.name.startsWith("_")) continue;
    found.set(control.name, [...(found.get(control.name) ?? []), control]);
  }
  return found;
}

const labelOfBox = (box) => (box.closest("label") ?? form.querySelector(`label[for="${CSS.escape(box.id)}"]`))?.textContent.trim() ?? box.value;

/** Return the chosen values of a choice, each with its label. */
function chosen(controls, asSent) {
  if (controls[0].tagName === "SELECT") {
    const options = Array.from(controls[0].options);
    const sent = options.find((option) => option.defaultSelected) ?? options[0];
    const option = asSent ? sent : controls[0].selectedOptions[0];
    return option ? [[option.value, option.textContent.trim()]] : [];
  }
  return controls.filter((box) => (asSent ? box.defaultChecked : box.checked)).map((box) => [box.value, labelOfBox(box)]);
}

function labelOfChoice(name, controls) {
  const place = controls[0].closest(".form-row");
  const label = controls.length > 1 ? place?.querySelector("legend, label:not(:has(input))") : null;
  return label?.textContent.trim().replace(/:$/, "") ?? labelOf(controls[0]);
}

/** Return everything that the form contains. */
export function snapshot() {
  return contents(textIn, false);
}

/** Return everything as the server sent it. After Back, the browser fills the fields with other, unsaved texts. */
export function sent() {
  const isAsSent = (field) => field.value === field.defaultValue || squeezed(textIn(field)) === squeezed(field.defaultValue);
  return contents((field) => (editorOf(field) && isAsSent(field) ? textIn(field) : stripped(field.defaultValue)), true);
}

function contents(words, asSent) {
  return Object.fromEntries([
    ...Array.from(fieldsOfText(), ([name, field]) => [name, words(field)]),
    ...Array.from(choices(), ([name, controls]) => [CHOICE + name, JSON.stringify(chosen(controls, asSent))]),
    ...Array.from(groups().keys(), (prefix) => [ROWS + prefix, JSON.stringify(readRows(prefix, asSent))]),
  ]);
}

/** Return only the rows of `all`, which scripts and people add to: only the page as it was loaded has none of those. */
export const rowsIn = (all) => Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(ROWS)));

/** Return what differs from the contents at first. With `isWhole`, return everything. */
export function changes(first, isWhole) {
  const changed = Object.entries(snapshot()).flatMap(([name, words]) => {
    if (words === first[name] || isWhole) return words === first[name] && !isWhole ? [] : [[name, words]];
    if (!name.startsWith(ROWS)) return [[name, words]];
    const rows = changedRows(JSON.parse(words), JSON.parse(first[name] ?? "[]"));
    return rows ? [[name, JSON.stringify(rows)]] : [];
  });
  return Object.fromEntries(changed);
}

/** Return contents with the revision on which they were typed, unless they are empty. */
export function withRevision(fields) {
  const revision = form.elements.seen_revision?.value;
  return revision && Object.keys(fields).length ? { ...fields, [REVISION]: revision } : fields;
}

/** The form has contents that were typed on an earlier revision. */
export function seeRevisionOf(fields) {
  if (form.elements.seen_revision && fields[REVISION]) form.elements.seen_revision.value = fields[REVISION];
}

/** Return whether a name is that of an inline among `prefixes`. */
export const isRowsOf = (name, prefixes) => prefixes.some((prefix) => name === ROWS + prefix);

/** Return how kept contents differ from the form: [{name, label, words, now, put}]. `put` returns whether it succeeded. */
export function differencesFrom(kept) {
  const fields = fieldsOfText();
  const controls = choices();
  return Object.entries(kept).flatMap(([name, words]) => {
    if (name === REVISION) return [];
    if (name.startsWith(ROWS)) return rowDifferences(name.slice(ROWS.length), parsed(words)).map((one) => ({ name: "", ...one }));
    if (name.startsWith(CHOICE)) return choiceDifference(controls.get(name.slice(CHOICE.length)), name, parsed(words));
    const field = fields.get(name);
    if (!field) return words ? [{ name: "", label: gettext("A field that this form does not have"), words, now: "", put: () => false }] : [];
    if (squeezed(textIn(field)) === squeezed(words)) return [];
    return [{ name, label: labelOf(field), words, now: textIn(field), put: () => putText(field, words) }];
  });
}

function parsed(words) {
  try {
    const list = JSON.parse(words);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function choiceDifference(controls, name, wanted) {
  if (!controls) return [];
  const values = (pairs) => pairs.map(([value]) => value).join("\n");
  const labels = (pairs) => pairs.map(([, label]) => label).join(", ");
  const now = chosen(controls, false);
  if (values(now) === values(wanted)) return [];
  const put = () => {
    if (controls[0].tagName === "SELECT") return fill(controls[0], wanted[0]?.[0] ?? "", wanted[0]?.[1]);
    const ticked = new Set(wanted.map(([value]) => value));
    for (const box of controls) {
      if (box.checked === ticked.has(box.value)) continue;
      box.checked = !box.checked;
      for (const type of ["input", "change"]) box.dispatchEvent(new Event(type, { bubbles: true }));
    }
    return values(chosen(controls, false)) === values(wanted);
  };
  return [{ name: "", label: labelOfChoice(name.slice(CHOICE.length), controls), words: labels(wanted), now: labels(now), put }];
}

function putText(field, words) {
  editorOf(field)?.setData(words);
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

/** Put these differences into the form. Return those that could not be put there. */
export function putInto(differences) {
  const left = differences.filter(({ put }) => !put());
  for (const prefix of groups().keys()) sortRows(prefix);
  return left;
}
