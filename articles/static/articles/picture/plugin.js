/* The picture: `<figure><img src alt width height><figcaption>Caption. <em>Credit</em></figcaption></figure>`.
   The dialog (dialog.js) chooses it from the library or adds it there. Files that are dropped or pasted are added by the
   dialog too, so a text never contains a picture as base64. The caption can also be edited in the text. */
(function () {
  "use strict";

  const IS_OURS = /^\/media\/pictures\/[0-9a-f]{64}\.(jpg|png|webp|avif)$/;

  const STYLE = `
    figure { margin: 1.5em 0; }
    figure img { display: block; max-width: 100%; height: auto; border-radius: .5rem; }
    figure img:not([alt]), figure img[alt=""] { outline: 3px solid #c0392b; }
    figcaption { margin-top: .5rem; font-size: .875em; line-height: 1.5; opacity: .85; }
  `;

  const isSpace = (node) => node.type === CKEDITOR.NODE_TEXT && !node.value.trim();

  /** Return whether a parsed element is a figure of this plug-in, and not, for example, one around a table. */
  function isPicture(element) {
    if (element.name !== "figure") return false;
    const [image, caption, ...others] = element.children.filter((node) => !isSpace(node));
    return image?.name === "img" && !others.length && (!caption || caption.name === "figcaption");
  }

  /** Return caption and credit as the dialog shows them: the credit is the emphasis at the end. */
  function wordsOf(figcaption) {
    if (!figcaption) return { caption: "", credit: "" };
    const copy = figcaption.cloneNode(true);
    for (const mark of copy.querySelectorAll("sup[data-cite], .cke_widget_drag_handler_container")) mark.remove();
    const last = copy.lastChild?.nodeName === "EM" ? copy.lastChild : null;
    last?.remove();
    const words = (node) => (node?.textContent ?? "").replace(/[\s\u200b]+/g, " ").trim();
    return { caption: words(copy), credit: words(last) };
  }

  /** Return the content of a figcaption as HTML. */
  function captionOf({ caption, credit }) {
    const holder = document.createElement("figcaption");
    const needsEnd = caption && credit && !/[.!?…:;]["'”’)]*$/.test(caption);
    holder.append(caption + (needsEnd ? "." : "") + (caption && credit ? " " : ""));
    if (credit) {
      const em = document.createElement("em");
      em.textContent = credit;
      holder.append(em);
    }
    return holder.innerHTML;
  }

  function figureOf(picture) {
    const figure = document.createElement("figure");
    const image = document.createElement("img");
    for (const name of ["alt", "width", "height"]) image.setAttribute(name, picture[name]);
    image.setAttribute("src", picture.url);
    figure.append(image);
    const words = captionOf(picture);
    if (words) {
      const figcaption = document.createElement("figcaption");
      figcaption.innerHTML = words;
      figure.append(figcaption);
    }
    return figure.outerHTML;
  }

  function pictureAtCursor(editor) {
    if (editor.widgets.focused) return editor.widgets.focused.name === "picture" ? editor.widgets.focused : null;
    const start = editor.getSelection()?.getStartElement();
    const figure = start && start.getAscendant("figure", true);
    const widget = figure && editor.widgets.getByElement(figure);
    return widget?.name === "picture" ? widget : null;
  }

  /** Move the cursor out of its paragraph: before it if the cursor is at its beginning, and behind it otherwise. */
  function leaveParagraph(editor) {
    const range = editor.getSelection().getRanges()[0];
    if (!range) return;
    range.collapse(false);
    const path = new CKEDITOR.dom.elementPath(range.startContainer, editor.editable());
    const list = path.elements.filter((element) => element.is("ul", "ol")).at(-1);
    const block = list ?? path.block;
    const isEmpty = !list && range.checkStartOfBlock() && range.checkEndOfBlock();
    if (block && !isEmpty && !block.is("td", "th")) {
      const isBefore = !list && range.checkStartOfBlock();
      range.moveToPosition(block, isBefore ? CKEDITOR.POSITION_BEFORE_START : CKEDITOR.POSITION_AFTER_END);
    }
    range.select();
  }

  /** Insert a new figure at the cursor. If the text would end with it, add an empty paragraph to continue in. */
  function insert(editor, picture, bookmarks) {
    editor.focus();
    if (bookmarks) editor.getSelection().selectBookmarks(bookmarks);
    leaveParagraph(editor);
    const before = new Set(Object.keys(editor.widgets.instances));
    editor.insertHtml(figureOf(picture));
    const id = Object.keys(editor.widgets.instances).find((key) => !before.has(key) && editor.widgets.instances[key].name === "picture");
    const wrapper = editor.widgets.instances[id]?.wrapper;
    if (wrapper && !wrapper.getNext((node) => node.type === CKEDITOR.NODE_ELEMENT && !node.hasAttribute("data-cke-temp"))) {
      const paragraph = editor.document.createElement("p");
      paragraph.appendBogus();
      paragraph.insertAfter(wrapper);
      const behind = editor.createRange();
      behind.moveToElementEditStart(paragraph);
      behind.select();
    }
    wrapper?.scrollIntoView();
    editor.fire("saveSnapshot");
  }

  /** Replace the picture and the words of a figure in the text. An unchanged caption keeps its citation marks. */
  function change(editor, widget, picture, before) {
    editor.focus();
    editor.fire("saveSnapshot");
    widget.setData({ src: picture.url, alt: picture.alt, width: picture.width, height: picture.height });
    if (picture.caption !== before.caption || picture.credit !== before.credit) {
      let figcaption = widget.element.findOne("figcaption");
      if (!figcaption) {
        figcaption = editor.document.createElement("figcaption");
        widget.element.append(figcaption);
        figcaption.setHtml(captionOf(picture));
        widget.initEditable("caption", CAPTION);
      } else if (widget.editables.caption) widget.editables.caption.setData(captionOf(picture));
    }
    editor.fire("saveSnapshot");
    widget.focus();
  }

  const CAPTION = { selector: "figcaption", allowedContent: "em strong sub; sup[!data-cite]; a[!href]" };

  CKEDITOR.plugins.add("picture", {
    requires: "widget,clipboard",

    onLoad() {
      CKEDITOR.addCss(STYLE);
      CKEDITOR.document.appendStyleSheet(CKEDITOR.getUrl(`${this.path}../../pictures/pictures.css`));
    },

    beforeInit(editor) {
      editor.config.clipboard_handleImages = false; // it would write them into the text as base64
    },

    init(editor) {
      const isOffered = (editor.config.toolbar_House ?? []).flat().includes("Picture");
      const path = this.path;
      const dialog = () => import(CKEDITOR.getUrl(`${path}dialog.js`));
      const addresses = editor.config.pictureLibrary;

      editor.widgets.add("picture", {
        allowedContent: "figure figcaption; img[!src,alt,width,height]",
        requiredContent: "figure",
        editables: { caption: CAPTION },
        pathName: "picture",
        upcast: isPicture,
        downcast(element) {
          const caption = element.getFirst("figcaption");
          if (caption) delete caption.attributes.style; // CKEditor leaves it there after editing
          if (caption && !caption.getHtml().replace(/<br ?\/?>|&nbsp;|\s/g, "")) caption.remove();
          return element;
        },
        init() {
          const image = this.element.findOne("img");
          const read = (name) => image.getAttribute(name) ?? "";
          this.setData({ src: image.data("cke-saved-src") || read("src"), alt: read("alt"), width: read("width"), height: read("height") });
          this.on("edit", (event) => {
            event.cancel();
            editor.execCommand("picture");
          });
        },
        data() {
          const image = this.element.findOne("img");
          image.data("cke-saved-src", this.data.src);
          for (const name of ["src", "alt"]) image.setAttribute(name, this.data[name]);
          for (const name of ["width", "height"]) {
            if (this.data[name]) image.setAttribute(name, this.data[name]);
            else image.removeAttribute(name);
          }
        },
      });
      if (!isOffered) return;

      /** Open the dialog for one file after the other, or once if there is none. */
      async function run(files) {
        const widget = files.length ? null : pictureAtCursor(editor);
        const before = widget ? wordsOf(widget.element.findOne("figcaption")?.$) : null;
        const current = widget && { url: widget.data.src, alt: widget.data.alt, width: widget.data.width, height: widget.data.height, ...before };
        let bookmarks = editor.getSelection()?.createBookmarks2(true);
        const { choosePicture } = await dialog();
        for (const file of files.length ? files : [null]) {
          const picture = await choosePicture({ ...addresses, file, current });
          if (picture && widget) change(editor, widget, picture, before);
          else if (picture) insert(editor, picture, bookmarks);
          else editor.focus();
          if (picture) bookmarks = null; // the next one is inserted behind it
        }
      }

      editor.addCommand("picture", {
        async: true,
        allowedContent: "figure figcaption; img[!src,alt,width,height]",
        exec() {
          run([]).finally(() => editor.fire("afterCommandExec", { name: "picture", command: editor.getCommand("picture") }));
        },
      });
      editor.setKeystroke(CKEDITOR.CTRL + CKEDITOR.SHIFT + 80, "picture");
      editor.ui.addButton("Picture", { label: gettext("Picture"), command: "picture", toolbar: "insert,20", title: gettext("Picture") });

      // Runs before the clipboard's listeners. Picture files that are pasted without text are added to the library.
      editor.on(
        "paste",
        (event) => {
          const { dataTransfer, dataValue } = event.data;
          const files = Array.from({ length: dataTransfer.getFilesCount() }, (_, place) => dataTransfer.getFile(place));
          const pictures = files.filter((file) => file?.type.startsWith("image/"));
          if (!pictures.length) return;
          const html = dataValue || dataTransfer.getData("text/html") || "";
          const pasted = new DOMParser().parseFromString(html, "text/html");
          const isOne = [...pasted.images].some((image) => IS_OURS.test(image.getAttribute("src")));
          if (isOne || pasted.body.textContent.trim()) return; // text with pictures is pasted as text
          event.stop();
          event.cancel();
          run(pictures);
        },
        null,
        null,
        0,
      );
    },
  });
})();
