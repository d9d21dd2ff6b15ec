/* The dialog of special characters. It inserts one at the cursor and closes. */

const dialog = document.querySelector("#symbols");

if (dialog) {
  const name = dialog.querySelector("#symbol-name");
  const buttons = Array.from(dialog.querySelectorAll(".symbol-row button"));
  let editor = null;
  let bookmarks = null;

  document.addEventListener("editor:tool", ({ detail }) => {
    if (detail.tool !== "symbols") return;
    editor = detail.editor;
    bookmarks = editor.getSelection()?.createBookmarks2(true);
    dialog.showModal();
    buttons[0].focus();
  });

  function insert(character) {
    dialog.close();
    editor.focus();
    if (bookmarks) editor.getSelection().selectBookmarks(bookmarks);
    editor.fire("saveSnapshot");
    editor.insertText(character);
    editor.fire("saveSnapshot");
  }

  /** Return the button above or below: the one of another row of the screen that is nearest to this one's middle. */
  function beside(button, isDown) {
    const { left, width, top } = button.getBoundingClientRect();
    const others = buttons.map((other) => ({ other, box: other.getBoundingClientRect() }));
    const rows = others.filter(({ box }) => (isDown ? box.top > top + 1 : box.top < top - 1));
    const nearest = isDown ? Math.min(...rows.map(({ box }) => box.top)) : Math.max(...rows.map(({ box }) => box.top));
    const row = rows.filter(({ box }) => Math.abs(box.top - nearest) < 2);
    const distance = ({ box }) => Math.abs(box.left + box.width / 2 - left - width / 2);
    return row.sort((one, two) => distance(one) - distance(two))[0]?.other;
  }

  dialog.addEventListener("click", ({ target }) => {
    const button = target.closest(".symbol-row button");
    if (button) insert(button.value);
  });
  dialog.addEventListener("focusin", ({ target }) => {
    if (target.matches(".symbol-row button")) name.textContent = target.title;
  });
  dialog.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    if (at < 0) return;
    const next = {
      ArrowRight: () => buttons[at + 1],
      ArrowLeft: () => buttons[at - 1],
      ArrowDown: () => beside(buttons[at], true),
      ArrowUp: () => beside(buttons[at], false),
      Home: () => buttons[0],
      End: () => buttons.at(-1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    next()?.focus();
  });
  dialog.addEventListener("close", () => editor?.focus());
}
