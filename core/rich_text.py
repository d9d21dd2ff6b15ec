"""The rich-text editor for pages without citations: headings, lists, tables and links.

The editor is not a security measure: its HTML is sanitised on saving, whatever it contains (core.html).
"""

from typing import TYPE_CHECKING, Any

from ckeditor.widgets import CKEditorWidget
from django.conf import settings

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TOOLS = [
    ["Format", "Bold", "Italic", "RemoveFormat"],
    ["Link", "Unlink"],
    ["BulletedList", "NumberedList", "Blockquote", "Table"],
    ["Undo", "Redo"],
]
# The configuration that all editors share: no plugin that embeds, uploads or contacts another site.
BASE: dict[str, Any] = {
    "format_tags": "p;h2;h3;h4",
    "width": "auto",
    "resize_dir": "vertical",
    "disableNativeSpellChecker": False,
    "entities": False,
    "removePlugins": "about,copyformatting,elementspath,exportpdf,flash,forms,iframe,image,"
    # pastefromgdocs breaks tables of Google Docs; the plugin of the articles reads them instead.
    "pastefromgdocs,scayt,smiley,stylescombo,wsc",
    # Otherwise CKEditor 4.22 contacts its maker's site from the writer's browser to check for updates.
    "versionCheck": False,
    "removeButtons": "",
    "removeDialogTabs": "link:advanced;link:target;table:advanced",
    "defaultLanguage": "en-gb",
    "linkDefaultProtocol": "https://",
    "toolbar": "House",
}
PAGE_STYLES = tuple(f"{settings.STATIC_URL}{name}" for name in ("css/tokens.css", "css/base.css", "css/text.css"))


class PlainEditor(CKEditorWidget):  # type: ignore[misc]  # django-ckeditor has no types
    """CKEditor with a short toolbar and the typeface of the page.

    `label` is its name for screen readers, which may be a lazy string; `height` is in pixels.
    """

    def __init__(self, label: "StrOrPromise", height: int = 420) -> None:
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
