/* The number of unread notifications beside the link to the inbox. It is asked for when a page opens and when somebody
   comes back to it; without an answer there is no number. */
const link = document.getElementById("inbox-link");
const count = document.getElementById("inbox-count");

async function show() {
  if (document.hidden) return;
  try {
    const response = await fetch(link.dataset.unread, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return;
    const { shown, said } = await response.json();
    count.hidden = !shown;
    count.textContent = shown;
    count.setAttribute("aria-label", said);
  } catch {
    // The network is gone: the page itself says so where it matters.
  }
}

show();
document.addEventListener("visibilitychange", show);
