/* The filters above a list. The browser keeps only one open; a click elsewhere or Escape closes it. */

const open = () => document.querySelector(".list-filter[open]");

document.addEventListener("click", (event) => {
  const filter = open();
  if (filter && !filter.contains(event.target)) filter.open = false;
});

document.addEventListener("keydown", (event) => {
  const filter = open();
  if (!filter || event.key !== "Escape") return;
  filter.open = false;
  filter.querySelector("summary").focus();
});
