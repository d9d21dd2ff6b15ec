/* The preview beside the form: what is being written, as a reader's page in a frame. Nothing is stored. */

import { editorOf, element, facts, forEachEditor, form } from "../js/forms/desk.js";

const PAUSE = 800;
const PATIENCE = 15_000;
const OPEN_KEY = "article-preview:open";
const WIDTH_KEY = "article-preview:width";
const isNarrow = window.matchMedia("(max-width: 1199px)");

const opener = document.querySelector(".preview-open");
const template = document.querySelector("#preview-template");
let panel = null;
let stage = null;
let shown = null;
let loading = null;
let sent = "";
let isStale = false;
let waiting = 0;
let serial = 0;

/* What is shown: the current values of the form. */

/** Return the names and values of all fields but files, with the current text of the editors. */
function fields() {
  const found = Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && !name.includes("__prefix__"));
  const picture = form.elements.hero_image;
  if (picture?.files?.length) found.push(["hero_image-waits", "1"]);
  return found.map(([name, value]) => [name, editorOf(form.elements[name] ?? {})?.getData() ?? value]);
}

/** Post the fields as a separate form, so that the response is an ordinary page with its own policy. */
function post(target, values) {
  const poster = element("form", { method: "post", action: facts.previewUrl, target, enctype: "multipart/form-data", hidden: true });
  poster.append(...values.map(([name, value]) => element("input", { type: "hidden", name, value })));
  document.body.append(poster);
  poster.submit();
  poster.remove();
}

/* Two frames take turns: one is shown while the next one loads, so nothing flickers and “Back” has no extra steps. */

function update() {
  clearTimeout(waiting);
  if (!panel) return;
  if (loading) {
    isStale = true;
    return;
  }
  const values = fields();
  const now = JSON.stringify(values.filter(([name]) => name !== "csrfmiddlewaretoken"));
  if (now === sent && shown) return;
  sent = now;
  const frame = element("iframe", { name: `preview-${(serial += 1)}`, title: gettext("The article as readers would get it"), className: "is-loading" });
  loading = frame;
  stage.append(frame);
  fit();
  const patience = setTimeout(() => settle(frame, false), PATIENCE);
  frame.addEventListener("load", () => {
    const page = pageIn(frame);
    if (page?.URL === "about:blank") return; // a browser's first, empty page
    clearTimeout(patience);
    settle(frame, Boolean(page));
  });
  post(frame.name, values);
}

function pageIn(frame) {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}

/** Replace the shown frame by one that has loaded, at its scroll position. If loading failed, keep the old one. */
function settle(frame, hasLoaded) {
  if (frame !== loading) return;
  loading = null;
  say(hasLoaded ? "" : gettext("The preview could not be brought up to date. Your words are not touched; it is tried again as you write."));
  if (hasLoaded) {
    const top = shown ? shown.contentWindow.scrollY : 0;
    const page = frame.contentDocument;
    page.addEventListener("click", openElsewhere);
    page.addEventListener("keydown", onKey);
    shown?.remove();
    shown = frame;
    frame.classList.remove("is-loading");
    frame.contentWindow.scrollTo({ top, behavior: "instant" });
  } else {
    sent = "";
    frame.remove();
    document.dispatchEvent(new CustomEvent("form:session-doubt"));
  }
  if (isStale) {
    isStale = false;
    update();
  }
}

function say(words) {
  const place = panel?.querySelector(".preview-trouble");
  if (place && place.textContent !== words) place.textContent = words;
}

/** Open a link of the page in a new tab, but follow links within the page in place. */
function openElsewhere(event) {
  const link = event.target.closest("a[href]");
  if (!link || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  window.open(link.href, "_blank", "noopener");
}

function updateSoon() {
  clearTimeout(waiting);
  if (panel) waiting = setTimeout(update, PAUSE);
}

/* The panel: its widths, opening and closing. */

const remembered = (store, key) => {
  try {
    return window[store].getItem(key);
  } catch {
    return null;
  }
};

function remember(store, key, value) {
  try {
    window[store].setItem(key, value);
  } catch {
    // The next preview starts at the width of a phone again.
  }
}

let width = Number(remembered("localStorage", WIDTH_KEY)) || 390;

function setWidth(pixels) {
  width = pixels;
  remember("localStorage", WIDTH_KEY, String(pixels));
  for (const button of panel.querySelectorAll("[data-width]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.width) === pixels));
  }
  fit();
}

/** Give each frame the width of the device, and scale it down if the panel is narrower. */
function fit() {
  if (!stage) return;
  const { clientWidth, clientHeight } = stage;
  const scale = Math.min(1, clientWidth / width);
  for (const frame of stage.children) {
    frame.style.width = `${width}px`;
    frame.style.height = `${clientHeight / scale}px`;
    frame.style.transform = `scale(${scale})`;
    frame.style.left = `${Math.max(0, (clientWidth - width * scale) / 2)}px`;
  }
}

function open() {
  if (panel) return;
  panel = template.content.firstElementChild.cloneNode(true);
  stage = panel.querySelector(".preview-stage");
  document.body.append(panel);
  panel.querySelector(".preview-close").addEventListener("click", close);
  panel.querySelector(".preview-tab").addEventListener("click", () => post("_blank", fields()));
  panel.querySelector(".preview-widths").addEventListener("click", (event) => {
    if (event.target.dataset.width) setWidth(Number(event.target.dataset.width));
  });
  new ResizeObserver(fit).observe(stage);
  setWidth(width);
  document.body.classList.add("with-preview");
  opener.setAttribute("aria-expanded", "true");
  remember("sessionStorage", OPEN_KEY, facts.article);
  cover();
  update();
}

function close() {
  if (!panel) return;
  const hadFocus = isNarrow.matches || panel.contains(document.activeElement);
  panel.remove();
  panel = stage = shown = loading = null;
  document.body.classList.remove("with-preview");
  opener.setAttribute("aria-expanded", "false");
  remember("sessionStorage", OPEN_KEY, "");
  cover();
  if (hadFocus) opener.focus();
}

/** Make the form inert while the panel covers it. */
function cover() {
  const covers = Boolean(panel) && isNarrow.matches;
  document.querySelector("#container").inert = covers;
  if (covers) panel.focus();
}

function onKey(event) {
  if (event.defaultPrevented) return; // an editor's document may send the event twice
  if (event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey && event.code === "KeyP") {
    event.preventDefault();
    if (panel) close();
    else open();
  }
  const isInPanel = panel && (panel.contains(event.target) || event.view !== window);
  if (event.key === "Escape" && isInPanel) close();
}

function start() {
  opener.setAttribute("aria-expanded", "false");
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    if (panel) close();
    else open();
  });
  document.addEventListener("keydown", onKey);
  isNarrow.addEventListener("change", cover);
  form.addEventListener("input", updateSoon);
  form.addEventListener("formset:added", updateSoon);
  form.addEventListener("formset:removed", updateSoon);
  // The choosers in the rows announce a choice only by jQuery.
  if (window.django?.jQuery) window.django.jQuery(form).on("change", updateSoon);
  forEachEditor((editor) => {
    editor.on("change", updateSoon);
    editor.on("contentDom", () => editor.document.on("keydown", (event) => onKey(event.data.$)));
    editor.document.on("keydown", (event) => onKey(event.data.$));
  });
  if (remembered("sessionStorage", OPEN_KEY) === facts.article && !isNarrow.matches) open();
}

if (form && facts && opener && template) start();
