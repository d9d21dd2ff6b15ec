"""Read a .docx file. mammoth converts the text; citations, bibliographies and deleted words are taken care of before.

Only the parts with text, styles, numbering, notes and pictures are passed on. Nothing that lies outside the file is
read, and macros and embedded objects are not even unpacked.
"""

import io
import re
from collections.abc import Iterator
from zipfile import ZIP_STORED, ZipFile

import mammoth
from django.utils.translation import gettext as _
from lxml import etree

from manuscripts.reading import house_html
from manuscripts.reading.archives import MOST_UNPACKED, Archive, too_large
from manuscripts.reading.embedded_records import CitedWorks
from manuscripts.reading.marks import OWN
from manuscripts.reading.records import CannotReadManuscript, LeftOut, ReadManuscript
from manuscripts.reading.word_parts import PartReader, parse

MOST_STYLES = 1_000
DEEPEST_STYLE = 12
DOCUMENT = re.compile(r"/(?:officeDocument/relationships|relationships)/officeDocument\Z")
HYPERLINK = re.compile(r"/hyperlink\Z")
BOOKMARK = re.compile(r"(ZOTERO_BREF_\w{1,40})_(\d{1,4})")
SHOWN = {"image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "image/avif"}
STYLES = """
p[style-name='Title'] => p.title:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='Caption'] => p.caption:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Table Caption'] => p.caption:fresh
p[style-name='Image Caption'] => p.caption:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
strike => s
"""


def is_word(archive: Archive) -> bool:
    """Return whether an archive is a .docx file."""
    return "[Content_Types].xml" in archive.names and any(name.startswith("word/") for name in archive.names)


def read(archive: Archive) -> ReadManuscript:
    """Return the manuscript in a .docx file. Raise CannotReadManuscript if it is damaged or over a limit."""
    made = ReadManuscript(format=_("Word"))
    works = CitedWorks()
    reader = PartReader(works, _bookmarks(archive))
    rules = _heading_styles(archive.read(f"{_main_part(archive).rpartition('/')[0]}/styles.xml") or b"<styles/>")
    html = _converted(_prepared(archive, reader), made, STYLES + "\n".join(rules))
    made.references = works.references
    made.left_out += [*reader.left_out, *works.left_out, *_comments(archive)]
    house_html.into(made, house_html.parse(html))
    return made


def _prepared(archive: Archive, reader: PartReader) -> io.BytesIO:
    """Return a .docx file with only the parts that are read, and with marks in place of citations."""
    main = _main_part(archive)
    folder = main.rpartition("/")[0]
    bodies = [main, f"{folder}/footnotes.xml", f"{folder}/endnotes.xml"]
    others = ["[Content_Types].xml", "_rels/.rels", f"{folder}/styles.xml", f"{folder}/numbering.xml"]
    relations = [_relations_of(part) for part in bodies]
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as made:
        for part in bodies:
            if data := archive.read(part):
                root = parse(data)
                reader.prepare(root, outside=_outside(archive.read(_relations_of(part))))
                made.writestr(part, etree.tostring(root, encoding="utf-8"))
        for part in others:
            if data := archive.read(part):
                made.writestr(part, etree.tostring(parse(data), encoding="utf-8"))
        for part in relations:
            if data := archive.read(part):
                made.writestr(part, _inner(data))
        for part in sorted(archive.names):
            if part.startswith(f"{folder}/media/") and not part.endswith("/"):
                made.writestr(part, archive.read(part))
    packed.seek(0)
    return packed


def _main_part(archive: Archive) -> str:
    """Return the name of the part with the text."""
    if data := archive.read("_rels/.rels"):
        for relation in parse(data):
            if DOCUMENT.search(relation.get("Type", "")):
                target = relation.get("Target", "").lstrip("/")
                if target in archive.names and "/" in target:
                    return str(target)
    if "word/document.xml" in archive.names:
        return "word/document.xml"
    raise CannotReadManuscript(_("The file has no text that we find. Open it in Word and save it as .docx."))


def _heading_styles(data: bytes) -> Iterator[str]:
    """Yield mammoth's rules for paragraph styles that have an outline level (17.3.1.20) but no name of a heading.

    Templates of journals and of universities name their headings as they like. A style without a level of its own has
    that of the style on which it is based.
    """
    styles = {one.get(f"{{{one.nsmap[one.prefix]}}}styleId", ""): one for one in parse(data).iter("{*}style")}

    def value(style: etree._Element, name: str) -> str:
        found = style.find(f".//{{*}}{name}")
        return next(iter(found.attrib.values()), "") if found is not None else ""

    for style in list(styles.values())[:MOST_STYLES]:
        name, based = value(style, "name"), style
        for _step in range(DEEPEST_STYLE):
            if (level := value(based, "outlineLvl")) or value(based, "basedOn") not in styles:
                break
            based = styles[value(based, "basedOn")]
        if re.fullmatch("[0-5]", level) and not re.search(r"heading [1-9]\Z|['\\\n]", name, re.IGNORECASE):
            yield f"p[style-name='{name}'] => h{int(level) + 1}:fresh"


def _relations_of(part: str) -> str:
    folder, _slash, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _leads_out(relation: etree._Element) -> bool:
    """Return whether a relation leads out of the file, and is no link of the text."""
    is_outside = relation.get("TargetMode") == "External" or ".." in relation.get("Target", "")
    return is_outside and not HYPERLINK.search(relation.get("Type", ""))


def _outside(data: bytes) -> set[str]:
    """Return the identifiers of the relations that lead out of the file, such as those of linked pictures."""
    return {relation.get("Id", "") for relation in parse(data) if _leads_out(relation)} if data else set()


def _inner(data: bytes) -> bytes:
    """Return the relations of a part without those that lead out of the file."""
    root = parse(data)
    for relation in [one for one in root if _leads_out(one)]:
        root.remove(relation)
    return bytes(etree.tostring(root, encoding="utf-8"))


def _bookmarks(archive: Archive) -> dict[str, str]:
    """Return the instructions that Zotero keeps in the file's properties, by the name of the bookmark."""
    data = archive.read("docProps/custom.xml")
    parts: dict[str, dict[int, str]] = {}
    for one in parse(data) if data else ():
        if match := BOOKMARK.fullmatch(one.get("name", "")):
            parts.setdefault(match[1], {})[int(match[2])] = "".join(str(text) for text in one.itertext())
    return {name: "".join(text for _number, text in sorted(some.items())) for name, some in parts.items()}


def _comments(archive: Archive) -> Iterator[LeftOut]:
    data = archive.read("word/comments.xml")
    for comment in parse(data) if data else ():
        texts = [one.text or "" for one in comment.iter("{*}t")]
        if words := " ".join("".join(texts).split()):
            yield LeftOut("comment", OWN.sub("", words))


def _converted(packed: io.BytesIO, made: ReadManuscript, rules: str) -> str:
    """Return mammoth's HTML; pictures go into `made.pictures` and have the address picture:N, counted from 1."""

    unpacked: list[int] = []

    def keep(image: mammoth.documents.Image) -> dict[str, str]:
        description = " ".join((image.alt_text or "").split())[:250]
        if image.content_type not in SHOWN:
            made.left_out.append(LeftOut("picture", description))
            return {"src": ""}
        with image.open() as file:
            content = file.read()
        unpacked.append(len(content))
        if sum(unpacked) > MOST_UNPACKED:  # one picture may stand in many places
            raise CannotReadManuscript(too_large(MOST_UNPACKED))
        return {"src": made.add_picture(content, description)}

    try:
        result = mammoth.convert_to_html(
            packed, style_map=rules, convert_image=mammoth.images.img_element(keep), external_file_access=False
        )
    except CannotReadManuscript:
        raise
    except RecursionError as error:
        raise CannotReadManuscript(_("Its tables or text boxes are nested too deeply to be read.")) from error
    except Exception as error:  # mammoth raises whatever a damaged part makes it trip over
        raise CannotReadManuscript(_("The file is damaged. Open it in Word and save it anew as .docx.")) from error
    return str(result.value)
