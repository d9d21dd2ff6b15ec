/* The form of a new source in the Cite dialog. */

import { notice } from "../js/forms/desk.js";
import { maySave } from "../js/forms/session.js";

const KEPT = ["SELECT"];
/** Where the focus goes after a look-up: to the first of these that is empty. */
const REQUIRED = ["title", "evidence"];

/**
 * Make the form work. `cite` is called with a source that was added, and `choose` with one that the library has already
 * and with the words that say so. Return the function that looks up an identifier.
 */
export function newSource(dialog, { cite, choose }) {
  const filled = dialog.querySelector("#cite-filled");
  const trouble = dialog.querySelector("#cite-trouble");
  const own = dialog.querySelector("#cite-own-key");
  const fields = Array.from(dialog.querySelectorAll("#cite-fields [name]"));
  let isBusy = false;

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

  /** Remove what earlier requests said. */
  function calm() {
    trouble.replaceChildren();
    trouble.classList.remove("is-mended");
    for (const line of dialog.querySelectorAll("#cite-fields .errorlist")) line.textContent = "";
  }

  function empty() {
    filled.textContent = "";
    for (const field of fields) if (!KEPT.includes(field.tagName)) field.value = "";
    for (const part of dialog.querySelectorAll(".cite-new, .cite-more")) part.open = false;
  }

  /** Fill in what a look-up answered. Whatever another one answered before is replaced. */
  function fill(values, words) {
    dialog.querySelector(".cite-new").open = true;
    for (const field of fields) if (field.name in values) field.value = values[field.name];
    filled.classList.remove("is-trouble");
    filled.textContent = words;
    (fields.find((field) => !field.value && REQUIRED.includes(field.name)) ?? dialog.querySelector("#cite-add")).focus();
  }

  /** Look an identifier up, on the server. One look-up lasts at a time. */
  async function lookUp(identifier, say) {
    if (isBusy) return;
    isBusy = true;
    say(gettext("Looking it up…"));
    const body = new FormData();
    body.set("q", identifier);
    const found = await post(dialog.dataset.lookUp, body);
    isBusy = false;
    say("");
    if (found?.source) choose(found.source, interpolate(gettext("The library has it already, as %(key)s."), found.source, true));
    else if (found?.fields && !found.reason) {
      empty();
      fill(found.fields, gettext("Filled in from the answer. Compare it, choose the kind of evidence, then add it."));
    } else if (found) {
      fill(found.fields ?? {}, found.reason ?? found.errors.__all__.join(" "));
      filled.classList.add("is-trouble");
    }
  }

  /** Post to an address of the dialog. Return its answer, or null if nobody is signed in, which the dialog then says. */
  async function post(address, body) {
    if (!(await maySave())) {
      repeatNotice();
      return null;
    }
    calm();
    const token = document.querySelector("#article_form [name=csrfmiddlewaretoken]").value;
    const refused = (reason) => ({ errors: { __all__: [reason] } });
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
      return await answer.json();
    } catch (error) {
      // fetch raises TypeError where there is no connection
      return error instanceof TypeError
        ? refused(gettext("The site cannot be reached. Try again once you are connected."))
        : refused(gettext("It could not be saved. Are you still signed in?"));
    }
  }

  function show(errors) {
    for (const [name, messages] of Object.entries(errors ?? {})) {
      const line = dialog.querySelector(`#cite-${name}-error`) ?? trouble;
      line.textContent = messages.join(" ");
    }
    const first = dialog.querySelector("#cite-fields .errorlist:not(:empty)");
    for (let part = first?.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    first?.parentElement.querySelector("[name]").focus();
  }

  async function add() {
    if (isBusy) return;
    isBusy = true;
    const body = new FormData();
    for (const field of fields) body.set(field.name, field.value);
    const found = await post(dialog.dataset.add, body);
    isBusy = false;
    if (found?.source) {
      empty();
      cite(found.source);
    } else if (found?.known) {
      empty();
      choose(found.known, found.errors.__all__.join(" "));
    } else if (found) show(found.errors);
  }

  /** Offer the key that the source would get, so that it can be changed. */
  async function proposeKey() {
    const field = own.querySelector("input");
    if (!own.open || field.value) return;
    const address = new URL(dialog.dataset.key, location.href);
    for (const name of ["title", "authors", "editors", "year"]) {
      address.searchParams.set(name, dialog.querySelector(`#cite-fields [name=${name}]`).value);
    }
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      const { key } = await answer.json();
      if (!field.value) field.value = key;
    } catch {
      // Without an answer the field stays empty, and the key is made when the source is added.
    }
  }

  dialog.querySelector("#cite-add").addEventListener("click", add);
  own.addEventListener("toggle", proposeKey);
  return { lookUp };
}
