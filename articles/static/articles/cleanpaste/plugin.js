/* Reduces text pasted from Word, Google Docs or a page to the elements that an article may have:
   no spans, styles or classes; headings from h2 down; bold and italic as strong and em. No word of the text is lost or
   joined to the next one. What does not belong to the text (comments, deleted words, pictures of other sites) is left
   out and reported by the event `editor:pasted`. Text without formatting is reported by `editor:pasted-text`,
   and the sources of citations by `editor:pasted-citations`. */
(function () {
  "use strict";

  const RENAME = { H1: "h2", H5: "h4", H6: "h4", B: "strong", I: "em" };
  const UNWRAP = "span, font, u, o\\:p, section, article, header, footer, main, center, details, summary, label, ins";
  const DROP = "style, script, meta, link, title, xml, template, noscript, iframe, object, svg, math, input, button";
  /** What CKEditor draws beside a citation, which another editor's clipboard brings along. */
  const HANDLES = ".cke_widget_drag_handler_container, .cke_widget_drag_handler";
  const KEEP = {
    A: ["href", "title"],
    IMG: ["src", "alt", "width", "height"],
    SUP: ["data-cite"],
    TH: ["colspan", "rowspan", "scope"],
    TD: ["colspan", "rowspan"],
    OL: ["start", "type"],
    ASIDE: ["class"],
  };
  /** Numbering of lists: the names in CSS, and those of the attribute `type`. */
  const NUMBERING = { "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I" };
  const TRACKING = /^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|_hsenc|_hsmi)$/i;
  const words = (node) => node.textContent.replace(/[\s\u00a0]+/g, " ").trim();

  function rename(element, name) {
    const other = element.ownerDocument.createElement(name);
    for (const { name: attribute, value } of element.attributes) other.setAttribute(attribute, value);
    other.append(...element.childNodes);
    element.replaceWith(other);
    return other;
  }

  const unwrap = (element) => element.replaceWith(...element.childNodes);

  /** Google Docs writes bold and italic as styles of a span, and wraps everything in a <b> that is not bold. */
  function meaningOfStyles(root) {
    for (const wrapper of root.querySelectorAll("b[id^='docs-internal'], b[style*='font-weight:normal'], b[style*='font-weight: normal']")) {
      if (!/mso-/.test(wrapper.getAttribute("style") ?? "")) unwrap(wrapper);
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
    for (const list of root.querySelectorAll("ol[style]")) {
      const type = NUMBERING[list.style.listStyleType];
      if (type) list.setAttribute("type", type);
    }
  }

  /** Take out what is no part of the text, and note it in `left`: [kind, words] for each. */
  function leaveOut(root, left) {
    const out = (selector, kind) => {
      for (const element of root.querySelectorAll(selector)) {
        if (!element.isConnected) continue;
        if (kind && words(element)) left.push([kind, words(element)]);
        element.remove();
      }
    };
    // Word: a mark in the text ("[AB1]") and the comments at the end. What was commented on stays.
    out(".MsoCommentReference, hr.msocomoff, hr[width='33%'], a.msocomoff", "");
    for (const mark of root.querySelectorAll("a.msocomanchor")) {
      const around = mark.parentElement;
      mark.remove();
      if (around.localName === "span" && !words(around)) around.remove(); // a space that Word adds for the mark
    }
    out("div[style*='mso-element:comment'] .MsoCommentText, .msocomtxt", "comment");
    out("div[style*='mso-element:comment-list']", "");
    // Google Docs: marks ("[a]") that lead to comments at the end.
    for (const anchor of root.querySelectorAll("a[href^='#cmnt']:not([href^='#cmnt_ref'])")) (anchor.closest("sup") ?? anchor).remove();
    for (const back of root.querySelectorAll("a[href^='#cmnt_ref']")) {
      const note = back.closest("div, p") ?? back;
      back.remove();
      left.push(["comment", words(note)]);
      note.remove();
    }
    out("del, s, strike", "deleted");
    for (const span of root.querySelectorAll("span[style*='line-through']")) {
      if (words(span)) left.push(["deleted", words(span)]);
      span.remove();
    }
  }

  /** Put the text of each footnote into parentheses where its mark stands. */
  function footnotes(root, left) {
    for (const mark of root.querySelectorAll("a[href*='#_ftn'], a[href*='#_edn'], a[href*='#ftnt']")) {
      const name = mark.getAttribute("href").split("#")[1];
      if (/ref/.test(name) || !mark.isConnected) continue;
      const target = root.querySelector(`[name="${CSS.escape(name)}"], #${CSS.escape(name)}`);
      const note = target?.closest("div[style*='mso-element'], .MsoFootnoteText, .MsoEndnoteText, p, div, li");
      if (!note || note.contains(mark)) continue;
      target.remove();
      const text = words(note);
      note.remove();
      const place = mark.closest("sup") ?? mark;
      place.replaceWith(root.ownerDocument.createTextNode(text ? ` (${text.replace(/\.$/, "")})` : ""));
      if (text) left.push(["footnote", text]);
    }
    for (const list of root.querySelectorAll("div[style*='mso-element:footnote-list'], div[style*='mso-element:endnote-list']")) {
      if (!words(list)) list.remove();
    }
  }

  /** Return the address that a link leads to, without redirects of Google and parameters that track the reader. */
  function address(href) {
    if (!/^https?:/i.test(href)) return href;
    let url;
    try {
      url = new URL(href);
      if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") {
        const inner = url.searchParams.get("q") ?? url.searchParams.get("url");
        if (/^https?:/i.test(inner ?? "")) url = new URL(inner);
      }
    } catch {
      return href;
    }
    const tracked = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
    if (!tracked.length) return url.href === new URL(href).href ? href : url.href;
    for (const name of tracked) url.searchParams.delete(name);
    return url.href;
  }

  /** Pages have the keys of a mark as `data-keys`. One of another site becomes plain text: its keys may name other works. */
  function citations(root, left) {
    for (const mark of root.querySelectorAll("sup[data-keys]")) {
      const link = mark.querySelector("a[href]");
      if (!link) continue;
      if (link.getAttribute("href").startsWith("#") || link.href.startsWith(`${location.origin}/`)) mark.dataset.cite = mark.dataset.keys;
      else left.push(["citation", words(mark)]);
    }
  }

  /** Return the citation keys in cleaned HTML, each once. */
  function keysIn(html) {
    const marks = new DOMParser().parseFromString(html, "text/html").querySelectorAll("sup[data-cite]");
    return Array.from(new Set(Array.from(marks, (mark) => mark.dataset.cite.split(" ")).flat())).filter(Boolean);
  }

  function links(root, left) {
    for (const link of root.querySelectorAll("a")) {
      const href = address(link.getAttribute("href") ?? "");
      if (/^https:\/\/www\.zotero\.org\/google-docs\//.test(href)) {
        left.push(["citation", words(link)]);
        unwrap(link);
      } else if (/^(https?:|mailto:|\/|#(?!_|ftnt|cmnt|heading=|bookmark=))/i.test(href)) link.setAttribute("href", href);
      else {
        if (/^#/.test(href) && words(link)) left.push(["link", words(link)]);
        unwrap(link);
      }
    }
  }

  function pictures(root, left) {
    for (const image of root.querySelectorAll("img")) {
      if (image.getAttribute("src")?.startsWith("/media/")) continue;
      left.push(["picture", image.getAttribute("alt")?.trim() || gettext("without a description")]);
      image.remove();
    }
  }

  /** A space that alone is bold or italic, or alone in a span, stays as a space. */
  function keepSpaces(root) {
    for (const element of root.querySelectorAll("b, strong, i, em, u, span, font")) {
      if (/^[\s\u00a0]+$/.test(element.textContent) && !element.querySelector("img, br, sup")) {
        element.replaceWith(root.ownerDocument.createTextNode(" "));
      }
    }
  }

  function clean(html, left = []) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const root = page.body;
    const comments = page.createNodeIterator(root, NodeFilter.SHOW_COMMENT);
    for (let comment = comments.nextNode(); comment; comment = comments.nextNode()) comment.remove();
    for (const element of root.querySelectorAll(`${DROP}, ${HANDLES}`)) element.remove();
    leaveOut(root, left);
    footnotes(root, left);
    meaningOfStyles(root);
    keepSpaces(root);
    for (const element of root.querySelectorAll(Object.keys(RENAME).join(", "))) rename(element, RENAME[element.tagName]);
    for (const element of root.querySelectorAll(UNWRAP)) unwrap(element);
    for (const element of root.querySelectorAll("div")) {
      const holdsBlocks = element.querySelector("p, h2, h3, h4, ul, ol, table, blockquote, div, figure, aside");
      if (holdsBlocks) unwrap(element);
      else rename(element, "p");
    }
    citations(root, left);
    links(root, left);
    pictures(root, left);
    for (const element of root.querySelectorAll("*")) {
      const kept = KEEP[element.tagName] ?? [];
      for (const { name, value } of [...element.attributes]) {
        if (!kept.includes(name) || (name === "class" && value !== "note")) element.removeAttribute(name);
      }
    }
    for (const element of root.querySelectorAll("td > p:only-child, th > p:only-child, li > p:only-child")) unwrap(element);
    for (const element of root.querySelectorAll("p, h2, h3, h4, li, strong, em")) {
      if (!element.textContent.replace(/\u00a0/g, " ").trim() && !element.querySelector("img, sup[data-cite], br")) element.remove();
    }
    for (const element of root.querySelectorAll("br")) {
      if (element.parentElement === root) element.remove();
    }
    return root.innerHTML;
  }

  CKEDITOR.plugins.add("cleanpaste", {
    requires: "clipboard",
    init(editor) {
      const isHtml = (data) => data.type !== "text" && /</.test(data.dataValue);
      const isWord = (html) => /urn:schemas-microsoft-com|class="?Mso|mso-/i.test(html);
      const PLAIN = "div, span, p, br, pre, code, meta, style";
      /** Return whether pasted HTML has no formatting of its own, as from a code editor or a text file. */
      const isPlain = (html) => !new DOMParser().parseFromString(html, "text/html").body.querySelector(`*:not(${PLAIN})`);
      let left = [];
      let typed = "";
      let cited = [];
      // Runs before CKEditor drops the styles for bold and italic. Text from Word is left to CKEditor's filter for Word.
      editor.on("paste", ({ data }) => {
        [left, cited] = [[], []];
        typed = !isHtml(data) || isPlain(data.dataValue) ? (data.dataTransfer?.getData("text/plain") ?? "") : "";
        if (isHtml(data) && !isWord(data.dataValue)) data.dataValue = clean(data.dataValue, left);
      }, null, null, 1);
      // Runs again on the result of the other filters.
      editor.on("paste", ({ data }) => {
        if (isHtml(data)) data.dataValue = clean(data.dataValue, left);
        cited = keysIn(data.dataValue);
        if (left.length) document.dispatchEvent(new CustomEvent("editor:pasted", { detail: { left } }));
      }, null, null, 50);
      editor.on("afterPaste", () => {
        if (cited.length) document.dispatchEvent(new CustomEvent("editor:pasted-citations", { detail: { editor, keys: cited } }));
        if (typed) document.dispatchEvent(new CustomEvent("editor:pasted-text", { detail: { editor, text: typed } }));
      });
    },
  });
  CKEDITOR.cleanPaste = clean;
})();
