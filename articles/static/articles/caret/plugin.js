/* The caret beside an inline widget (a citation): what is typed always goes into the text.
   Chromium puts the caret into the widget at the beginning or end of a block, where it takes no key, and inserts nothing
   between a widget and the edge of its block. */
(function () {
  "use strict";

  const INLINE = ".cke_widget_wrapper.cke_widget_inline";
  const BACK = new Set(["Home", "ArrowLeft", "ArrowUp"]);
  const MODIFIERS = ["Shift", "Control", "Alt", "Meta"];
  const BLOCKS = "p, h2, h3, h4, li, td, th, caption, figcaption, blockquote, aside";

  /** Return the inline widget that this node is in, unless one can write there. */
  function widgetAround(node) {
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    return element?.closest(".cke_widget_editable") ? null : (element?.closest(INLINE) ?? null);
  }

  /** Put the caret in front of a widget or behind it. CKEditor adds a filling character where the browser needs one. */
  function put(editor, widget, isBehind) {
    const range = editor.createRange();
    range.moveToPosition(new CKEDITOR.dom.element(widget), isBehind ? CKEDITOR.POSITION_AFTER_END : CKEDITOR.POSITION_BEFORE_START);
    range.select();
    editor.widgets.checkSelection();
  }

  /** Return whether the caret is between two nodes, one of them a widget, where the browser would not insert text. */
  function isBesideWidget({ anchorNode, anchorOffset, isCollapsed }) {
    if (!isCollapsed || anchorNode?.nodeType !== Node.ELEMENT_NODE) return false;
    return [anchorNode.childNodes[anchorOffset - 1], anchorNode.childNodes[anchorOffset]].some((node) => node?.matches?.(INLINE));
  }

  const blockOf = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest(BLOCKS);

  /** Return whether a key inserts text, also by an input method or an on-screen keyboard. */
  function inserts(event) {
    const { key = "", ctrlKey, metaKey, altKey } = event;
    if (["Process", "Unidentified", "Dead"].includes(key)) return true;
    return key.length === 1 && !metaKey && (event.getModifierState?.("AltGraph") || !(ctrlKey || altKey));
  }

  CKEDITOR.plugins.add("caret", {
    requires: "widget",
    init(editor) {
      let lastKey = "";
      let lastBlock = null;
      const native = () => editor.document.$.getSelection();

      /** Return on which side of a widget the caret belongs: an arrow into another block meets its near end first. */
      function isBehind(widget) {
        const isOtherBlock = /^Arrow(Left|Right)$/.test(lastKey) && lastBlock && blockOf(widget) !== lastBlock;
        return BACK.has(lastKey) === Boolean(isOtherBlock);
      }

      /** Take the caret out of a widget. Return whether it was in one. */
      function leave() {
        const selection = native();
        const widget = selection?.isCollapsed ? widgetAround(selection.anchorNode) : null;
        if (widget) put(editor, widget, isBehind(widget));
        return Boolean(widget);
      }

      /** Make sure that what this key inserts goes into the text. */
      function prepare(event) {
        if (editor.readOnly || event.isComposing || MODIFIERS.includes(event.key)) return;
        const chosen = editor.widgets.focused;
        const isText = inserts(event);
        if (chosen?.inline && isText) put(editor, chosen.wrapper.$, isBehind(chosen.wrapper.$));
        else if (!leave() && (isText || event.key === "Enter") && isBesideWidget(native())) editor.getSelection().getRanges()[0].select();
        lastKey = event.key ?? "";
        lastBlock = blockOf(native()?.anchorNode);
      }

      editor.on("contentDom", () => {
        const editable = editor.editable();
        editable.attachListener(editor.document, "selectionchange", () => {
          leave(); // returns nothing: CKEditor stops an event if a listener returns false
        });
        editable.attachListener(editable, "mousedown", () => {
          lastKey = "";
        });
        // Before CKEditor selects the widget that an arrow, Backspace or Delete comes to, and before widgets refuse the key.
        editable.attachListener(editable, "keydown", ({ data }) => prepare(data.$), null, null, -100);
        editable.attachListener(editable, "keyup", ({ data: { $: event } }) => {
          const chosen = editor.widgets.focused;
          if (chosen?.inline && (event.key === "Home" || event.key === "End")) put(editor, chosen.wrapper.$, event.key === "End");
        });
      });
    },
  });
})();
