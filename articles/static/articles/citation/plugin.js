/* The citation mark: `<sup data-cite="abbasi2012 boyle2017"></sup>`, an atom in the text that names sources by key.
   It holds no number; numbers are given when the text is rendered. */
(function () {
  "use strict";

  const KEY = /^[a-z][a-z0-9-]{1,39}$/;

  /** The sources attached in the form below the editor: [{key, title}]. */
  function attached() {
    return Array.from(document.querySelectorAll('select[name^="article_sources-"][name$="-source"]'))
      .filter((select) => !select.name.includes("__prefix__") && select.selectedOptions.length)
      .map((select) => select.selectedOptions[0].textContent.trim())
      .filter((text) => text.includes(":"))
      .map((text) => ({ key: text.slice(0, text.indexOf(":")), title: text.slice(text.indexOf(":") + 1).trim() }));
  }

  function keysOf(text) {
    return Array.from(new Set(text.split(/[\s,;]+/).map((key) => key.replace(/^@/, "").toLowerCase()).filter(Boolean)));
  }

  CKEDITOR.plugins.add("citation", {
    requires: "widget,dialog",

    init(editor) {
      delete CKEDITOR.dtd.$removeEmpty.sup;

      CKEDITOR.dialog.add("citation", () => ({
        title: "Cite",
        minWidth: 420,
        minHeight: 120,
        contents: [
          {
            id: "info",
            elements: [
              {
                type: "text",
                id: "keys",
                label: "Citation keys, the most important first",
                validate() {
                  const keys = keysOf(this.getValue());
                  if (!keys.length) return "Give at least one citation key, such as abbasi2012.";
                  const odd = keys.find((key) => !KEY.test(key));
                  return odd ? `“${odd}” is no citation key: small letters and digits, such as abbasi2012.` : true;
                },
                setup(widget) {
                  this.setValue(widget.data.keys || "");
                },
                commit(widget) {
                  widget.setData("keys", keysOf(this.getValue()).join(" "));
                },
              },
              {
                type: "html",
                id: "list",
                html: '<div class="cite-list" role="group" aria-label="Sources at hand"></div>',
                onShow() {
                  const list = this.getElement().$;
                  const field = this.getDialog().getContentElement("info", "keys");
                  list.textContent = "";
                  const sources = attached();
                  if (!sources.length) {
                    list.textContent = "No sources are attached yet. Add them below the text under “Sources at hand”.";
                  }
                  for (const { key, title } of sources) {
                    const label = document.createElement("label");
                    const box = document.createElement("input");
                    box.type = "checkbox";
                    box.checked = keysOf(field.getValue()).includes(key);
                    box.addEventListener("change", () => {
                      const keys = keysOf(field.getValue()).filter((other) => other !== key);
                      field.setValue((box.checked ? [...keys, key] : keys).join(" "));
                    });
                    const words = document.createElement("span");
                    words.textContent = `${key} – ${title}`;
                    label.append(box, words);
                    list.append(label);
                  }
                },
              },
            ],
          },
        ],
      }));

      editor.widgets.add("citation", {
        inline: true,
        button: "Cite",
        dialog: "citation",
        allowedContent: "sup[!data-cite]",
        requiredContent: "sup[data-cite]",
        template: '<sup data-cite=""></sup>',
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
        },
        data() {
          this.element.setAttribute("data-cite", this.data.keys);
          this.element.setText(`[${this.data.keys.split(" ").join(", ")}]`);
        },
      });
    },
  });
})();
