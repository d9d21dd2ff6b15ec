/* The surface to write on: the editor grows with its text, leaves the right mouse button to the browser, and has buttons
   for tools that belong to the page: the table dialog, special characters, find and replace, and the full screen. */
(function () {
  "use strict";

  /** Keep the editor as high as its text, so that the page scrolls and the editor does not. */
  function grow(editor) {
    const least = Number(editor.config.height);
    let observer = null;
    editor.on("contentDom", () => {
      const { body, documentElement } = editor.document.$;
      documentElement.style.overflow = "auto hidden"; // a wide table scrolls sideways
      body.style.minHeight = `${least}px`;
      observer?.disconnect();
      observer = new ResizeObserver(() => {
        const scrollBar = editor.window.$.innerHeight - documentElement.clientHeight;
        editor.ui.space("contents").setStyle("height", `${Math.ceil(body.offsetHeight) + scrollBar}px`);
      });
      observer.observe(body);
    });
    editor.on("destroy", () => observer?.disconnect());
  }

  /** Leave the right mouse button, and the keys that open a menu, to the browser: its menu has spelling and look-up. */
  function leaveMenu(editor) {
    editor.contextMenu.addTarget = () => {};
    for (const keys of [CKEDITOR.SHIFT + 121, CKEDITOR.CTRL + CKEDITOR.SHIFT + 121]) editor.setKeystroke(keys, false);
  }

  /** Put the line that offers a new paragraph beside a table outside the text: inside, it could be saved with the words. */
  function keepLineOutside(editor) {
    const showLine = () => {
      const { line } = editor._.magiclineBackdoor.that;
      line.attach = () => {
        if (!line.wrap.getParent()) line.wrap.appendTo(editor.document.getDocumentElement());
        return line;
      };
    };
    editor.on("contentDom", showLine, null, null, 100); // after the plug-in has made its line
  }

  /** On a phone the toolbar is one row that scrolls sideways: the keyboard reaches it, and its edge fades while there is more. */
  function scrollSideways(row) {
    if (window.matchMedia("(max-width: 48rem)").matches) row.setAttribute("tabindex", "0");
    const look = () => row.classList.toggle("has-more", row.scrollLeft + row.clientWidth < row.scrollWidth - 2);
    row.addEventListener("scroll", look, { passive: true });
    new ResizeObserver(look).observe(row);
  }

  /** Name, label, title and keys of each tool. A module of the page listens for `editor:tool` and does the work. */
  const TOOLS = [
    ["HouseTable", gettext("Table"), gettext("Table"), null],
    ["Symbols", gettext("Ω"), gettext("Special characters"), null],
    ["FindReplace", gettext("Find"), gettext("Find and replace"), CKEDITOR.CTRL + 70],
    ["FullScreen", gettext("Full screen"), gettext("Full screen"), CKEDITOR.CTRL + CKEDITOR.SHIFT + 70],
  ];

  CKEDITOR.plugins.add("surface", {
    requires: "contextmenu,magicline,tabletools",
    init(editor) {
      leaveMenu(editor);
      grow(editor);
      keepLineOutside(editor);
      editor.on("instanceReady", () => scrollSideways(editor.ui.space("top").findOne(".cke_toolbox").$));
      for (const [name, label, title, keys] of TOOLS) {
        const command = name.toLowerCase();
        editor.addCommand(command, {
          readOnly: true,
          editorFocus: false,
          exec: () => document.dispatchEvent(new CustomEvent("editor:tool", { detail: { tool: command, editor } })),
        });
        if (keys) editor.setKeystroke(keys, command);
        editor.ui.addButton(name, { label, title, command, toolbar: "tools,10" });
      }
      // In other programs, Ctrl+H opens replacing.
      editor.setKeystroke(CKEDITOR.CTRL + 72, "findreplace");
    },
  });
})();
