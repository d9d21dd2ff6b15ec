/* Keeps what is typed on the review page: on the server as it is typed, and in this browser where that fails. */

const PAUSE = 900;
const NOT_OURS = new Set(["csrfmiddlewaretoken", "digest", "view"]);

const asItIs = (field) => (field.type !== "radio" || field.checked ? field.value : "");

/* What the server put there, whatever was typed since. */
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
    this.forms = [...root.querySelectorAll("form[data-kept]")];
    this.timer = 0;
    this.running = null;
    this.last = JSON.stringify(this.typed(asItCame));
  }

  start() {
    for (const form of this.forms) {
      form.addEventListener("input", () => this.soon());
      form.addEventListener("change", () => this.soon());
    }
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save(true);
    });
    this.root.addEventListener("submit", (event) => this.send(event), true);
    this.offerCopy();
    if (JSON.stringify(this.typed()) !== this.last) this.soon(); // typed before this script was there
  }

  /* Every field by the name it is kept under; empty ones are left out. */
  typed(valueOf = asItIs) {
    const found = {};
    for (const form of this.forms) {
      for (const field of form.elements) {
        const name = form.dataset.kept || field.name;
        if (!field.name || NOT_OURS.has(field.name)) continue;
        const value = valueOf(field);
        if (value) found[name] = value;
      }
    }
    return found;
  }

  /* Puts words back into their fields. */
  fill(typed) {
    for (const form of this.forms) {
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
    this.say("Saving…");
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  /* True where what is typed is kept. One request at a time: a later one waits for the one before. */
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
      this.say(`Saved ${said.at}`);
      if (said.over) this.tell(`${said.over} What you typed is kept, and begins your review of a later revision.`);
      return true;
    }
    this.copy(typed);
    this.say("Not saved", true);
    if (said.typed) this.otherWindow(said);
    else if (answer && answer.status === 409) this.tell(`${said.error} Your words stay on this page: copy what you need.`);
    else if (answer) this.signIn(said.error);
    else this.tell("There is no connection. Your words stay on this page and in this browser.", this.again());
    return false;
  }

  copy(typed) {
    try {
      localStorage.setItem(this.place, JSON.stringify(typed));
    } catch {
      /* No room in this browser: the page still has the words. */
    }
  }

  /* A copy from a visit that could not save is offered, never put in by itself. */
  offerCopy() {
    const words = localStorage.getItem(this.place);
    if (!words || words === this.last) return localStorage.removeItem(this.place);
    const typed = JSON.parse(words);
    this.tell("Words that you typed here before could not be saved then:", [
      ["Put them back", () => { this.fill(typed); this.trouble.hidden = true; this.save(); }],
      ["Throw them away", () => { localStorage.removeItem(this.place); this.trouble.hidden = true; }],
    ], Object.values(typed).filter((value) => value.length > 3).join("\n\n"));
  }

  otherWindow(said) {
    this.tell("You wrote on this review in another window or on another device.", [
      ["Keep what is on this page", () => { this.seen = said.seen; this.last = ""; this.save(); }],
      ["Take the other", () => { this.fill(said.typed); this.seen = said.seen; this.last = ""; this.save(); }],
    ], Object.values(said.typed).filter((value) => value.length > 3).join("\n\n"));
  }

  signIn(why = "The server could not keep it.") {
    this.tell(
      `${why} Your words stay on this page and in this browser. ` +
        "Sign in, or open your link, in another tab, then try again.",
      this.again(),
    );
  }

  again() {
    return [["Try again", () => this.freshen().then(() => { this.last = ""; return this.save(); })]];
  }

  /* Signing in again makes the page's own token old: take the one of today. */
  async freshen() {
    try {
      const page = await (await fetch(location.pathname)).text();
      const token = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrfmiddlewaretoken]");
      if (!token) return;
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
    } catch {
      /* Still no connection. */
    }
  }

  token() {
    return document.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  /* A form goes out once, and only after all that is typed is safe. */
  async send(event) {
    const form = event.target;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    if (await this.save()) return this.go(form, event.submitter);
    delete form.dataset.sent;
    this.choices([["Send it all the same", () => this.go(form, event.submitter)]]);
    this.trouble.scrollIntoView({ block: "center" });
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

  tell(words, choices = [], quoted = "") {
    const line = document.createElement("p");
    line.textContent = words;
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
