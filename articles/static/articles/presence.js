/* Who else has this form open and where they type, and whether somebody has saved since it was opened. */

import { element, facts, forEachEditor, form, labelOf, language, notice, parts } from "../js/forms/desk.js";
import { isSignedIn } from "../js/forms/session.js";

const BEAT = 8_000;
let next = 0;
/** Where this person has typed since the last beat, as others read it. */
let typingIn = "";

async function beat() {
  clearTimeout(next);
  if (!facts.presenceUrl || document.visibilityState === "hidden") return;
  next = setTimeout(beat, BEAT);
  if (!(await isSignedIn())) return;
  const body = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
    version: form.elements.seen_version?.value ?? facts.version,
    typing_in: typingIn,
  });
  typingIn = "";
  try {
    const answer = await fetch(facts.presenceUrl, { method: "POST", body, redirect: "manual" });
    if (answer.ok) {
      document.dispatchEvent(new CustomEvent("form:reached"));
      show(await answer.json());
    }
    else document.dispatchEvent(new CustomEvent("form:session-doubt"));
  } catch {
    // There is no connection. The next beat tries again, and saving would show it.
  }
}

function show({ others, newer, locked }) {
  say("presence", [...others.filter((one) => one.typing_in).map(writes), haveItOpen(others.filter((one) => !one.typing_in))].filter(Boolean));
  const reload = element("a", { href: window.location.pathname }, gettext("Reload"));
  if (locked && !facts.locked) {
    const message = gettext("The board is reading this text now: nothing can be saved. %(reload)s to see what they read, and until when.");
    say("newer", parts(message, { reload }));
  } else if (newer) {
    const message = newer.own
      ? gettext("You have saved a newer version in another window on %(time)s. %(reload)s to see it, or go on: saving shows both before anything is replaced.")
      : gettext("%(person)s has saved a newer version on %(time)s. %(reload)s to see it, or go on: saving shows both before anything is replaced.");
    say("newer", parts(message, { person: newer.by, time: newer.at, reload }));
  } else {
    say("newer", []);
  }
}

const writes = ({ name, typing_in: place }) => `${interpolate(gettext("%(name)s is writing in %(place)s."), { name, place }, true)} `;

function haveItOpen(others) {
  if (!others.length) return "";
  const names = new Intl.ListFormat(language).format(others.map(({ name }) => name));
  return interpolate(ngettext("%(names)s has this article open too.", "%(names)s have this article open too.", others.length), { names }, true);
}

/** Return the heading above the cursor of an editor, or "". */
function headingAbove(editor) {
  const block = editor.elementPath()?.block?.$ ?? editor.elementPath()?.blockLimit?.$;
  for (let before = block; before && before !== editor.editable().$; before = before.previousElementSibling ?? before.parentElement) {
    if (/^H[2-4]$/.test(before.tagName)) return before.textContent.trim();
  }
  return "";
}

function noteEditor(editor) {
  const heading = headingAbove(editor);
  const name = labelOf(document.getElementById(editor.name));
  typingIn = heading ? interpolate(gettext("%(field)s, “%(heading)s”"), { field: name, heading }, true) : name;
}

/** Show a notice, unless it has the same words already: a screen reader would announce them again. */
function say(name, words) {
  const message = words.length ? element("p", {}, ...words) : null;
  const place = notice(name);
  if (place.textContent !== (message?.textContent ?? "")) place.replaceChildren(...(message ? [message] : []));
}

if (form && facts) {
  document.addEventListener("visibilitychange", beat);
  document.addEventListener("page:refreshed", beat); // a new article has an address from its first save on
  form.addEventListener("input", ({ target }) => {
    if (target?.name) typingIn = labelOf(target);
  });
  forEachEditor((editor) => editor.on("key", () => noteEditor(editor)));
  beat();
}
