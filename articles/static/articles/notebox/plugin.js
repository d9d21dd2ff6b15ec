/* The note box: `<aside class="note">` around one or more paragraphs. Pressing the button again removes it. */
(function () {
  "use strict";

  const boxOf = (path) => path.contains((element) => element.is("aside") && element.hasClass("note"));

  function wrap(editor) {
    const range = editor.getSelection().getRanges()[0];
    if (!range) return;
    const blocks = [];
    const walker = range.createIterator();
    walker.enlargeBr = false;
    for (let block = walker.getNextParagraph("p"); block; block = walker.getNextParagraph("p")) {
      // A list or table is put into the box as a whole.
      const outer = block.getParents().find((parent) => parent.getParent()?.equals(editor.editable())) ?? block;
      if (!blocks.some((other) => other.equals(outer))) blocks.push(outer);
    }
    if (!blocks.length) return;
    const bookmarks = editor.getSelection().createBookmarks();
    const box = editor.document.createElement("aside", { attributes: { class: "note" } });
    box.insertBefore(blocks[0]);
    for (const block of blocks) block.appendTo(box);
    editor.getSelection().selectBookmarks(bookmarks);
  }

  CKEDITOR.plugins.add("notebox", {
    init(editor) {
      editor.addCommand("notebox", {
        allowedContent: "aside(!note)",
        requiredContent: "aside(note)",
        contextSensitive: true,
        exec() {
          editor.fire("saveSnapshot");
          const box = boxOf(editor.elementPath());
          if (box) {
            const bookmarks = editor.getSelection().createBookmarks();
            box.remove(true);
            editor.getSelection().selectBookmarks(bookmarks);
          } else {
            wrap(editor);
          }
          editor.fire("saveSnapshot");
        },
        refresh(_, path) {
          this.setState(boxOf(path) ? CKEDITOR.TRISTATE_ON : CKEDITOR.TRISTATE_OFF);
        },
      });
      editor.ui.addButton("NoteBox", { label: gettext("Note box"), command: "notebox", toolbar: "insert,20" });
    },
  });
})();
