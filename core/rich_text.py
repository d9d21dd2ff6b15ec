"""The rich-text editor for pages without citations: headings, lists, tables, links.

It is a convenience and no wall: whatever comes out of it is sanitised on save (core.html).
"""

from typing import Any

from ckeditor.widgets import CKEditorWidget
from django.conf import settings

TOOLS = [
    ["Format", "Bold", "Italic", "RemoveFormat"],
    ["Link", "Unlink"],
    ["BulletedList", "NumberedList", "Blockquote", "Table"],
    ["Undo", "Redo"],
]
# Shared by every editor of the house. No plug-in that embeds, uploads or asks another site.
BASE: dict[str, Any] = {
    "format_tags": "p;h2;h3;h4",
    "width": "auto",
    "resize_dir": "vertical",
    "disableNativeSpellChecker": False,
    "entities": False,
    "removePlugins": "about,copyformatting,elementspath,exportpdf,flash,forms,iframe,image,"
    # Its filter stumbles over tables of Google Docs; the articles' own plug-in reads them.
    "pastefromgdocs,scayt,smiley,stylescombo,wsc",
    # CKEditor 4.22 asks its maker's site, from the writer's browser, whether it is out of date.
    "versionCheck": False,
    "removeButtons": "",
    "removeDialogTabs": "link:advanced;link:target;table:advanced",
    "defaultLanguage": "en-gb",
    "linkDefaultProtocol": "https://",
    "toolbar": "House",
}
PAGE_STYLES = tuple(f"{settings.STATIC_URL}{name}" for name in ("css/tokens.css", "css/base.css", "css/text.css"))


class PlainEditor(CKEditorWidget):
    """CKEditor with a lean toolbar and the page's own letters; `label` is what it is called to those who hear it."""

    def __init__(self, label: str, height: int = 420) -> None:
        super().__init__(config_name="default")
        self.config = {
            **BASE,
            "toolbar_House": TOOLS,
            "height": height,
            "title": label,
            "extraAllowedContent": "th[scope]; table caption thead tbody tfoot",
            "contentsCss": list(PAGE_STYLES),
            "bodyClass": "prose",
        }
