/* For the page after a save: if it says that the save has succeeded, delete the copies of what was sent. */

/** The copies of forms other than the article's, which knows from its version whether a save has arrived. */
export const FORM_COPY = "form-copy:";
const SENT = "form-sent";

/** Note what was sent from this page, for the next page in this tab. */
export function noteSent({ user, row }) {
  try {
    sessionStorage.setItem(SENT, JSON.stringify({ copies: `${FORM_COPY}${user}:${row}:`, path: location.pathname }));
  } catch {
    // The copy stays, and is offered to the user again.
  }
}

function drop() {
  try {
    const sent = JSON.parse(sessionStorage.getItem(SENT));
    sessionStorage.removeItem(SENT);
    const from = document.referrer && new URL(document.referrer);
    const isNext = from && from.origin === location.origin && from.pathname === sent?.path;
    if (!isNext || !document.querySelector(".messagelist .success")) return;
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(sent.copies))) {
      if (JSON.parse(localStorage.getItem(key)).sent) localStorage.removeItem(key);
    }
  } catch {
    // The storage is blocked, so there is no copy to delete.
  }
}

drop();
