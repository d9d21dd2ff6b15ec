/* Sends comments and replies without leaving the review page, and puts what the server answers into it. */
import { countCharacters } from "./character_count.js";

/* Post a form. Return the review page to which the server redirects, or null if it does not: a refusal, a sign-in.
   Reject if there is no connection. */
export async function post(form, button) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return answer.redirected && page.getElementById("board") ? page : null;
}

/* Add the threads that are new in `page`, and replace the thread with the id `changed`. */
export function takeThreads(page, changed) {
  let before = document.getElementById("remarkHome");
  for (const thread of page.querySelectorAll("#comments .thread")) {
    const here = document.getElementById(thread.id);
    if (!here) before.after(thread);
    else if (thread.id === changed) here.replaceWith(thread);
    before = document.getElementById(thread.id);
    if (before === thread) countCharacters(thread);
  }
  const tallies = page.querySelectorAll(".tally");
  document.querySelectorAll(".tally").forEach((tally, place) => tally.replaceChildren(tallies[place]?.textContent ?? ""));
}
