/* In a row of an inline, the link “Open” leads to what is chosen. The choosers announce a choice only by jQuery. */

function follow({ target }) {
  const link = target.parentElement?.querySelector(".row-open");
  if (!link || !target.matches("select")) return;
  link.hidden = !target.value;
  link.href = target.value ? link.dataset.opens.replace("__key__", encodeURIComponent(target.value)) : "";
}

window.django?.jQuery?.(document).on("change", ".inline-related select", follow);
