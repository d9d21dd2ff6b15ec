/* What is pasted from Word, Google Docs or a page becomes the few elements that a text has here:
   no spans, no styles, no classes; headings from h2 down; bold and italic as strong and em. */
(function () {
  "use strict";

  const RENAME = { H1: "h2", H5: "h4", H6: "h4", B: "strong", I: "em" };
  const UNWRAP = "span, font, u, o\\:p, section, article, header, footer, main, center, details, summary, label, ins";
  const DROP = "style, script, meta, link, title, xml, template, noscript, iframe, object, svg, math, input, button, del";
  const KEEP = {
    A: ["href", "title"],
    IMG: ["src", "alt", "width", "height"],
    SUP: ["data-cite"],
    TH: ["colspan", "rowspan", "scope"],
    TD: ["colspan", "rowspan"],
    OL: ["start"],
    ASIDE: ["class"],
  };

  function rename(element, name) {
    const other = element.ownerDocument.createElement(name);
    other.append(...element.childNodes);
    element.replaceWith(other);
    return other;
  }

  /** Google Docs writes bold and italic as styles of a span, and wraps everything in a bold that is not. */
  function meaningOfStyles(root) {
    for (const wrapper of root.querySelectorAll("b[id^='docs-internal'], b[style*='font-weight:normal'], b[style*='font-weight: normal']")) {
      wrapper.replaceWith(...wrapper.childNodes);
    }
    for (const span of root.querySelectorAll("span[style]")) {
      const { fontWeight, fontStyle, verticalAlign } = span.style;
      const heading = span.closest("h1, h2, h3, h4, h5, h6");
      if ((fontWeight === "bold" || Number(fontWeight) >= 600) && !heading) {
        const strong = span.ownerDocument.createElement("strong");
        strong.append(...span.childNodes);
        span.append(strong);
      }
      if (fontStyle === "italic") {
        const em = span.ownerDocument.createElement("em");
        em.append(...span.childNodes);
        span.append(em);
      }
      if (verticalAlign === "super" || verticalAlign === "sub") {
        const shifted = span.ownerDocument.createElement(verticalAlign === "super" ? "sup" : "sub");
        shifted.append(...span.childNodes);
        span.append(shifted);
      }
    }
  }

  function clean(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const root = page.body;
    const comments = page.createNodeIterator(root, NodeFilter.SHOW_COMMENT);
    for (let comment = comments.nextNode(); comment; comment = comments.nextNode()) comment.remove();
    for (const element of root.querySelectorAll(DROP)) element.remove();
    meaningOfStyles(root);
    for (const element of root.querySelectorAll(Object.keys(RENAME).join(", "))) rename(element, RENAME[element.tagName]);
    for (const element of root.querySelectorAll(UNWRAP)) element.replaceWith(...element.childNodes);
    for (const element of root.querySelectorAll("div")) {
      const holdsBlocks = element.querySelector("p, h2, h3, h4, ul, ol, table, blockquote, div, figure, aside");
      if (holdsBlocks) element.replaceWith(...element.childNodes);
      else rename(element, "p");
    }
    for (const element of root.querySelectorAll("*")) {
      const kept = KEEP[element.tagName] ?? [];
      for (const { name, value } of [...element.attributes]) {
        if (!kept.includes(name) || (name === "class" && value !== "note")) element.removeAttribute(name);
      }
      if (element.tagName === "A" && !/^(https?:|mailto:|\/|#)/i.test(element.getAttribute("href") ?? "")) {
        element.replaceWith(...element.childNodes);
      }
    }
    for (const element of root.querySelectorAll("td > p:only-child, th > p:only-child, li > p:only-child")) {
      element.replaceWith(...element.childNodes);
    }
    for (const element of root.querySelectorAll("p, h2, h3, h4, li, strong, em")) {
      if (!element.textContent.replace(/\u00a0/g, " ").trim() && !element.querySelector("img, sup[data-cite], br")) element.remove();
    }
    for (const element of root.querySelectorAll("br")) {
      if (element.parentElement === root) element.remove();
    }
    for (const image of root.querySelectorAll("img")) {
      if (!image.getAttribute("src")?.startsWith("/media/")) image.remove();
    }
    return root.innerHTML;
  }

  CKEDITOR.plugins.add("cleanpaste", {
    requires: "clipboard",
    init(editor) {
      const isHtml = (data) => data.type !== "text" && /</.test(data.dataValue);
      const isWord = (html) => /urn:schemas-microsoft-com|class="?Mso|mso-/i.test(html);
      // Before the editor drops the styles that say what is bold or italic; Word's lists its own filter knows.
      editor.on("paste", ({ data }) => {
        if (isHtml(data) && !isWord(data.dataValue)) data.dataValue = clean(data.dataValue);
      }, null, null, 1);
      // And once more on what the other filters left.
      editor.on("paste", ({ data }) => {
        if (isHtml(data)) data.dataValue = clean(data.dataValue);
      }, null, null, 50);
    },
  });
  CKEDITOR.cleanPaste = clean;
})();
