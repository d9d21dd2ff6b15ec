"""The configuration of the newsroom's rich-text editor: its tools, and the markup that it accepts.

The editor is a convenience, not a security boundary: its output is sanitised on save (core.html).
"""

from ckeditor.widgets import CKEditorWidget
from django.conf import settings
from django.urls import reverse_lazy

from core.rich_text import BASE, PAGE_STYLES

BODY_TOOLS = [
    ["Format", "Bold", "Italic", "Superscript", "Subscript", "RemoveFormat"],
    ["Link", "Unlink", "Citation"],
    ["BulletedList", "NumberedList", "Blockquote", "HouseTable", "Picture", "NoteBox", "Symbols"],
    ["Undo", "Redo", "FindReplace", "FullScreen"],
]
SHORT_TOOLS = [["Bold", "Italic"], ["Link", "Unlink", "Citation"], ["BulletedList", "Symbols"], ["Undo", "Redo"]]
# CKEditor looks for plug-ins below its own folder; ours are beside the article's other static files.
OWN_PLUGINS = [
    (name, f"{settings.STATIC_URL}articles/{name}/", "plugin.js")
    for name in ("surface", "caret", "citation", "notebox", "typing", "cleanpaste", "picture")
]
EDITOR = {
    **BASE,
    "height": 520,  # at least; the editor grows with its text (the plug-in “surface”)
    "resize_enabled": False,
    "extraPlugins": ",".join(["widget", *(name for name, _, _ in OWN_PLUGINS)]),
    "extraAllowedContent": "sup[data-cite]; aside(note); ol[start,type]; table caption thead tbody tfoot tr; "
    "th td[colspan,rowspan]; th[scope]; figure figcaption; img[!src,alt,width,height]",
    # The styles of the reader's page, so that a text looks the same in the editor.
    "contentsCss": [*PAGE_STYLES, f"{settings.STATIC_URL}articles/editor.css"],
    "bodyClass": "prose",
    "startupShowBorders": False,  # the page's styles draw the lines of tables
    "pictureLibrary": {
        "pick": reverse_lazy("admin:pictures_picture_pick"),
        "upload": reverse_lazy("admin:pictures_picture_upload"),
    },
}


class EditorWidget(CKEditorWidget):  # type: ignore[misc]  # django-ckeditor has no types
    """CKEditor with the given tools, the newsroom's plug-ins, and the styles of the public page."""

    def __init__(self, tools: list[list[str]], height: int, label: str) -> None:
        super().__init__(config_name="default", external_plugin_resources=OWN_PLUGINS)
        self.config = {**EDITOR, "toolbar_House": tools, "height": height, "title": label}
