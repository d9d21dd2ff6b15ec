/* Who else has this form open, and whether somebody has saved since it was opened. */

import { element, facts, form, language, notice, parts } from "../js/forms/desk.js";
import { isSignedIn } from "../js/forms/session.js";

const BEAT = 20_000;
let next = 0;

async function beat() {
  clearTimeout(next);
  if (document.visibilityState === "hidden") return;
  next = setTimeout(beat, BEAT);
  if (!(await isSignedIn())) return;
  const body = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
    version: form.elements.seen_version?.value ?? facts.version,
  });
  try {
    const answer = await fetch(facts.presenceUrl, { method: "POST", body, redirect: "manual" });
    if (answer.ok) show(await answer.json());
    else document.dispatchEvent(new CustomEvent("form:session-doubt"));
  } catch {
    // No connection: the next beat tries again, and saving says so.
  }
}

function show({ others, newer, locked }) {
  const names = new Intl.ListFormat(language).format(others);
  const open = ngettext("%(names)s has this article open too.", "%(names)s have this article open too.", others.length);
  say("presence", others.length ? parts(open, { names }) : []);
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

/** Says it once: the same words again are not announced again. */
function say(name, words) {
  const message = words.length ? element("p", {}, ...words) : null;
  const place = notice(name);
  if (place.textContent !== (message?.textContent ?? "")) place.replaceChildren(...(message ? [message] : []));
}

if (form && facts?.presenceUrl) {
  document.addEventListener("visibilitychange", beat);
  beat();
}
