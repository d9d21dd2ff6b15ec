/* The article's form: text that was typed and not saved is not left behind by accident. */

const form = document.querySelector("#article_form");
let dirty = document.querySelector(".conflict, .errornote") !== null;

function markDirty() {
  dirty = true;
}

if (form) {
  form.addEventListener("input", markDirty);
  form.addEventListener("submit", () => {
    dirty = false;
  });
  // A verb acts on what was saved: pressing one with unsaved words in the form asks first.
  for (const verb of document.querySelectorAll(".verb-form")) {
    verb.addEventListener("submit", (event) => {
      if (dirty && !window.confirm("The text has changes that are not saved. Go on without them?")) {
        event.preventDefault();
        return;
      }
      dirty = false;
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  // CKEditor hands its text to the form only at submit, so its changes are listened to here.
  if (window.CKEDITOR) {
    window.CKEDITOR.on("instanceReady", ({ editor }) => {
      editor.resetDirty();
      editor.on("change", () => {
        if (editor.checkDirty()) markDirty();
      });
    });
  }
}
