/* Formatting from the keyboard: keys for headings, “## ” and “- ” at the beginning of a paragraph, and an address pasted
   over words, which becomes their link. */
(function () {
  "use strict";

  const HEADINGS = { 48: "p", 50: "h2", 51: "h3", 52: "h4" }; // the digits 0, 2, 3, 4
  const BEGINNINGS = { "##": "h2", "###": "h3", "####": "h4", "-": "bulletedlist", "*": "bulletedlist", "1.": "numberedlist" };
  const LONGEST_BEGINNING = 5; // with the space
  const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;

  const isKnown = (editor, kind) => editor.getCommand(kind)?.checkAllowed() ?? editor.activeFilter.check(kind);

  /** Make headings or paragraphs of the blocks of the selection. */
  function setBlocks(editor, name) {
    const style = new CKEDITOR.style({ element: name });
    if (!style.checkActive(editor.elementPath(), editor)) editor.applyStyle(style);
  }

  /** Return the text node, its paragraph and the kind of block that begins there, if that was just typed. */
  function beginning(editor) {
    const { anchorNode: node, anchorOffset: offset, isCollapsed } = editor.document.$.getSelection();
    if (!isCollapsed || node?.nodeType !== Node.TEXT_NODE || offset > LONGEST_BEGINNING) return null;
    const typed = node.data.slice(0, offset);
    const kind = /[ \u00a0]$/.test(typed) ? BEGINNINGS[typed.slice(0, -1)] : null;
    const paragraph = node.parentElement;
    if (!kind || paragraph.localName !== "p" || paragraph.firstChild !== node || paragraph.closest("li")) return null;
    return isKnown(editor, kind) ? { node, offset, kind, paragraph: new CKEDITOR.dom.element(paragraph) } : null;
  }

  /** Turn a typed beginning into its block. One step back in the history gives the characters back. */
  function format(editor, { node, offset, kind, paragraph }) {
    editor.fire("saveSnapshot");
    editor.fire("lockSnapshot", { dontUpdate: true });
    node.deleteData(0, offset);
    if (!paragraph.getText().trim() && !paragraph.findOne("img, sup, br")) paragraph.appendBogus();
    const range = editor.createRange();
    range.moveToElementEditStart(paragraph);
    range.select();
    if (editor.getCommand(kind)) editor.execCommand(kind);
    else setBlocks(editor, kind);
    editor.fire("unlockSnapshot");
    editor.fire("saveSnapshot");
  }

  /** Return the address in a clipboard as it may stand in a link, without what tracks readers; otherwise null. */
  function addressIn(transfer) {
    const text = transfer.getData("text/plain").trim();
    if (!ADDRESS.test(text)) return null;
    const link = document.createElement("a");
    link.setAttribute("href", text);
    link.textContent = text;
    return new DOMParser().parseFromString(CKEDITOR.cleanPaste(link.outerHTML), "text/html").querySelector("a")?.getAttribute("href") ?? null;
  }

  /** Return whether words of one block are selected that are no address themselves. */
  function areWordsSelected(editor) {
    const range = editor.getSelection()?.getRanges()[0];
    const words = editor.getSelection()?.getSelectedText().trim();
    if (!range || range.collapsed || !words || ADDRESS.test(words)) return false;
    const [start, end] = [range.startPath(), range.endPath()];
    return (start.block ?? start.blockLimit).equals(end.block ?? end.blockLimit);
  }

  function link(editor, href) {
    editor.fire("saveSnapshot");
    const style = new CKEDITOR.style({ element: "a", attributes: { href, "data-cke-saved-href": href } });
    style.type = CKEDITOR.STYLE_INLINE; // “a” would otherwise be a style of objects
    editor.applyStyle(style);
    editor.fire("saveSnapshot");
  }

  CKEDITOR.plugins.add("typing", {
    requires: "link,list,format,cleanpaste",

    init(editor) {
      editor.on("key", (event) => {
        const name = HEADINGS[event.data.keyCode - CKEDITOR.CTRL - CKEDITOR.ALT];
        // On some keyboards, AltGr, which is Ctrl+Alt, writes a character with these digits.
        if (!name || editor.readOnly || event.data.domEvent.$.getModifierState?.("AltGraph") || !isKnown(editor, name)) return;
        editor.fire("saveSnapshot");
        setBlocks(editor, name);
        editor.fire("saveSnapshot");
        event.cancel();
      });
      editor.on("contentDom", () => {
        editor.editable().attachListener(editor.editable(), "input", ({ data: { $: event } }) => {
          const isSpace = event.inputType === "insertText" && /^[ \u00a0]$/.test(event.data ?? "");
          const begun = isSpace && !event.isComposing ? beginning(editor) : null;
          if (begun) format(editor, begun);
        });
      });
      // Before the pasted text is read.
      editor.on("paste", (event) => {
        const href = event.data.dataTransfer && areWordsSelected(editor) ? addressIn(event.data.dataTransfer) : null;
        if (!href) return;
        event.cancel();
        link(editor, href);
      }, null, null, 0);
    },

    // Ctrl+K is the search of the newsroom; without it, the button names Ctrl+L.
    afterInit(editor) {
      editor.setKeystroke(CKEDITOR.CTRL + 75, false);
    },
  });
})();
