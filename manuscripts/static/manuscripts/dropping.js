/* Take a file that is dropped anywhere on the page, refuse one that is too large before it is sent, and say that it is
   being read. Without this script the form works as well. */
const form = document.getElementById("upload");
const field = form.querySelector("input[type=file]");
const status = document.getElementById("upload-status");
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

form.querySelector(".drop-hint").hidden = false;

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  document.body.classList.remove("dropping");
  field.files = event.dataTransfer.files;
  if (field.files.length === 1) form.requestSubmit();
  else status.textContent = gettext("Drop one file at a time.");
});

form.addEventListener("submit", (event) => {
  const file = field.files[0];
  if (file && file.size > Number(form.dataset.most)) {
    event.preventDefault();
    status.textContent = gettext("The file is larger than 60 MB. Take pictures out, or make them smaller.");
    return;
  }
  status.textContent = gettext("Reading…");
});
// A page that the browser kept for Back is no longer reading.
addEventListener("pageshow", () => { status.textContent = ""; });
