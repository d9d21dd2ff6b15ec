/* Who else has this form open, and whether somebody has saved since it was opened. */

import { element, facts, form, notice } from "./desk.js";
import { isSignedIn } from "./session.js";

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
    else document.dispatchEvent(new CustomEvent("article:session-doubt"));
  } catch {
    // No connection: the next beat tries again, and saving says so.
  }
}

function show({ others, newer, locked }) {
  say("presence", others.length ? [`${listed(others)} ${others.length > 1 ? "have" : "has"} this form open too.`] : []);
  const reload = () => element("a", { href: window.location.pathname }, "Reload");
  if (locked && !facts.locked) {
    say("newer", ["The board is reading this text now: nothing can be saved. ", reload(), " to see what they read, and until when."]);
  } else if (newer) {
    const who = newer.own ? "You have saved a newer version in another window" : `${newer.by} has saved a newer version`;
    say("newer", [`${who} on ${newer.at}. `, reload(), " to see it, or go on: saving shows both before anything is replaced."]);
  } else {
    say("newer", []);
  }
}

function listed(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
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
