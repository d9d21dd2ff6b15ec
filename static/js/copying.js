// Buttons that copy a text of the page. data-copy names the element with the text; data-copied and data-selected are what
// to say after it was copied, and where the browser does not let a page copy.

// data-today names the style in which to write today's date, in place of the words that ask the reader to fill it in.

const DATE_FORMS = {
  // “November 30, 2026”
  ama: (day) => day.toLocaleDateString("en-US", { dateStyle: "long" }),
  // “2026 Nov 30”
  vancouver: (day) => `${day.getFullYear()} ${day.toLocaleDateString("en-US", { month: "short" })} ${day.getDate()}`,
};

for (const place of document.querySelectorAll("[data-today]")) {
  place.textContent = DATE_FORMS[place.dataset.today](new Date());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(text);
      status.textContent = button.dataset.selected;
    }
  });
}
