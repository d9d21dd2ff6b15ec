// Optional: marks the current section in the contents, and hides a source's tooltip on Escape.
const links = new Map();
for (const link of document.querySelectorAll("#contents a")) {
  const part = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (part) links.set(part, link);
}

function showWhere() {
  const line = innerHeight / 3;
  let here = null;
  for (const part of links.keys()) {
    if (part.getBoundingClientRect().top <= line) here = part;
  }
  for (const [part, link] of links) {
    if (part === here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

if (links.size) {
  let isAsked = false;
  const ask = () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      showWhere();
    });
  };
  addEventListener("scroll", ask, { passive: true });
  addEventListener("resize", ask, { passive: true });
  ask();
}

// WCAG 2.2, 1.4.13: content that appears on hover can be dismissed without moving the pointer.
const text = document.querySelector("article");
addEventListener("keydown", (event) => {
  if (event.key === "Escape") text?.classList.add("no-tips");
});
for (const kind of ["pointerover", "focusin"]) {
  text?.addEventListener(kind, (event) => {
    if (event.target.closest(".mark a")) text.classList.remove("no-tips");
  });
}
