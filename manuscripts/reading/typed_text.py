"""Read Markdown and plain text."""

import re
from html import escape

from django.utils.translation import gettext as _
from lxml.html import HtmlElement
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from core.text import clean_line
from manuscripts.reading import house_html, web_pages
from manuscripts.reading.marks import OWN
from manuscripts.reading.records import LeftOut, ReadManuscript
from manuscripts.reading.trees import words

FRONT_MATTER = re.compile(r"\A---[ \t]*\n((?:(?!---).*\n){1,60})---[ \t]*\n")
TITLE = re.compile(r"^title:(.{1,300})$", re.MULTILINE)
HEADING_LIKE = re.compile(r"(?:references?|bibliography|literature|sources|works cited):?", re.IGNORECASE)
# What only Markdown has: a heading, a table's rule, a link, bold words, a footnote, a list.
SIGNS = (
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"^(?=[^\n]{0,300}---)(?=[^\n|]{0,100}\|)[ :|-]{5,300}$", re.MULTILINE),
    re.compile(r"\[[^\[\]\n]{1,200}\]\((?:https?:|mailto:|/)[^)\s]{1,500}\)"),
    re.compile(r"\*\*[^*\n]{1,200}\*\*"),
    re.compile(r"^\[\^[\w-]{1,40}\]: ", re.MULTILINE),
)
FEWEST_SIGNS = 2


def looks_like_markdown(text: str) -> bool:
    """Return whether a text has headings, or at least two other signs of Markdown."""
    return bool(SIGNS[0].search(text)) or sum(bool(sign.search(text)) for sign in SIGNS) >= FEWEST_SIGNS


def read_markdown(text: str) -> ReadManuscript:
    """Return the manuscript in a Markdown text (CommonMark with tables, deleted words and footnotes)."""
    made = ReadManuscript(format=_("Markdown"))
    text = OWN.sub("", text)
    if match := FRONT_MATTER.match(text):
        text = text[match.end() :]
        title = TITLE.search(match[1])
        made.title = clean_line(title[1].strip().strip("\"'")) if title else ""
    root = _tree(text)
    web_pages.take_pictures(root, None, made)
    house_html.into(made, root)
    return made


def read_pasted(text: str) -> ReadManuscript | None:
    """Return a pasted piece of Markdown, without title, references and pictures; None if it is no Markdown."""
    text = OWN.sub("", text)
    if not looks_like_markdown(text):
        return None
    made = ReadManuscript(format=_("Markdown"))
    root = _tree(text)
    for picture in list(root.iter("img")):
        made.left_out.append(LeftOut("picture", picture.get("alt", "")))
        around = picture.getparent()
        picture.drop_tree()
        if around.tag == "p" and not words(around):
            around.drop_tree()
    house_html.into(made, root, is_whole=False)
    return made


def _tree(text: str) -> HtmlElement:
    """Return the tree of a Markdown text. HTML in it stays text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).use(footnote_plugin)
    return house_html.parse(reader.render(text))


def read_plain(text: str) -> ReadManuscript:
    """Return the manuscript in a plain text: paragraphs are separated by empty lines, and a first line is the title."""
    made = ReadManuscript(format=_("plain text"))
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", OWN.sub("", text)) if block.strip()]
    if len(blocks) > 1 and "\n" not in blocks[0] and len(blocks[0]) <= 200 and not blocks[0].rstrip().endswith("."):
        made.title = clean_line(blocks.pop(0))
    paragraphs: list[str] = []
    for block in blocks:
        lines = block.split("\n")
        is_listed = HEADING_LIKE.fullmatch(lines[0].strip()) or all(
            re.match(r"\s*(?:\[?\d{1,3}[\]).]|[-*•])\s", line) for line in lines
        )
        paragraphs += lines if is_listed else [" ".join(lines)]
    html = "".join(f"<p>{escape(' '.join(paragraph.split()))}</p>" for paragraph in paragraphs)
    house_html.into(made, house_html.parse(html))
    return made
