/* The citation mark: `<sup data-cite="abbasi2012 boyle2017"></sup>`, an indivisible element that names sources by key.
   The saved mark has no number. The editor shows the number that readers will see, in the order of first use. */
(function () {
  "use strict";

  /** Return the keys of the sources in the form, without those marked for removal. */
  function attached() {
    return Array.from(document.querySelectorAll('select[name^="article_sources-"][name$="-source"]'))
      .filter((select) => !select.name.includes("__prefix__") && select.selectedOptions.length)
      .filter((select) => !select.closest(".inline-related")?.querySelector('input[name$="-DELETE"]:checked'))
      .map((select) => select.selectedOptions[0].textContent.trim().split(":")[0])
      .filter(Boolean);
  }

  /** Return the editors in the order of their texts on the page. */
  const editors = () => ["id_body", "id_safety_note"].map((id) => CKEDITOR.instances[id]).filter((editor) => editor?.document);

  /** Number all citation marks of the article again. A mark whose source is no longer attached shows “?” and a tooltip. */
  function renumber() {
    const known = new Set(attached());
    const numbers = new Map();
    for (const editor of editors()) {
      editor.fire("lockSnapshot");
      for (const mark of editor.document.find("sup[data-cite]").toArray()) {
        const keys = mark.getAttribute("data-cite").split(" ").filter(Boolean);
        for (const key of keys) if (known.has(key) && !numbers.has(key)) numbers.set(key, numbers.size + 1);
        const gone = keys.filter((key) => !known.has(key));
        const shown = keys.filter((key) => known.has(key)).map((key) => numbers.get(key)).sort((one, other) => one - other);
        const text = [...shown, ...gone.map(() => "?")].join(",");
        if (mark.getText() !== text) mark.setText(text);
        mark.$.classList.toggle("gone", gone.length > 0);
        const missing = interpolate(gettext("Not among the article’s sources: %(keys)s"), { keys: gone.join(", ") }, true);
        mark.$.title = gone.length ? missing : keys.join(", ");
      }
      editor.fire("unlockSnapshot");
    }
  }

  /** Put the cursor behind the new mark, so that the writer can continue there. */
  function writeOnAfter(editor) {
    const made = editor.widgets.focused;
    if (!made) return;
    const range = editor.createRange();
    range.moveToPosition(made.wrapper, CKEDITOR.POSITION_AFTER_END);
    range.select();
  }

  let waiting = 0;
  function renumberSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(renumber, 150);
  }

  CKEDITOR.plugins.add("citation", {
    requires: "widget",

    init(editor) {
      delete CKEDITOR.dtd.$removeEmpty.sup;

      editor.widgets.add("citation", {
        inline: true,
        allowedContent: "sup[!data-cite]",
        requiredContent: "sup[data-cite]",
        pathName: "citation",
        upcast(element) {
          if (element.name !== "sup" || !element.attributes["data-cite"]) return false;
          element.children.length = 0;
          return true;
        },
        downcast(element) {
          element.children.length = 0;
          element.attributes = { "data-cite": this.data.keys };
        },
        init() {
          this.setData("keys", this.element.getAttribute("data-cite"));
          this.on("edit", (event) => {
            event.cancel();
            editor.execCommand("citation");
          });
        },
        data() {
          this.element.setAttribute("data-cite", this.data.keys);
          renumberSoon();
        },
      });

      // The dialog belongs to the form (cite_dialog.js), and passes the keys to `insert`.
      editor.addCommand("citation", {
        async: true,
        exec() {
          const widget = editor.widgets.focused?.name === "citation" ? editor.widgets.focused : null;
          const snapshot = editor.getSelection().createBookmarks2(true);
          document.dispatchEvent(
            new CustomEvent("article:cite", {
              detail: {
                keys: widget ? widget.data.keys.split(" ") : [],
                insert: (keys) => {
                  editor.focus();
                  if (widget && keys.length) widget.setData("keys", keys.join(" "));
                  else if (widget) editor.widgets.del(widget);
                  else if (keys.length) {
                    editor.getSelection().selectBookmarks(snapshot);
                    const range = editor.getSelection().getRanges()[0];
                    range?.collapse(false);
                    range?.select();
                    editor.insertHtml(`<sup data-cite="${keys.join(" ")}"></sup>`);
                    writeOnAfter(editor);
                  }
                  editor.fire("saveSnapshot");
                  renumberSoon();
                },
                close: () => {
                  editor.focus();
                  editor.fire("afterCommandExec", { name: "citation", command: editor.getCommand("citation") });
                },
              },
            }),
          );
        },
      });
      editor.setKeystroke(CKEDITOR.CTRL + CKEDITOR.SHIFT + 69, "citation");
      editor.ui.addButton("Citation", { label: gettext("Cite"), command: "citation", toolbar: "insert,10", title: gettext("Cite") });
      editor.on("change", renumberSoon);
      editor.on("contentDom", renumberSoon);
    },
  });

  document.addEventListener("article:sources", renumberSoon);
  document.addEventListener("change", (event) => {
    if (event.target.name?.startsWith("article_sources-")) renumberSoon();
  });
  document.addEventListener("formset:added", renumberSoon);
  document.addEventListener("formset:removed", renumberSoon);
})();
