/* The article's form: the word count, keyboard shortcuts, and warnings before unsaved text is lost. */

import { language } from "../js/forms/desk.js";
import { checkSoon, showFindings } from "./findings.js";
import "./unsaved_sheet.js";
import { isDirty, markDirty, markSaved, saveInPlace } from "./saving.js";

const form = document.querySelector("#article_form");

/** Return the text in the editor, without citation marks. */
function bodyText() {
  const editor = window.CKEDITOR?.instances.id_body;
  const html = editor ? editor.getData() : (document.querySelector("#id_body")?.value ?? "");
  const holder = new DOMParser().parseFromString(html, "text/html");
  for (const mark of holder.querySelectorAll("sup[data-cite]")) mark.remove();
  return holder.body.textContent;
}

function count() {
  const place = document.querySelector("#counts");
  if (!place?.querySelector("button") || !document.querySelector("#id_body")) return;
  const words = (bodyText().match(/\S+/g) ?? []).length;
  // The preview shows the reading time as readers see it; a count here would not always agree with it.
  const goal = Number(document.querySelector("#id_word_goal")?.value);
  const message = goal > 0
    ? ngettext("%(words)s of %(goal)s word", "%(words)s of %(goal)s words", goal)
    : ngettext("%(words)s word", "%(words)s words", words);
  const shown = { words: words.toLocaleString(language), goal: goal.toLocaleString(language) };
  place.querySelector("button").textContent = interpolate(message, shown, true);
  const meter = place.querySelector("progress");
  meter.hidden = !(goal > 0);
  if (goal > 0) Object.assign(meter, { max: goal, value: Math.min(words, goal) });
}

/** Return the time that a clock in `zone` shows at this moment, read as UTC. The difference is the offset. */
const shownIn = (zone, moment) => Date.parse(`${moment.toLocaleString("en-US", { timeZone: zone })} UTC`);

/** Show the time that was typed in the newsroom's time zone also in the writer's time zone. */
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
  line.textContent = interpolate(gettext("In your time zone, that is %(time)s."), { time: own }, true);
}

document.addEventListener("input", ({ target }) => {
  const sheet = target.closest(".verb-sheet");
  if (sheet) showOwnTime(sheet);
});

/** Tell the style sheets how high the bar is, below which the toolbar stays in sight. */
function measureBar() {
  const bar = document.querySelector(".bar");
  if (!bar) return;
  new ResizeObserver(() => document.documentElement.style.setProperty("--bar-height", `${bar.offsetHeight}px`)).observe(bar);
}

/** Show the field for the number of words to aim for beside their count. What is typed there goes into the form's field. */
function goalBesideCount() {
  const [kept, goal] = [document.querySelector("#id_word_goal"), document.querySelector("#word-goal")];
  const opener = document.querySelector("#counts button");
  if (!kept || !goal || !opener) return;
  const show = (isOpen) => {
    goal.closest("label").hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      goal.value = kept.value;
      goal.select();
    }
  };
  opener.addEventListener("click", () => show(goal.closest("label").hidden));
  goal.addEventListener("input", () => {
    kept.value = goal.value;
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  });
  goal.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    show(false);
    opener.focus();
  });
}

if (form) {
  measureBar();
  goalBesideCount();
  document.querySelector("#id_word_goal")?.addEventListener("input", count);
  form.addEventListener("input", () => {
    markDirty();
    checkSoon();
  });
  document.addEventListener("article:sources", () => checkSoon());
  document.addEventListener("form:discarded", markSaved);
  // A choice that is made by a search, and a row that is added or removed, are announced only in these ways.
  window.django?.jQuery?.(form).on("change", "select", markDirty);
  for (const type of ["formset:added", "formset:removed"]) document.addEventListener(type, markDirty);
  document.addEventListener("submit", (event) => event.target === form && markSaved());
  window.addEventListener("beforeunload", (event) => {
    if (isDirty()) event.preventDefault();
  });
  // The panels beside the text come anew after a save.
  document.addEventListener("page:refreshed", showFindings);

  // The title's field has several lines so that long titles are visible, but the title is one line of text.
  document.querySelector("#id_title")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    document.querySelector("#id_standfirst")?.focus();
  });

  const save = () => document.querySelector(".bar .save")?.click();
  document.querySelector(".bar .save")?.addEventListener("click", (event) => {
    event.preventDefault();
    saveInPlace();
  });
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
      if (!open.contains(event.target) && !event.target.closest("dialog")) open.open = false;
    }
  });

  // CKEditor writes its text to the form only at submit, so its changes are observed here.
  const ready = (editor) => {
    editor.resetDirty();
    // While the text has the focus, CKEditor handles the keys. Its CTRL is the command key on a Mac.
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
