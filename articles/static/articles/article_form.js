/* The article's form: counts, keys, and nothing left behind by accident. */

import { language } from "../js/forms/desk.js";
import { checkSoon, showFindings } from "./findings.js";

const form = document.querySelector("#article_form");

/** The text of the editor as it stands, without marks. */
function bodyText() {
  const editor = window.CKEDITOR?.instances.id_body;
  const html = editor ? editor.getData() : (document.querySelector("#id_body")?.value ?? "");
  const holder = new DOMParser().parseFromString(html, "text/html");
  for (const mark of holder.querySelectorAll("sup[data-cite]")) mark.remove();
  return holder.body.textContent;
}

function count() {
  const place = document.querySelector("#counts");
  if (!place || !document.querySelector("#id_body")) return;
  const words = (bodyText().match(/\S+/g) ?? []).length;
  // The reading time is in the preview, as readers see it: a second one here would differ from it.
  const message = ngettext("%(words)s word", "%(words)s words", words);
  place.textContent = interpolate(message, { words: words.toLocaleString(language) }, true);
}

/** Whether the form holds words that are not saved. A form that came back with an error does from the start. */
const state = { dirty: document.querySelector(".conflict, .errornote") !== null };

function markDirty() {
  if (!state.dirty) document.dispatchEvent(new CustomEvent("form:dirty"));
  state.dirty = true;
}

/** What a clock in `zone` shows at this moment, as if it were UTC: the difference is the zone's offset. */
const shownIn = (zone, moment) => Date.parse(`${moment.toLocaleString("en-US", { timeZone: zone })} UTC`);

/** Beside a moment typed in the newsroom's zone, the same moment where the writer sits. */
function showOwnTime(sheet) {
  const [day, time] = [sheet.querySelector("[name$='-at_0']"), sheet.querySelector("[name$='-at_1']")];
  const line = sheet.querySelector(".own-time");
  if (!day || !line) return;
  const typed = new Date(`${day.value}T${time.value || "00:00"}Z`);
  const { zone } = sheet.closest("[data-zone]").dataset;
  if (Number.isNaN(typed.getTime())) {
    line.textContent = "";
    return;
  }
  const moment = new Date(typed.getTime() - (shownIn(zone, typed) - shownIn("UTC", typed)));
  const own = moment.toLocaleString(language, { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  line.textContent = interpolate(gettext("Where you are, that is %(time)s."), { time: own }, true);
}

for (const sheet of document.querySelectorAll(".verb-sheet")) {
  sheet.addEventListener("input", () => showOwnTime(sheet));
}

if (form) {
  form.addEventListener("input", () => {
    markDirty();
    checkSoon();
  });
  document.addEventListener("article:sources", () => checkSoon());
  form.addEventListener("submit", () => {
    state.dirty = false;
  });
  // A verb acts on what was saved: pressing one with unsaved words in the form asks first.
  for (const verb of document.querySelectorAll(".verb-form")) {
    verb.addEventListener("submit", (event) => {
      if (state.dirty && !window.confirm(gettext("The text has changes that are not saved. Go on without them?"))) {
        event.preventDefault();
        return;
      }
      state.dirty = false;
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (state.dirty) event.preventDefault();
  });

  // The title is a field of several lines so that all of it can be seen, and yet one line of text.
  document.querySelector("#id_title")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    document.querySelector("#id_standfirst")?.focus();
  });

  const save = () => document.querySelector(".bar .save")?.click();
  const onKey = (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      save();
    }
    if (event.key === "Escape") {
      for (const open of document.querySelectorAll("details.verb[open]")) open.open = false;
    }
  };
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.verb[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  // CKEditor hands its text to the form only at submit, so its changes are listened to here.
  const ready = (editor) => {
    editor.resetDirty();
    // Inside the text the editor has the keyboard, and CTRL means the command key where there is one.
    editor.addCommand("saveArticle", { exec: save, readOnly: true, editorFocus: false });
    editor.setKeystroke(window.CKEDITOR.CTRL + 83, "saveArticle");
    showFindings();
    let waiting = 0;
    editor.on("change", () => {
      if (editor.checkDirty()) markDirty();
      clearTimeout(waiting);
      waiting = setTimeout(count, 300);
      checkSoon();
    });
    count();
  };
  if (window.CKEDITOR) {
    for (const editor of Object.values(window.CKEDITOR.instances)) {
      if (editor.status !== "ready") continue;
      ready(editor);
      checkSoon(); // somebody may have typed before this script was here to hear it
    }
    window.CKEDITOR.on("instanceReady", ({ editor }) => ready(editor));
  }
  count();
}
