"""Static files: the allow-list for CKEditor's files, and the storage that hashes file names in production.

CKEditor's package contains samples, previews, dialogs that embed other sites, and files of an uploader. Neither the
development server nor collectstatic finds a file of the package that is not listed below.
"""

from collections.abc import Iterable, Iterator

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
    """Return whether a static path may be served. Of CKEditor's package, only the listed files may be served."""
    path = path.replace("\\", "/")
    if not path.startswith(("ckeditor/", "galleriffic/")):
        return True
    return path in EDITOR_FILES or path.startswith(EDITOR_FOLDERS)


class AppDirectoriesFinder(finders.AppDirectoriesFinder):
    """Django's finder, restricted to the paths that `is_served` allows."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, object]]:
        return (found for found in super().list(ignore_patterns) if is_served(found[0]))

    def find_in_app(self, app: str, path: str) -> str | None:
        return super().find_in_app(app, path) if is_served(path) else None


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """A storage that hashes and compresses files, and rewrites imports between JavaScript modules to the hashed names.

    Otherwise a module that a page loads by its hashed name and another module imports by its plain name would be loaded
    twice, with separate state and listeners. (Two copies of `session.js` once cancelled each other's submit events, so
    nobody could save.) Django rewrites only static imports that end in a semicolon and `import("…")` with a literal.
    """

    support_js_module_import_aggregation = True
