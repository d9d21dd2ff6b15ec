/* Rows of a form that have an order: moved by drag, or by two buttons from the keyboard. The order is kept in each
   row's own field “position”, which stays where there is no script. */

const rowsOf = (group) => Array.from(group.querySelectorAll(".inline-related:not(.empty-form)"));
const positionOf = (row) => row.querySelector('input[name$="-position"]');

function renumber(group) {
  rowsOf(group).forEach((row, place) => {
    const field = positionOf(row);
    if (field && field.value !== String(place)) {
      field.value = place;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

function move(group, row, by) {
  const rows = rowsOf(group);
  const other = rows[rows.indexOf(row) + by];
  if (!other) return;
  if (by < 0) other.before(row);
  else other.after(row);
  renumber(group);
}

function button(text, symbol, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "order-button";
  element.textContent = symbol;
  element.setAttribute("aria-label", text);
  element.addEventListener("click", () => {
    act();
    element.focus();
  });
  return element;
}

function equip(group, row) {
  if (!positionOf(row) || row.querySelector(".order-tools")) return;
  const tools = document.createElement("span");
  tools.className = "order-tools";
  tools.append(
    button(gettext("Move up"), "↑", () => move(group, row, -1)),
    button(gettext("Move down"), "↓", () => move(group, row, 1)),
  );
  row.querySelector("h3")?.append(tools);
  row.classList.add("is-ordered");
  const handle = row.querySelector("h3");
  handle?.addEventListener("pointerdown", (event) => {
    row.draggable = !event.target.closest("button, a, input, label");
  });
  row.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    row.classList.add("is-dragged");
  });
  row.addEventListener("dragend", () => {
    row.draggable = false;
    row.classList.remove("is-dragged");
    renumber(group);
  });
}

function order(group) {
  if (!group.querySelector('[name$="-position"]')) return;
  group.classList.add("has-order");
  for (const row of rowsOf(group)) equip(group, row);
  group.addEventListener("dragover", (event) => {
    const dragged = group.querySelector(".is-dragged");
    if (!dragged) return;
    event.preventDefault();
    const over = event.target.closest(".inline-related:not(.empty-form)");
    if (!over || over === dragged || !group.contains(over)) return;
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(dragged);
    else over.after(dragged);
  });
}

for (const group of document.querySelectorAll(".js-inline-admin-formset")) order(group);
document.addEventListener("formset:added", () => {
  for (const group of document.querySelectorAll(".has-order")) {
    for (const row of rowsOf(group)) equip(group, row);
    renumber(group);
  }
});
// A save without another page brings the rows anew.
document.addEventListener("formset:replaced", (event) => order(event.target));
