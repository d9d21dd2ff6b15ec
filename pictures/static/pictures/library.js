/* The library's page: dropped files become drafts with fields for their texts, and then pictures. */

const section = document.querySelector("#picture-drop");
const wall = document.querySelector("#picture-wall");
const list = section?.querySelector(".picture-drafts");
const status = section?.querySelector(".picture-status");
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

/** Return a small version of the picture, if the browser can read it. Otherwise the server decides about the file. */
async function sketch(file, canvas) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, 480 / bitmap.width);
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
  } catch {
    canvas.remove();
  }
}

function complain(form, message) {
  const error = form.querySelector(".picture-error");
  error.textContent = message;
  error.hidden = !message;
}

/** Show a draft for each file. The last credit is filled in again, because a series of pictures has one. */
function begin(file) {
  const draft = section.querySelector("template").content.firstElementChild.cloneNode(true);
  const form = draft.querySelector("form");
  draft.querySelector("h3").textContent = file.name;
  form.elements.credit.value = list.lastElementChild?.querySelector("form").elements.credit.value ?? "";
  sketch(file, draft.querySelector("canvas"));
  if (file.size > Number(section.dataset.most)) complain(form, gettext("This file is too large. Save the picture smaller, for instance 2,400 pixels wide."));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, file, draft);
  });
  draft.querySelector("[data-remove]").addEventListener("click", () => leave(draft, interpolate(gettext("%(name)s was left out."), { name: file.name }, true)));
  list.append(draft);
  return form;
}

/** Remove a finished draft and go on with the next. */
function leave(draft, message) {
  const next = draft.nextElementSibling ?? draft.previousElementSibling;
  draft.remove();
  status.textContent = message;
  (next?.querySelector("input") ?? section.querySelector("input[type=file]")).focus();
}

async function send(form, file, draft) {
  const missing = [...form.elements].find((field) => field.required && !field.value.trim());
  if (missing) {
    complain(form, missing.name === "credit" ? gettext("Say who made the picture.") : gettext("Describe the picture."));
    missing.focus();
    return;
  }
  complain(form, "");
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  status.textContent = interpolate(gettext("Adding %(name)s …"), { name: file.name }, true);
  const data = new FormData(form);
  data.append("image", file);
  try {
    const response = await fetch(section.dataset.upload, { method: "POST", body: data, headers: { "X-CSRFToken": token() } });
    if (!response.headers.get("Content-Type")?.includes("json")) throw new Error("signed out");
    const answer = await response.json();
    if (!response.ok) {
      complain(form, answer.error);
      status.textContent = "";
    } else {
      if (!answer.known) show(answer);
      leave(draft, answer.known ?? interpolate(gettext("“%(alt)s” is in the library."), { alt: answer.alt }, true));
    }
  } catch {
    complain(form, gettext("The picture was not added: you may have been signed out, or the network is gone. Sign in in another tab, then press the button again."));
    status.textContent = "";
  } finally {
    button.disabled = false;
  }
}

/** Insert the new picture as the first one of the library. */
function show(picture) {
  document.querySelector(".picture-none")?.remove();
  const item = document.createElement("li");
  item.className = "picture-card is-new";
  const link = document.createElement("a");
  link.href = picture.page;
  const frame = document.createElement("span");
  frame.className = "picture-frame";
  const image = document.createElement("img");
  Object.assign(image, { src: picture.thumbnail, alt: "", width: picture.width, height: picture.height });
  frame.append(image);
  link.append(frame);
  for (const [name, words] of [
    ["picture-alt", picture.alt],
    ["picture-note", picture.credit],
    ["picture-note", gettext("Added just now")],
  ]) {
    const line = document.createElement("span");
    line.className = name;
    line.textContent = words;
    link.append(line);
  }
  item.append(link);
  wall.prepend(item);
}

function take(files) {
  const pictures = [...files].filter((file) => file.type.startsWith("image/"));
  const forms = pictures.map(begin);
  const foreign = files.length - pictures.length;
  const message = ngettext(
    "%(count)s of the files is no picture and was left out.",
    "%(count)s of the files are no pictures and were left out.",
    foreign,
  );
  status.textContent = foreign ? interpolate(message, { count: foreign }, true) : "";
  forms[0]?.elements.alternative_text.focus();
}

if (section) {
  section.hidden = false;
  document.querySelector(".object-tools .addlink")?.closest(".object-tools").remove();
  const input = section.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  let over = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) section.classList.toggle("is-over", ++over > 0);
  });
  document.addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) section.classList.toggle("is-over", --over > 0);
  });
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over = 0;
    section.classList.remove("is-over");
    take(event.dataTransfer.files);
  });
  window.addEventListener("beforeunload", (event) => {
    if (list.children.length) event.preventDefault();
  });
}
