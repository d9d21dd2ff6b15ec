/* Saves text on the review page while it is typed: on the server or, if that fails, in this browser. */

import { post, takeThreads } from "./threads.js";

const PAUSE = 900;
const KEPT = "form[data-kept]";
const NOT_OURS = new Set(["csrfmiddlewaretoken", "digest", "view", "consent", "consent_to"]);

const asItIs = (field) => (field.type !== "radio" || field.checked ? field.value : "");

/* Return the value of a field as the server sent it, regardless of later input. */
function asItCame(field) {
  if (field.type === "radio") return field.defaultChecked ? field.value : "";
  if (field.options) return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
  return field.defaultValue;
}

export class DraftSaver {
  constructor(root) {
    this.root = root;
    this.url = root.dataset.typed;
    this.seen = root.dataset.seen;
    this.place = `board-${root.dataset.review}`;
    this.status = document.getElementById("kept");
    this.trouble = document.getElementById("trouble");
    this.timer = 0;
    this.running = null;
    this.isStale = false;
    this.last = JSON.stringify(this.typed(asItCame));
  }

  start() {
    for (const kind of ["input", "change"]) {
      this.root.addEventListener(kind, (event) => { if (event.target.form?.matches(KEPT)) this.soon(); });
    }
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save(true);
    });
    this.root.addEventListener("submit", (event) => this.send(event), true);
    this.offerCopy();
    if (JSON.stringify(this.typed()) !== this.last) this.soon(); // typed before this script ran
  }

  /* Return the values of all fields by their names in the draft, without empty ones. */
  typed(valueOf = asItIs, root = this.root) {
    const found = {};
    for (const form of root.querySelectorAll(KEPT)) {
      for (const field of form.elements) {
        const name = form.dataset.kept || field.name;
        if (!field.name || NOT_OURS.has(field.name)) continue;
        const value = valueOf(field);
        if (value) found[name] = value;
      }
    }
    return found;
  }

  /* Fill the fields with these values. */
  fill(typed) {
    for (const form of this.root.querySelectorAll(KEPT)) {
      for (const field of form.elements) {
        const name = form.dataset.kept || field.name;
        if (!field.name || NOT_OURS.has(field.name)) continue;
        if (field.type === "radio") field.checked = typed[name] === field.value;
        else field.value = typed[name] ?? "";
      }
    }
  }

  soon() {
    clearTimeout(this.timer);
    this.say(gettext("Saving…"));
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  /* Save the draft and return whether it is saved. A request waits until the previous one has finished. */
  async save(leaving = false) {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    const typed = this.typed();
    const words = JSON.stringify(typed);
    if (words === this.last) return true;
    this.running = this.ask(typed, words, leaving);
    const kept = await this.running;
    this.running = null;
    return kept;
  }

  async ask(typed, words, leaving) {
    const body = new URLSearchParams({ ...typed, seen: this.seen });
    const headers = { Accept: "application/json", "X-CSRFToken": this.token() };
    let answer, said;
    this.isStale = false;
    try {
      answer = await fetch(this.url, { method: "POST", body, headers, keepalive: leaving });
      said = await answer.json();
    } catch {
      said = {};
    }
    if (answer?.ok && said.seen) {
      this.seen = said.seen;
      this.last = words;
      localStorage.removeItem(this.place);
      this.trouble.hidden = true;
      this.say(interpolate(gettext("Saved %(time)s"), { time: said.at }, true));
      if (said.over) this.tell(said.over, [], "", gettext("What you typed is kept, and will be in your review of a later revision."));
      return true;
    }
    this.copy(typed);
    this.say(gettext("Not saved"), true);
    if (said.typed) this.otherWindow(said);
    else if (answer && answer.status === 409) this.stale(said.error);
    else if (answer) this.signIn(said.error);
    else this.tell(gettext("There is no connection. Your words stay on this page and in this browser."), this.again());
    return false;
  }

  copy(typed) {
    try {
      localStorage.setItem(this.place, JSON.stringify(typed));
    } catch {
      /* The storage of this browser is full or blocked; the page still has the text. */
    }
  }

  /* Offer the text of an earlier visit that could not be saved. It is never filled in without being asked for. */
  offerCopy() {
    const words = localStorage.getItem(this.place);
    if (!words || words === this.last) return localStorage.removeItem(this.place);
    const typed = JSON.parse(words);
    this.tell(gettext("Words that you typed here before could not be saved then:"), [
      [gettext("Put them back"), () => { this.fill(typed); this.trouble.hidden = true; this.save(); }],
      [gettext("Throw them away"), () => { localStorage.removeItem(this.place); this.trouble.hidden = true; }],
    ], Object.values(typed).filter((value) => value.length > 3).join("\n\n"));
  }

  otherWindow(said) {
    this.tell(gettext("You wrote on this review in another window or on another device."), [
      [gettext("Keep what is on this page"), () => { this.seen = said.seen; this.last = ""; this.save(); }],
      [gettext("Take the other"), () => { this.fill(said.typed); this.seen = said.seen; this.last = ""; this.save(); }],
    ], Object.values(said.typed).filter((value) => value.length > 3).join("\n\n"));
  }

  /* This page is out of date, and nothing can be given from it any more. */
  stale(why) {
    this.tell(
      why,
      [[gettext("Open the page as it is now"), () => window.open(location.pathname, "_blank", "noopener")]],
      "",
      gettext("Your words stay on this page: copy what you need."),
    );
    this.isStale = true;
  }

  signIn(why = gettext("The server could not save it.")) {
    this.tell(
      why,
      this.again(),
      "",
      gettext("Your words stay on this page and in this browser. Sign in, or open your link, in another tab, then try again."),
    );
  }

  again() {
    return [[gettext("Try again"), () => this.freshen().then(() => { this.last = ""; return this.save(); })]];
  }

  /* Replace the page's CSRF token, which is no longer valid after another sign-in, with a new one. */
  async freshen() {
    try {
      const page = await (await fetch(location.pathname)).text();
      const token = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrfmiddlewaretoken]");
      if (!token) return;
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
    } catch {
      /* There is still no connection. */
    }
  }

  token() {
    return document.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  /* Submit a form once, and only after the draft is saved. */
  async send(event) {
    const form = event.target;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    if (await this.save()) {
      this.running = this.pass(form, event.submitter); // the next draft waits: the server takes a sent comment out of it
      try {
        await this.running;
      } finally {
        this.running = null;
      }
      return;
    }
    delete form.dataset.sent;
    if (!this.isStale) this.choices([[gettext("Send it all the same"), () => this.go(form, event.submitter)]]);
    this.trouble.scrollIntoView({ block: "center" });
  }

  /* Send a form: a comment or a reply without leaving the page, because there may be answers that are not given yet. */
  async pass(form, button) {
    if (form.dataset.inPlace === undefined) return this.go(form, button);
    const place = form.elements.block?.value;
    const posted = new Map(Array.from(form.elements, (field) => [field, field.value]));
    let page;
    try {
      page = await post(form, button);
    } catch {
      delete form.dataset.sent;
      return this.tell(
        gettext("The server did not answer. Load the page again to see whether it has your comment; your words are kept."),
        [[gettext("Load the page again"), () => location.reload()]],
      );
    }
    if (!page) return this.go(form, button); // the server says on its own page what is wrong
    const there = page.getElementById("board");
    if (there.dataset.canWrite === undefined) return location.reload(); // the round has been closed meanwhile
    delete form.dataset.sent;
    for (const field of form.elements) {
      const fresh = NOT_OURS.has(field.name) ? null : page.getElementById(form.id)?.elements[field.name];
      if (fresh && field.value === posted.get(field)) field.value = fresh.value; // not over what was typed meanwhile
    }
    takeThreads(page, form.closest(".thread")?.id);
    this.seen = there.dataset.seen;
    this.last = JSON.stringify(this.typed(asItCame, there));
    this.say(page.querySelector(".said")?.textContent.trim() ?? "");
    this.root.dispatchEvent(new CustomEvent("threads", { detail: { form, place } }));
    if (JSON.stringify(this.typed()) !== this.last) this.soon();
  }

  go(form, button) {
    if (button?.name) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: button.name, value: button.value });
      form.append(field);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  say(words, isTrouble = false) {
    this.status.textContent = words;
    this.status.classList.toggle("is-trouble", isTrouble);
  }

  /* Show a message, with buttons for `choices`, and with the words that are at stake. */
  tell(words, choices = [], quoted = "", then = "") {
    const line = document.createElement("p");
    line.append(words, then && ` ${then}`);
    this.trouble.replaceChildren(line);
    if (quoted) {
      const box = document.createElement("pre");
      box.tabIndex = 0;
      box.textContent = quoted;
      this.trouble.append(box);
    }
    this.choices(choices);
    this.trouble.hidden = false;
  }

  choices(choices) {
    for (const [label, act] of choices) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "act quiet small", textContent: label });
      button.addEventListener("click", act);
      this.trouble.append(button);
    }
  }
}
