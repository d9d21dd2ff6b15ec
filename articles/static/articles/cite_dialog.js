/* The Cite dialog: searches the article's sources and the library, cites several sources in one mark, and adds a new
   source. The plug-in opens it by the event `article:cite`, and the dialog returns the keys. */

import { notice } from "../js/forms/desk.js";
import { maySave } from "../js/forms/session.js";

const dialog = document.querySelector("#cite");

if (dialog) {
  const search = dialog.querySelector("#cite-search");
  const results = dialog.querySelector("#cite-results");
  const chosenLine = dialog.querySelector("#cite-chosen");
  const status = dialog.querySelector("#cite-found");
  const trouble = dialog.querySelector("#cite-trouble");
  const known = new Map();
  let request = null;
  let chosen = [];
  let controller = null;

  function showChosen() {
    chosenLine.replaceChildren();
    for (const key of chosen) {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.textContent = `${key} ×`;
      chip.setAttribute("aria-label", interpolate(gettext("Remove %(key)s from this citation"), { key }, true));
      chip.addEventListener("click", () => toggle(key, false));
      chosenLine.append(chip);
    }
    if (!chosen.length) chosenLine.textContent = gettext("Choose one or more sources to cite.");
  }

  function toggle(key, on) {
    chosen = chosen.filter((other) => other !== key);
    if (on) chosen.push(key);
    for (const box of results.querySelectorAll("input")) box.checked = chosen.includes(box.value);
    showChosen();
  }

  function row(source) {
    known.set(source.key, source);
    const label = document.createElement("label");
    label.className = "cite-row";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = source.key;
    box.checked = chosen.includes(source.key);
    box.addEventListener("change", () => toggle(source.key, box.checked));
    const words = document.createElement("span");
    const title = document.createElement("strong");
    title.textContent = source.title;
    const rest = document.createElement("span");
    rest.className = "cite-meta";
    rest.textContent = [source.key, source.authors, source.container, source.year, source.evidence].filter(Boolean).join(" · ");
    words.append(title, rest);
    if (source.attached) words.append(badge(gettext("here"), "attached"));
    if (source.retraction) words.append(badge(source.retraction, "alarm"));
    label.append(box, words);
    return label;
  }

  function badge(text, kind) {
    const element = document.createElement("span");
    element.className = `cite-badge is-${kind}`;
    element.textContent = text;
    return element;
  }

  async function find() {
    controller?.abort();
    controller = new AbortController();
    const address = new URL(dialog.dataset.pick, location.href);
    address.searchParams.set("q", search.value);
    address.searchParams.set("article", dialog.dataset.article);
    try {
      const answer = await fetch(address, { signal: controller.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { sources, more } = await answer.json();
      results.replaceChildren(...sources.map(row));
      if (!sources.length) results.textContent = gettext("Nothing found. Add it below.");
      const count = sources.length;
      const message = more
        ? ngettext("The first %(count)s source. Type more to narrow them down.", "The first %(count)s sources. Type more to narrow them down.", count)
        : ngettext("%(count)s source found.", "%(count)s sources found.", count);
      status.textContent = interpolate(message, { count }, true);
    } catch (error) {
      if (error.name === "AbortError") return;
      // fetch raises TypeError where there is no connection
      results.textContent = error instanceof TypeError
        ? gettext("The site cannot be reached. Type again once you are connected.")
        : gettext("The library did not answer. Are you still signed in?");
    }
  }

  /** Add the source to the form's list of sources, so that saving attaches it. */
  function attach(key) {
    const source = known.get(key);
    const selects = () => Array.from(document.querySelectorAll('select[name^="article_sources-"][name$="-source"]'));
    const isThere = selects().some((select) => select.selectedOptions[0]?.textContent.trim().startsWith(`${key}:`));
    if (!source || isThere) return;
    document.querySelector("#article_sources-group .add-row a")?.click();
    const select = selects().filter((one) => !one.name.includes("__prefix__")).at(-1);
    if (!select) return;
    select.append(new Option(`${source.key}: ${source.title}`, source.id, true, true));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    window.django?.jQuery(select).trigger("change");
  }

  /** Show the page's notice about the session also in the dialog, which covers it, and update it with the notice. */
  function repeatNotice() {
    const shown = notice("session", { urgent: true });
    const repeat = () => {
      trouble.replaceChildren(...shown.cloneNode(true).childNodes);
      trouble.classList.toggle("is-mended", shown.classList.contains("is-mended"));
    };
    if (!shown.dataset.isRepeated) new MutationObserver(repeat).observe(shown, { childList: true });
    shown.dataset.isRepeated = "true";
    repeat();
  }

  async function add() {
    const fields = dialog.querySelectorAll("#cite-fields [name]");
    if (!(await maySave())) {
      repeatNotice();
      return;
    }
    trouble.replaceChildren();
    const body = new FormData();
    for (const field of fields) body.set(field.name, field.value);
    for (const line of dialog.querySelectorAll("#cite-fields .errorlist")) line.textContent = "";
    const token = document.querySelector("#article_form [name=csrfmiddlewaretoken]").value;
    const answer = await fetch(dialog.dataset.add, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
    if (!answer) {
      trouble.textContent = gettext("The site cannot be reached. Try again once you are connected.");
      return;
    }
    const found = await answer.json().catch(() => ({ errors: { __all__: [gettext("It could not be saved. Are you still signed in?")] } }));
    if (found.source) {
      known.set(found.source.key, found.source);
      for (const field of fields) if (field.tagName !== "SELECT") field.value = "";
      dialog.querySelector(".cite-new").open = false;
      results.prepend(row(found.source));
      toggle(found.source.key, true);
      return;
    }
    for (const [name, messages] of Object.entries(found.errors ?? {})) {
      const line = dialog.querySelector(`#cite-${name}-error`) ?? trouble;
      line.textContent = messages.join(" ");
    }
    dialog.querySelector("#cite-fields .errorlist:not(:empty)")?.parentElement.querySelector("[name]")?.focus();
  }

  function finish(keys) {
    const { insert, close } = request;
    request = null;
    dialog.close();
    if (keys) {
      for (const key of keys) attach(key);
      insert(keys);
      document.dispatchEvent(new CustomEvent("article:sources"));
    }
    close();
  }

  document.addEventListener("article:cite", (event) => {
    request = event.detail;
    chosen = [...request.keys];
    search.value = "";
    showChosen();
    dialog.showModal();
    search.focus();
    find();
  });
  let typing = 0;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(find, 180);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      results.querySelector("input")?.focus();
    }
    if (event.key === "Enter") {
      event.preventDefault();
      const first = results.querySelector("input");
      if (first && !chosen.length) toggle(first.value, true);
      else if (chosen.length) finish(chosen);
    }
  });
  results.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const boxes = Array.from(results.querySelectorAll("input"));
    const next = boxes.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (boxes[next] ?? search).focus();
  });
  dialog.querySelector("#cite-add").addEventListener("click", add);
  dialog.querySelector("#cite-done").addEventListener("click", () => finish(chosen));
  dialog.querySelector("#cite-cancel").addEventListener("click", () => finish(null));
  // The close event may come when the writer already types in the text; focusing it again would move the cursor.
  for (const name of ["cancel", "close"]) dialog.addEventListener(name, (event) => event.target === dialog && request && finish(null));
}
