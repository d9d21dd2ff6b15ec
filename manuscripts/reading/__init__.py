"""Read the files in which writers upload their manuscripts. Pure: nothing is stored, and nothing is requested."""

from django.utils.translation import gettext as _

from core.text import strip_controls
from manuscripts.reading import typed_text, web_pages, word
from manuscripts.reading.archives import MOST_BYTES, Archive
from manuscripts.reading.records import CannotReadManuscript, FoundPicture, LeftOut, ReadManuscript, Reference
from sources.importers import CannotRead, decode

__all__ = ["MOST_BYTES", "CannotReadManuscript", "FoundPicture", "LeftOut", "ReadManuscript", "Reference", "read"]

OLD_WORD = b"\xd0\xcf\x11\xe0"  # the files of Word before 2007, and encrypted ones of today
MOST_TEXT = 5_000_000


def read(data: bytes, name: str) -> ReadManuscript:
    """Return the manuscript in a file with this name: .docx, a web page of Google Docs, Markdown or plain text.

    The kind is recognised by the content; the ending of the name only tells Markdown from plain text. Raise
    CannotReadManuscript, with a sentence for the writer, for a file that is of no such kind, damaged or over a limit.
    """
    if len(data) > MOST_BYTES:
        message = _("The file is larger than %(size)s MB. Take pictures out, or make them smaller.")
        raise CannotReadManuscript(message % {"size": MOST_BYTES // 1_000_000})
    if not data.strip():
        raise CannotReadManuscript(_("The file is empty."))
    if data.startswith(OLD_WORD):
        raise CannotReadManuscript(
            _("This is a file of an old Word (.doc), or one with a password. Save it as .docx, without a password.")
        )
    if data.startswith(b"PK"):
        return _archived(Archive(data))
    if data.startswith((b"%PDF", b"{\\rtf")):
        raise CannotReadManuscript(_("This is a PDF or RTF file. Upload the manuscript as .docx, or paste its text."))
    if len(data) > MOST_TEXT:
        message = _("The text is larger than %(size)s MB. Divide it, or upload it as .docx.")
        raise CannotReadManuscript(message % {"size": MOST_TEXT // 1_000_000})
    text = _decoded(data)
    ending = name.rpartition(".")[2].lower()
    if ending in ("html", "htm") or text.lstrip()[:15].lower().startswith(("<!doctype html", "<html", "<meta")):
        return web_pages.read(text)
    if ending in ("md", "markdown") or typed_text.looks_like_markdown(text):
        return typed_text.read_markdown(text)
    return typed_text.read_plain(text)


def _decoded(data: bytes) -> str:
    """Return a text without control characters, which no XML may have. Raise CannotReadManuscript if it is no text."""
    try:
        text, _remarks = decode(data)
    except CannotRead as error:
        raise CannotReadManuscript(str(error)) from error
    return strip_controls(text)


def _archived(archive: Archive) -> ReadManuscript:
    if word.is_word(archive):
        return word.read(archive)
    if page := web_pages.page_in(archive):
        return web_pages.read(_decoded(archive.read(page, MOST_TEXT)), archive)
    raise CannotReadManuscript(
        _("This archive is no manuscript: neither a .docx file nor a web page that Google Docs exported.")
    )
