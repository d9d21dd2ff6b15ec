/* The filters above a list: one open at a time is the browser's part; a click elsewhere and Escape close it. */

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
