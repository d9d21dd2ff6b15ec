/* Check before a save that the session has not ended, because otherwise the sign-in page would replace the typed text. */

import { noteSent } from "./arrived.js";
import { element, facts, form, notice, parts } from "./desk.js";

const TOKENS = 'input[name="csrfmiddlewaretoken"]';
/** The time in milliseconds after which the page says that the server does not respond. */
const PATIENCE = 15_000;
/** The time in milliseconds within which a second click is ignored, so that a new row is not stored twice. */
const DOUBLE_CLICK = 2_000;

let isAsking = false;
let isCleared = false;
let isOut = false;
/** Whether the page says that the site cannot be reached. */
let isUnreached = false;
let sentAt = -Infinity;

/** Return what the server says about the session, or null for an unexpected response, which must not prevent a save. */
export async function ask(query = "") {
  const answer = await fetch(facts.sessionUrl + query, {
    headers: { Accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
  return answer.ok ? answer.json() : null;
}

/** Return whether a save would succeed; show the reason if not. After another sign-in, replace the form's tokens. */
export async function maySave() {
  let session;
  try {
    session = await ask();
  } catch {
    isUnreached = true;
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
  else calm();
  isOut = false;
  isUnreached = false;
  return true;
}

/** Remove the notice about the sign-in, because a save has succeeded. */
export function calm() {
  document.getElementById("notice-session")?.replaceChildren();
  isOut = false;
}

/** A request was answered, so what was said of the connection is no longer true. */
function reached() {
  if (isUnreached && !isOut) calm();
  isUnreached = false;
}

/** Return whether a request makes sense. After a refusal, first check whether somebody has signed in again. */
export const isSignedIn = async () => !isOut || maySave();

function trouble(...words) {
  const place = notice("session", { urgent: true });
  const message = element("p", {}, ...words);
  place.classList.remove("is-mended");
  if (place.textContent === message.textContent) return; // said already: who goes on writing is not interrupted again
  place.replaceChildren(message);
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
  // A heartbeat or a preview was refused: check whether the session has ended, and say so before the next save.
  document.addEventListener("form:session-doubt", maySave);
  document.addEventListener("form:reached", reached);
  window.addEventListener("online", () => isUnreached && maySave());
}
