/* The Cite dialog: searches the article's sources and the library, cites several sources in one mark, and adds a new
   source. The plug-in opens it by the event `article:cite`, and the dialog returns the keys. */

import { attach } from "./attaching.js";
import { newSource } from "./cite_new.js";

const dialog = document.querySelector("#cite");

if (dialog) {
  const search = dialog.querySelector("#cite-search");
  const results = dialog.querySelector("#cite-results");
  const chosenLine = dialog.querySelector("#cite-chosen");
  const status = dialog.querySelector("#cite-found");
  const done = dialog.querySelector("#cite-done");
  const known = new Map();
  let request = null;
  let chosen = [];
  let controller = null;
  let typing = 0;

  function showChosen() {
    chosenLine.replaceChildren();
    for (const key of chosen) {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.textContent = `${key} ×`;
      chip.setAttribute("aria-label", interpolate(gettext("Remove %(key)s from this citation"), { key }, true));
      chip.addEventListener("click", () => {
        const place = chosen.indexOf(key);
        toggle(key, false);
        (chosenLine.children[place] ?? chosenLine.lastElementChild ?? search).focus(); // the chip itself is gone
      });
      chosenLine.append(chip);
    }
    if (!chosen.length) chosenLine.textContent = gettext("Choose one or more sources to cite.");
  }

  function toggle(key, on) {
    chosen = chosen.filter((other) => other !== key);
    if (on) chosen.push(key);
    for (const box of boxes()) box.checked = chosen.includes(box.value);
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

  /** Replace the results. The focus stays on its row or, if the row is gone, returns to the search. */
  function show(sources) {
    const held = results.contains(document.activeElement) ? document.activeElement.value : null;
    results.replaceChildren(...sources.map(row));
    if (held !== null) (boxes().find((box) => box.value === held) ?? search).focus();
  }

  /** Offer to look up what was typed, and what is not in the library. */
  function offer(wanted) {
    const line = document.createElement("p");
    line.className = "cite-offer";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = gettext("Look it up");
    button.addEventListener("click", () => adding.lookUp(search.value, (words) => (status.textContent = words)));
    line.append(interpolate(gettext("%(wanted)s is not in the library."), { wanted }, true), " ", button);
    results.prepend(line);
  }

  /** What the arrow keys go through. */
  const stops = () => Array.from(results.querySelectorAll("input, button"));
  const boxes = () => Array.from(results.querySelectorAll("input"));

  async function find() {
    clearTimeout(typing);
    typing = 0;
    controller?.abort();
    controller = new AbortController();
    const address = new URL(dialog.dataset.pick, location.href);
    address.searchParams.set("q", search.value);
    address.searchParams.set("article", dialog.dataset.article);
    try {
      const answer = await fetch(address, { signal: controller.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { sources, more, wanted } = await answer.json();
      show(sources);
      if (wanted) offer(wanted);
      else if (!sources.length) results.textContent = gettext("Nothing found. Add it below.");
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

  /** Choose a source that the library has already, and say so. */
  function choose(source, words) {
    show([source]);
    toggle(source.key, true);
    status.textContent = words;
    done.focus();
  }

  function finish(keys) {
    const { insert, close } = request;
    request = null;
    dialog.close();
    if (keys) {
      for (const key of keys) if (known.has(key)) attach(known.get(key));
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
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(find, 180);
  });
  search.addEventListener("keydown", async (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      stops()[0]?.focus();
    }
    if (event.key === "Escape") {
      event.preventDefault(); // the browser would only clear the search
      finish(null);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      if (typing) await find(); // the results are those of the words before
      const first = stops()[0];
      if (first && !chosen.length) first.click();
      else if (chosen.length) finish(chosen);
    }
  });
  results.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.key === "Enter" && box.matches("input")) {
      event.preventDefault();
      if (!chosen.includes(box.value)) chosen.push(box.value);
      finish(chosen);
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const next = stops().indexOf(box) + (event.key === "ArrowDown" ? 1 : -1);
    (stops()[next] ?? search).focus();
  });
  const adding = newSource(dialog, {
    cite(source) {
      known.set(source.key, source);
      finish([...chosen, source.key]);
    },
    choose,
  });
  done.addEventListener("click", () => finish(chosen));
  dialog.querySelector("#cite-cancel").addEventListener("click", () => finish(null));
  // The close event may come when the writer already types in the text; focusing it again would move the cursor.
  for (const name of ["cancel", "close"]) dialog.addEventListener(name, (event) => event.target === dialog && request && finish(null));
}
