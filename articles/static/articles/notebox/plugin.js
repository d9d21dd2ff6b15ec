/* The note box: `<aside class="note">` around one or more paragraphs. Pressing the button again removes it, and the
   paragraphs stay. One leaves it by Enter in an empty last paragraph, by the arrow down at its end, or by Ctrl+End. */
(function () {
  "use strict";

  const ENTER = 13;
  const DOWN = 40;
  const boxOf = (path) => path?.contains((element) => element.is("aside") && element.hasClass("note"));

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

  const isElement = (node) => node.type === CKEDITOR.NODE_ELEMENT;
  const isEmpty = (block) => !block.getText().replace(/[\s\u200b]/g, "") && !block.findOne("img, sup, table");
  /** Whether one can write in this block. A table or a box at the very end of a text has nothing behind it to write in. */
  const takesText = (block) => block.is("p", "h2", "h3", "h4", "ul", "ol");

  /** Put the caret into a block. */
  function goTo(editor, block, isEnd = false) {
    const range = editor.createRange();
    if (isEnd) range.moveToElementEditEnd(block);
    else range.moveToElementEditStart(block);
    range.select();
    editor.getSelection().scrollIntoView();
  }

  /** Return a new empty paragraph behind a block. */
  function paragraphAfter(editor, block) {
    const made = editor.document.createElement("p");
    made.appendBogus();
    made.insertAfter(block);
    return made;
  }

  /** Change the text as one step of the undo history. */
  function step(editor, change) {
    editor.fire("saveSnapshot");
    change();
    editor.fire("saveSnapshot");
  }

  /** Leave the box by Enter in an empty last paragraph, which goes behind it. */
  function leaveByEnter(editor, box, block) {
    if (!block?.is("p") || !isEmpty(block) || !block.equals(box.getLast(isElement)) || !block.getPrevious(isElement)) return false;
    step(editor, () => {
      block.insertAfter(box);
      goTo(editor, block);
    });
    return true;
  }

  /** Leave a box that is at the end of the text by the arrow down in its last line. */
  function leaveDown(editor, box, range) {
    const end = editor.createRange();
    end.moveToElementEditEnd(box);
    const bottom = bottomOf(end) ?? box.getLast(isElement)?.$.getBoundingClientRect().bottom;
    const here = bottomOf(range) ?? bottom;
    if (Math.abs(bottom - here) > 4) return false;
    const next = box.getNext(isElement);
    if (next && takesText(next)) return false; // the browser goes there
    step(editor, () => goTo(editor, paragraphAfter(editor, box)));
    return true;
  }

  /** Return where the line of a caret ends, or undefined where the browser draws none. */
  function bottomOf(range) {
    const native = range.document.$.createRange();
    native.setStart(range.startContainer.$, range.startOffset);
    const { bottom, height } = native.getBoundingClientRect();
    return height ? bottom : undefined;
  }

  /** Go behind the last block, into a new paragraph if one cannot write in the last one. Return whether there is a new one. */
  function goToEnd(editor) {
    const last = editor.editable().getLast(isElement);
    if (!last || takesText(last)) return false;
    step(editor, () => goTo(editor, paragraphAfter(editor, last)));
    return true;
  }

  function listen(editor) {
    editor.on("key", (event) => {
      const { keyCode } = event.data;
      if (editor.readOnly || ![ENTER, DOWN, CKEDITOR.CTRL + 35].includes(keyCode)) return;
      const range = editor.getSelection()?.getRanges()[0];
      if (!range?.collapsed) return;
      const path = editor.elementPath();
      const box = boxOf(path);
      const isLeft = {
        [ENTER]: () => box && leaveByEnter(editor, box, path.block),
        [DOWN]: () => box && leaveDown(editor, box, range),
        [CKEDITOR.CTRL + 35]: () => goToEnd(editor),
      }[keyCode]();
      if (isLeft) event.cancel();
    }, null, null, 5);
    editor.on("contentDom", () => {
      const editable = editor.editable();
      // A click below the last block writes behind it.
      editable.attachListener(editor.document, "mouseup", ({ data: { $: event } }) => {
        const last = editable.getLast(isElement);
        if (editor.readOnly || event.button || !last || event.clientY <= last.$.getBoundingClientRect().bottom) return;
        if (![editable.$, editor.document.$.documentElement].includes(event.target)) return;
        if (!goToEnd(editor) && editor.getSelection()?.getRanges()[0]?.collapsed) goTo(editor, last, true);
      });
    });
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
      listen(editor);
    },
  });
})();
