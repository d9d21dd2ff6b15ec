/* The Link dialog offers only links that are kept on saving (core/html.py), and has a search for our own articles; a click
   on a result fills in its address. */

const address = document.querySelector("#cite")?.dataset.links;

function results(dialog, articles) {
  const list = document.createElement("div");
  for (const article of articles) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-found";
    button.textContent = article.title;
    button.addEventListener("click", () => {
      dialog.setValueOf("info", "linkType", "url");
      dialog.setValueOf("info", "protocol", "");
      dialog.setValueOf("info", "url", article.url);
      const text = dialog.getContentElement("info", "linkDisplayText");
      if (text?.isVisible() && !text.getValue()) text.setValue(article.title);
    });
    list.append(button);
  }
  if (!articles.length) list.textContent = gettext("No published article found.");
  return list;
}

/** Take out what would be removed on saving: protocols, telephone numbers, anchors, and the text of an email. */
function offerKept(info) {
  const only = (id, kept) => {
    const field = info.get(id);
    field.items = field.items.filter(([, value]) => kept.includes(value));
  };
  only("protocol", ["https://", "http://", ""]);
  only("linkType", ["url", "email"]);
  info.remove("emailBody");
}

window.CKEDITOR?.on("dialogDefinition", ({ data }) => {
  if (data.name !== "link") return;
  const info = data.definition.getContents("info");
  offerKept(info);
  if (!address) return;
  let waiting = 0;
  info.add(
    {
      type: "vbox",
      children: [
        {
          type: "text",
          id: "ours",
          label: gettext("Find one of our articles"),
          onKeyup() {
            clearTimeout(waiting);
            waiting = setTimeout(async () => {
              const place = this.getDialog().getContentElement("info", "oursFound").getElement().$;
              const url = new URL(address, location.href);
              url.searchParams.set("q", this.getValue());
              const answer = await fetch(url);
              const { articles } = answer.ok ? await answer.json() : { articles: [] };
              place.replaceChildren(results(this.getDialog(), articles));
            }, 200);
          },
        },
        { type: "html", id: "oursFound", html: '<div class="link-results" role="status"></div>' },
      ],
    },
    "linkDisplayText",
  );
});
