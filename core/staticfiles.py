"""Static files: which of CKEditor's are served, and how all of them are named in production.

CKEditor's package brings samples, previews, dialogs that embed other sites and an uploader's files; what is not
on the list below is not found, neither by the development server nor by collectstatic.
"""

from collections.abc import Iterator

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

EDITOR_FILES = (
    "ckeditor/ckeditor-init.js",
    "ckeditor/ckeditor.css",
    "ckeditor/fixups.js",
    "ckeditor/ckeditor/ckeditor.js",
    "ckeditor/ckeditor/config.js",
    "ckeditor/ckeditor/contents.css",
    "ckeditor/ckeditor/styles.js",
    "ckeditor/ckeditor/LICENSE.md",
    "ckeditor/ckeditor/lang/en.js",
    "ckeditor/ckeditor/lang/en-gb.js",
    "ckeditor/ckeditor/plugins/icons.png",
    "ckeditor/ckeditor/plugins/icons_hidpi.png",
)
EDITOR_FOLDERS = (
    "ckeditor/ckeditor/skins/moono-lisa/",
    *(
        f"ckeditor/ckeditor/plugins/{plugin}/"
        for plugin in (
            "a11yhelp",
            "clipboard",
            "dialog",
            "image2",
            "lineutils",
            "link",
            "magicline",
            "notification",
            "pastefromlibreoffice",
            "pastefromword",
            "pastetools",
            "table",
            "tableselection",
            "tabletools",
            "widget",
        )
    ),
)


def is_served(path: str) -> bool:
    """Whether this static path is ours to serve: everything but CKEditor's files that are not on the list."""
    path = path.replace("\\", "/")
    if not path.startswith(("ckeditor/", "galleriffic/")):
        return True
    return path in EDITOR_FILES or path.startswith(EDITOR_FOLDERS)


class AppDirectoriesFinder(finders.AppDirectoriesFinder):
    """Django's finder, held to the list above."""

    def list(self, ignore_patterns: list[str] | None) -> Iterator[tuple[str, object]]:
        return (found for found in super().list(ignore_patterns) if is_served(found[0]))

    def find_in_app(self, app: str, path: str) -> str | None:
        return super().find_in_app(app, path) if is_served(path) else None


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files in which JavaScript modules import each other under their hashed names.

    Without the rewriting, a module that a page loads hashed and another module imports by its plain name is loaded
    twice, with its state and its listeners doubled: two copies of `session.js` cancelled each other's submit, and
    nobody could save. Django recognises static imports that end in a semicolon, and `import("…")` with a literal.
    """

    support_js_module_import_aggregation = True
