/* The rows of the form that attach sources to the article. */

const selects = () =>
  Array.from(document.querySelectorAll('select[name^="article_sources-"][name$="-source"]')).filter((one) => !one.name.includes("__prefix__"));

/** Return the keys of the sources in the form, without those marked for removal. */
export function attached() {
  return selects()
    .filter((select) => select.selectedOptions.length && !select.closest(".inline-related")?.querySelector('input[name$="-DELETE"]:checked'))
    .map((select) => select.selectedOptions[0].textContent.trim().split(":")[0])
    .filter(Boolean);
}

/** Add a source to the form, so that saving attaches it. A source that is there already is not added again. */
export function attach(source) {
  if (selects().some((select) => select.selectedOptions[0]?.textContent.trim().startsWith(`${source.key}:`))) return;
  document.querySelector("#article_sources-group .add-row a")?.click();
  const select = selects().at(-1);
  if (!select) return;
  select.append(new Option(`${source.key}: ${source.title}`, source.id, true, true));
  select.dispatchEvent(new Event("change", { bubbles: true }));
  window.django?.jQuery?.(select).trigger("change");
}
