/* Shows below a field how many characters are left, when few are left, or are too many. Text is never cut off. */

const FROM = 0.9;

export function countCharacters(root) {
  for (const field of root.querySelectorAll("textarea[data-at-most]")) {
    const most = Number(field.dataset.atMost);
    const line = document.createElement("p");
    line.className = "count";
    line.setAttribute("role", "status");
    field.after(line);
    const show = () => {
      // A line break counts as one character, as on the server.
      const left = most - field.value.length;
      const count = Math.abs(left);
      const words = left < 0
        ? ngettext("%(count)s character too many: nothing is cut, shorten it yourself", "%(count)s characters too many: nothing is cut, shorten it yourself", count)
        : ngettext("%(count)s character left", "%(count)s characters left", count);
      line.textContent = field.value.length < most * FROM ? "" : interpolate(words, { count }, true);
      line.classList.toggle("is-trouble", left < 0);
    };
    field.addEventListener("input", show);
    show();
  }
}
