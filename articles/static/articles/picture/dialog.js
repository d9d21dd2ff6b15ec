/* The dialog that chooses a picture from the library, or adds a file to the library and chooses it.
   Its markup is a template of the page (admin/articles/article/_picture.html).
   The promise of `choosePicture()` gives the picture with its words, or null if the dialog was closed. */

const SIGNED_OUT = gettext("The server did not answer as it should: you may have been signed out. Sign in in another tab, then go on here.");

let dialog = null;
let state = null;
let asking = null;
let typing = 0;

const find = (selector) => dialog.querySelector(selector);
const field = (name) => find(`[name="${name}"]`);

async function json(address, options) {
  const response = await fetch(address, options);
  if (!response.headers.get("Content-Type")?.includes("json")) throw new Error(SIGNED_OUT);
  return { ok: response.ok, answer: await response.json() };
}

function complain(message, at) {
  const error = find(".picture-error");
  error.textContent = message;
  error.hidden = !message;
  at?.focus();
}

function fill(words) {
  for (const name of ["alt", "caption", "credit"]) field(name).value = words[name] ?? "";
}

function frame(element) {
  find("[data-frame]").replaceChildren(element);
}

function image(address, alt) {
  const element = document.createElement("img");
  Object.assign(element, { src: address, alt });
  return element;
}

function select(picture) {
  state.picture = picture;
  state.file = null;
  frame(image(picture.thumbnail ?? picture.url, ""));
  complain("");
}

async function selectFile(file) {
  state.file = file;
  state.picture = null;
  complain("");
  fill({ credit: field("credit").value });
  for (const box of dialog.querySelectorAll(".picture-choices input")) box.checked = false;
  field("alt").focus();
  const canvas = document.createElement("canvas");
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, 640 / bitmap.width);
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    frame(canvas);
  } catch {
    const name = document.createElement("span");
    name.className = "picture-note";
    name.textContent = file.name;
    frame(name);
  }
}

function choice(picture) {
  const label = document.createElement("label");
  label.className = "picture-choice";
  label.title = `${picture.alt} ${picture.credit}`;
  const box = document.createElement("input");
  Object.assign(box, { type: "radio", name: "choice", value: picture.id, checked: picture.url === state.picture?.url });
  box.addEventListener("change", () => {
    select(picture);
    fill(picture);
  });
  label.append(box, image(picture.thumbnail, picture.alt));
  return label;
}

async function look(page = 1) {
  asking?.abort();
  asking = new AbortController();
  const address = new URL(state.pick, location.href);
  address.searchParams.set("q", find("[type=search]").value);
  address.searchParams.set("page", page);
  try {
    const { answer } = await json(address, { signal: asking.signal });
    const choices = find(".picture-choices");
    if (page === 1) choices.replaceChildren();
    choices.append(...answer.pictures.map(choice));
    state.page = answer.page;
    find("[data-more]").hidden = !(answer.page < answer.pages);
    const counts = { shown: choices.children.length, total: answer.total };
    find("[data-found]").textContent = answer.total
      ? interpolate(ngettext("%(shown)s of %(total)s picture", "%(shown)s of %(total)s pictures", answer.total), counts, true)
      : (answer.error ?? gettext("No picture fits. Try other words, or upload a file."));
  } catch (error) {
    if (error.name !== "AbortError") find("[data-found]").textContent = error.message || SIGNED_OUT;
  }
}

/** Add the file to the library and return whether it can be inserted. If it is there already, show it and ask first. */
async function upload() {
  const data = new FormData();
  data.append("image", state.file);
  for (const [name, value] of [["alternative_text", "alt"], ["caption", "caption"], ["credit", "credit"]]) data.append(name, field(value).value);
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const { ok, answer } = await json(state.upload, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
  if (!ok) {
    complain(answer.error);
    return false;
  }
  select(answer);
  if (!answer.known) return true;
  complain(`${answer.known} ${gettext("Insert that one, with the words below?")}`, find("[data-insert]"));
  return false;
}

async function submit(event) {
  event.preventDefault();
  if (!state.picture && !state.file) return complain(gettext("Choose a picture from the library, or upload a file."), find("[type=search]"));
  if (!field("alt").value.trim()) return complain(gettext("Describe the picture: some readers cannot see it."), field("alt"));
  if (state.file && !field("credit").value.trim()) return complain(gettext("Say who made the picture."), field("credit"));
  const button = find("[data-insert]");
  button.disabled = true;
  try {
    if (state.file && !(await upload())) return undefined;
  } catch (error) {
    return complain(error instanceof TypeError ? SIGNED_OUT : error.message);
  } finally {
    button.disabled = false;
  }
  const { url, width, height } = state.picture;
  const words = Object.fromEntries(["alt", "caption", "credit"].map((name) => [name, field(name).value.replace(/\s+/g, " ").trim()]));
  return finish({ url, width, height, ...words });
}

function finish(result) {
  const { done } = state;
  state.done = () => {};
  if (dialog.open) dialog.close();
  done(result);
}

function build() {
  dialog = document.querySelector("#picture-dialog").content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  find("form").addEventListener("submit", submit);
  // The close event may come when the writer already types in the text; focusing it again would move the cursor.
  for (const name of ["cancel", "close"]) dialog.addEventListener(name, (event) => event.target === dialog && finish(null));
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => finish(null));
  find("[data-more]").addEventListener("click", () => look(state.page + 1));
  const search = find("[type=search]");
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(look, 180);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "ArrowDown") {
      event.preventDefault();
      find(".picture-choices input")?.focus();
    }
  });
  const files = find("[type=file]");
  files.addEventListener("change", () => {
    if (files.files[0]) selectFile(files.files[0]);
    files.value = "";
  });
  dialog.addEventListener("dragover", (event) => event.preventDefault());
  dialog.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = [...event.dataTransfer.files].find((one) => one.type.startsWith("image/"));
    if (file) selectFile(file);
  });
}

/** `pick` and `upload` are URLs of the library, `file` is a new file, and `current` is the picture in the text. */
export function choosePicture({ pick, upload: take, file = null, current = null }) {
  if (!dialog) build();
  return new Promise((done) => {
    state = { pick, upload: take, picture: null, file: null, page: 1, done };
    const placeholder = document.createElement("span");
    placeholder.className = "picture-note";
    placeholder.textContent = gettext("Choose a picture, or drop a file here.");
    frame(placeholder);
    complain("");
    fill(current ?? {});
    find("[type=search]").value = "";
    find("[data-insert]").textContent = current ? gettext("Change picture") : gettext("Insert picture");
    dialog.showModal();
    look();
    if (current) select(current);
    if (file) selectFile(file);
    else (current ? field("alt") : find("[type=search]")).focus();
  });
}
