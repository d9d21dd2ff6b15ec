/* No save goes into a sign-in that has ended: it would be answered with the sign-in page, and the words be gone. */

import { noteSent } from "./arrived.js";
import { element, facts, form, notice, parts } from "./desk.js";

const TOKENS = 'input[name="csrfmiddlewaretoken"]';
/** How long the server may take, in milliseconds, before the page says that it does not answer. */
const PATIENCE = 15_000;
/** How long a second click counts as the same, in milliseconds: a new row would be stored twice. */
const DOUBLE_CLICK = 2_000;

let isAsking = false;
let isCleared = false;
let isOut = false;
let sentAt = -Infinity;

/** What the server says of the sign-in; null where it answers oddly, which is no reason to hold words back. */
export async function ask(query = "") {
  const answer = await fetch(facts.sessionUrl + query, {
    headers: { Accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
  return answer.ok ? answer.json() : null;
}

/** Whether a save would arrive; says on the page why not, and mends the form's tokens after another sign-in. */
export async function maySave() {
  let session;
  try {
    session = await ask();
  } catch {
    trouble(gettext("The site cannot be reached. Your words are kept in this browser; save again in a moment."));
    return false;
  }
  if (session && !session.signed_in) {
    const link = element("a", { href: facts.loginUrl, target: "_blank", rel: "noopener" }, gettext("Sign in again in another tab"));
    trouble(...parts(gettext("You have been signed out. Nothing is lost: %(link)s, then save here."), { link }));
    isOut = true;
    return false;
  }
  if (session && String(session.user) !== facts.user) {
    const message = gettext("%(other)s is signed in in this browser now. To save as %(person)s, sign in again as yourself.");
    trouble(interpolate(message, { other: session.name, person: facts.userName }, true));
    isOut = true;
    return false;
  }
  if (session) for (const token of document.querySelectorAll(TOKENS)) token.value = session.csrf;
  if (isOut) {
    trouble(gettext("You are signed in again. Save now."));
    notice("session").classList.add("is-mended");
  }
  else document.getElementById("notice-session")?.replaceChildren();
  isOut = false;
  return true;
}

/** Whether there is any point in asking for something: after a refusal, look first whether somebody has signed in again. */
export const isSignedIn = async () => !isOut || maySave();

function trouble(...words) {
  const place = notice("session", { urgent: true });
  const message = element("p", {}, ...words);
  if (place.textContent !== message.textContent) place.replaceChildren(message);
  place.classList.remove("is-mended");
  place.scrollIntoView({ block: "nearest" });
}

async function onSubmit(event) {
  const target = event.target;
  if (target !== form && !target.matches(".verb-form, [data-session-check]")) return;
  if (isCleared) {
    if (target === form) {
      sentAt = performance.now();
      document.dispatchEvent(new CustomEvent("form:sent"));
      if (facts.row) noteSent(facts);
    }
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (isAsking || (facts.row && performance.now() - sentAt < DOUBLE_CLICK)) return;
  isAsking = true;
  const cleared = await maySave();
  isAsking = false;
  if (!cleared) return;
  isCleared = true;
  target.requestSubmit(event.submitter);
  isCleared = false;
}

if (facts) {
  window.addEventListener("submit", onSubmit, true);
  window.addEventListener("focus", () => isOut && maySave());
  // A heartbeat or a preview was refused: look whether the sign-in still stands, and say so before the next save.
  document.addEventListener("form:session-doubt", maySave);
}
