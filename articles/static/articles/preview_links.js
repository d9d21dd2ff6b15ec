/* The page of an article's preview links: copies the new one. */

const field = document.querySelector("#new-link");
const button = document.querySelector("#copy-link");

if (field && button) {
  button.hidden = false;
  field.focus();
  field.select();
  button.addEventListener("click", async () => {
    const said = document.querySelector("#copied");
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = gettext("Copied.");
    } catch {
      field.select();
      said.textContent = gettext("Your browser does not let us copy it. It is selected: press Ctrl+C or ⌘C.");
    }
  });
}
