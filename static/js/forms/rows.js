/* The rows of a form's inlines, as they are kept with its text: found again by their keys, or added anew. */

import { form, labelOf } from "./desk.js";

const LONGEST_NAME = 60;

/** Return the inlines by prefix. */
export const groups = () =>
  new Map(
    Array.from(form.querySelectorAll(".js-inline-admin-formset"), (group) => [group.id.replace(/-group$/, ""), group]),
  );

/** Return whether a name belongs to a row of an inline. */
export const isInRow = (name) => Array.from(groups().keys()).some((prefix) => name.startsWith(`${prefix}-`));

/** Return the controls of each row, by the names without the prefix and number. */
function controlsOf(prefix) {
  const rows = new Map();
  for (const control of groups().get(prefix)?.querySelectorAll("input[name], select[name], textarea[name]") ?? []) {
    const [, number, name] = control.name.match(/-(\d+)-([^-]+)$/) ?? [];
    if (number === undefined || !control.name.startsWith(`${prefix}-${number}-`) || control.type === "file" || control.multiple) continue;
    if (!rows.has(number)) rows.set(number, new Map());
    rows.get(number).set(name, control);
  }
  return Array.from(rows.values());
}

function valueOf(control, asSent) {
  if (control.type === "checkbox") return (asSent ? control.defaultChecked : control.checked) ? "on" : "";
  if (control.tagName === "SELECT") return optionOf(control, asSent)?.value ?? "";
  return (asSent ? control.defaultValue : control.value).replaceAll("\r\n", "\n").trim();
}

function optionOf(select, asSent) {
  const sent = Array.from(select.options).find((option) => option.defaultSelected);
  return asSent ? (sent ?? select.options[0]) : select.selectedOptions[0];
}

function read(controls, asSent) {
  const row = { key: controls.get("id")?.value ?? "", values: {}, shown: {} };
  for (const [name, control] of controls) {
    if (control.type === "hidden") continue;
    row.values[name] = valueOf(control, asSent);
    if (control.tagName === "SELECT" && row.values[name]) row.shown[name] = optionOf(control, asSent).textContent.trim();
  }
  return row;
}

/** Return whether something was typed or chosen in a new row. The order of the rows is not typed. */
const isFilled = ({ key, values }) => key || Object.entries(values).some(([name, value]) => value && name !== "position");

/** Return the rows of an inline. With `asSent`, return them with the values that the server sent. */
export const readRows = (prefix, asSent) => controlsOf(prefix).map((controls) => read(controls, asSent)).filter(isFilled);

/** Return the new rows and those that differ from what they were; null if there are none. */
export function changedRows(now, first) {
  const text = (rows) => JSON.stringify(rows);
  const isNew = ({ key }) => !key;
  const before = new Map(first.map((row) => [row.key, row]));
  const changed = now.filter((row) => row.key && text(row.values) !== text(before.get(row.key)?.values));
  if (text(now.filter(isNew)) !== text(first.filter(isNew))) changed.push(...now.filter(isNew));
  return changed.length ? changed : null;
}

/** Return what a row is about: what was chosen in it, or the name of its inline. */
function nameOf(row, prefix) {
  const name = Object.values(row.shown)[0] ?? groups().get(prefix)?.querySelector("h2")?.textContent.trim() ?? gettext("a row");
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

const shownIn = (row, name) => row.shown[name] ?? (row.values[name] === "on" ? gettext("Yes") : row.values[name]);

/** Return what a kept inline has and the form has not: [{label, words, now, put}]. `put` returns whether it succeeded. */
export function rowDifferences(prefix, rows) {
  const free = controlsOf(prefix);
  const chosenIn = (row) => Object.entries(row.shown).find(([name]) => row.values[name]);
  const take = (test) => {
    const place = free.findIndex(test);
    return place < 0 ? null : free.splice(place, 1)[0];
  };
  const isSame = (row) => (controls) => {
    const { key, values } = read(controls);
    return !key && Object.entries(row.values).every(([name, value]) => name === "position" || values[name] === value);
  };
  const hasSameChoice = (row) => (controls) => {
    const choice = chosenIn(row);
    return Boolean(choice) && controls.get(choice[0])?.value === row.values[choice[0]];
  };
  return rows.flatMap((row) => {
    const found = row.key
      ? take((controls) => controls.get("id")?.value === row.key)
      : (take(isSame(row)) ?? take(hasSameChoice(row)));
    if (found) return cellDifferences(prefix, row, found);
    if (row.key && row.values.DELETE === "on") return []; // it is gone, as was wanted
    return [wholeRow(prefix, row)];
  });
}

function cellDifferences(prefix, row, controls) {
  const { values, shown } = read(controls);
  return Object.entries(row.values)
    .filter(([name, value]) => controls.has(name) && values[name] !== value && (row.key || (value && name !== "position")))
    .map(([name, value]) => ({
      label: interpolate(gettext("%(field)s of “%(row)s”"), { field: labelOf(controls.get(name)), row: nameOf(row, prefix) }, true),
      words: shownIn(row, name),
      now: shown[name] ?? values[name],
      put: () => fill(controls.get(name), value, row.shown[name]),
    }));
}

function wholeRow(prefix, row) {
  const title = groups().get(prefix)?.querySelector("h2")?.textContent.trim();
  const words = Object.keys(row.values).filter((name) => row.values[name] && name !== "position").map((name) => shownIn(row, name));
  return {
    label: title ? `${title}: ${nameOf(row, prefix)}` : nameOf(row, prefix),
    words: words.join("\n"),
    now: "",
    put: () => !row.key && addRow(prefix, row),
  };
}

function addRow(prefix, row) {
  const before = controlsOf(prefix).length;
  const link = groups().get(prefix)?.querySelector(".add-row a");
  if (!link || link.parentElement.style.display === "none") return false; // no row may be added, or no more
  link.click();
  const controls = controlsOf(prefix).at(-1);
  if (controlsOf(prefix).length === before || !controls) return false;
  return Object.entries(row.values)
    .map(([name, value]) => name === "position" || !value || fill(controls.get(name), value, row.shown[name]))
    .every(Boolean);
}

/** Put a value into a control, as a person would. Return whether the control has it. */
export function fill(control, value, shown = value) {
  if (!control) return false;
  if (control.type === "checkbox") {
    control.checked = value === "on";
  } else {
    const hasIt = () => Array.from(control.options).some((option) => option.value === value);
    // A list that searches as one types has only the chosen option.
    if (control.matches("select.admin-autocomplete") && !hasIt()) control.append(new Option(shown, value, true, true));
    control.value = value;
  }
  for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
  if (control.tagName === "SELECT") window.django?.jQuery?.(control).trigger("change");
  return valueOf(control) === value;
}

/** Move the rows of an ordered inline into the order of their positions. */
export function sortRows(prefix) {
  const group = groups().get(prefix);
  if (!group?.classList.contains("has-order")) return;
  const rows = Array.from(group.querySelectorAll(".inline-related:not(.empty-form)"));
  const at = (row) => Number(row.querySelector('input[name$="-position"]')?.value ?? 0);
  const sorted = [...rows].sort((a, b) => at(a) - at(b));
  const end = rows.at(-1)?.nextSibling;
  if (sorted.some((row, place) => row !== rows[place])) for (const row of sorted) end.parentElement.insertBefore(row, end);
}
