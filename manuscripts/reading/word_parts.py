"""Prepare the text of a .docx file for mammoth, which converts it to HTML but knows no fields of reference managers.

Citations become marks (manuscripts.reading.marks), and what is no part of the text is taken out and noted: deleted and
hidden words, bibliographies and tables of contents that Word generates. Formulas become their characters. Pure.

The elements are those of ECMA-376, Part 1, 17 (WordprocessingML); fields are in 17.16.
"""

import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree

from manuscripts.reading.embedded_records import CitedWorks, printed
from manuscripts.reading.marks import GENERATED_LIST, OWN, mark
from manuscripts.reading.records import CannotReadManuscript, LeftOut

DEEPEST = 80
MOST_PARAGRAPHS = 40_000  # in a part, with those in cells; 300 pages have about ten thousand
MOST_RUNS = 100_000
WRAPPERS = ("fldSimple", "bdo", "dir")
MOST_OPEN = 40  # fields or bookmarks that lie in one another; Word writes three or four
GENERATED = re.compile(
    r"\s*(?:(ADDIN ZOTERO_BIBL|ADDIN EN\.REFLIST|ADDIN Mendeley Bibliography|BIBLIOGRAPHY|BIBL\s)|(TOC)\b)"
)
READ_BY_MAMMOTH = re.compile(r"\s*(?:HYPERLINK|FORMCHECKBOX)\b")
LONGEST_NAME = 200  # of the authors whom a sentence names
YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?!\d)|n\.d\.|in press")
MOVED = ("ZOTERO_TRANSFER_DOCUMENT", "ZOTERO_EXPORTED_DOCUMENT")
TRUE_LOOK = 0x0020  # 17.7.6.7 and 17.4.56: the first row has a format of its own
IN_TEXT = ("t", "tab", "br", "cr", "noBreakHyphen", "softHyphen", "sym", "drawing", "pict", "object")


def parse(data: bytes) -> etree._Element:
    """Return the root of a part. Raise CannotReadManuscript for damaged XML, declarations, and too deep elements."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data) or re.search(rb"<\x00!\x00D\x00O\x00C\x00T", data):
        raise CannotReadManuscript(_("The file declares entities, which no program for writing does. It is not read."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotReadManuscript(
            _("The file is damaged: a part of it is not valid XML. Save it anew in Word.")
        ) from error
    if any(_depth(leaf) > DEEPEST for leaf in root.iter() if len(leaf) == 0):
        raise CannotReadManuscript(_("Its tables or text boxes are nested too deeply to be read."))
    return root


def _before_the_year(text: str) -> str:
    """Return the name in “Doe et al. (2019)”, which is part of the sentence, or "" if the text has no such form."""
    name, bracket, rest = text.rpartition("(")
    is_name = text[:1].isalnum() and len(name) <= LONGEST_NAME and name.count("(") == name.count(")")
    year = rest.rstrip().removesuffix(")")
    return name.rstrip() if bracket and is_name and year != rest.rstrip() and YEAR.match(year) else ""


def _depth(element: etree._Element) -> int:
    return sum(1 for _above in element.iterancestors())


@dataclass
class _Field:
    """A field that has begun: its instruction, its data, the elements of its result, and the signs around them.

    `inner` is the data of the fields within its instruction. EndNote often writes the same data into both places.
    """

    code: str = ""
    data: str = ""
    inner: str = ""
    has_result: bool = False
    result: list[etree._Element] = field(default_factory=list)
    signs: list[etree._Element] = field(default_factory=list)


class PartReader:
    """Prepares one part after the other, and numbers the cited works over all of them."""

    def __init__(self, works: CitedWorks, bookmarks: dict[str, str]) -> None:
        """`bookmarks` maps the name of a bookmark to the instruction that Zotero stores for it."""
        self.works = works
        self.bookmarks = bookmarks
        self.left_out: list[LeftOut] = []
        self._w = ""
        self._is_note = False

    def prepare(self, root: etree._Element, outside: Collection[str] = ()) -> None:
        """Change the tree of a part in place. `outside` are the relations that lead out of the file."""
        self._w = f"{{{etree.QName(root).namespace}}}"
        self._is_note = etree.QName(root).localname in ("footnotes", "endnotes")
        for text in root.iter(f"{self._w}t"):
            text.text = OWN.sub("", text.text or "")
        for limit, names, message in (
            (MOST_PARAGRAPHS, ("p",), _("The manuscript has more than %(count)s paragraphs and cells. Divide it.")),
            (MOST_RUNS, ("r",), _("The manuscript has more than %(count)s changes of format. Divide it.")),
        ):
            if sum(1 for _one in self._named(root, *names)) > limit:
                raise CannotReadManuscript(message % {"count": f"{limit:,}"})
        self._repeated_notes(root)
        self._linked_pictures(root, outside)
        self._formulas(root)
        self._deleted(root)
        self._hidden(root)
        self._content_controls(root)
        self._bookmarked(root)
        self._simple_fields(root)
        self._fields(root)
        self._links_of_zotero(root)
        self._unwrap(root)
        self._breaks(root)
        self._header_rows(root)

    def _named(self, root: etree._Element, *names: str) -> Iterator[etree._Element]:
        yield from root.iter(*(f"{self._w}{name}" for name in names))

    def _words(self, element: etree._Element) -> str:
        texts = (text.text or "" for text in self._named(element, "t", "delText"))
        return " ".join("".join(texts).split())

    def _linked_pictures(self, root: etree._Element, outside: Collection[str]) -> None:
        """Remove pictures that are not in the file: nothing is requested from elsewhere."""
        for picture in list(self._named(root, "drawing", "pict")):
            named = [value for one in picture.iter() for value in one.attrib.values()]
            if (parent := picture.getparent()) is not None and any(value in outside for value in named):
                self.left_out.append(LeftOut("picture"))
                parent.remove(picture)

    def _repeated_notes(self, root: etree._Element) -> None:
        """Let each note stand in the text once: a long one that is named thousands of times would fill the memory."""
        for name in ("footnoteReference", "endnoteReference"):
            seen: set[str] = set()
            for reference in list(self._named(root, name)):
                number = reference.get(f"{self._w}id", "")
                if number in seen and (parent := reference.getparent()) is not None:
                    parent.remove(reference)
                seen.add(number)

    def _formulas(self, root: etree._Element) -> None:
        """Replace each formula by its characters, in a run."""
        names = ("oMathPara", "oMath")
        for formula in list(root.iter("{*}oMathPara", "{*}oMath")):
            if any(etree.QName(above).localname in names for above in formula.iterancestors()):
                continue
            words = "".join(one.text or "" for one in formula.iter("{*}t"))
            run = etree.Element(f"{self._w}r")
            etree.SubElement(run, f"{self._w}t").text = words
            self.left_out.append(LeftOut("formula", " ".join(words.split())))
            if (parent := formula.getparent()) is not None:
                parent.replace(formula, run)

    def _deleted(self, root: etree._Element) -> None:
        for deleted in self._named(root, "del", "moveFrom"):
            above = deleted.getparent()
            if above is None or etree.QName(above).localname in (
                "rPr",
                "trPr",
                "numPr",
            ):  # a mark on a paragraph or row
                continue
            if words := self._words(deleted):
                if etree.QName(deleted).localname == "del":
                    self.left_out.append(LeftOut("deleted", words))
                self._empty(list(self._named(deleted, "t", "delText", "instrText")))

    def _hidden(self, root: etree._Element) -> None:
        """Remove hidden words, such as EndNote's and Word's notes to themselves."""
        for hidden in self._named(root, "vanish"):
            run = next(hidden.iterancestors(f"{self._w}r"), None)
            if run is None or hidden.get(f"{self._w}val") in ("0", "false"):
                continue
            if words := self._words(run):
                self.left_out.append(LeftOut("hidden", words))
                self._empty(list(self._named(run, "t")))

    def _content_controls(self, root: etree._Element) -> None:
        for control in list(self._named(root, "sdt")):
            tag = next(self._named(control, "tag"), None)
            name = tag.get(f"{self._w}val", "") if tag is not None else ""
            gallery = next(self._named(control, "docPartGallery"), None)
            contents = list(self._named(control, *IN_TEXT))
            if numbers := self.works.of_tag(name):
                self._cite(numbers, contents)
            elif name.startswith("MENDELEY_BIBLIOGRAPHY"):
                self._generated("bibliography", contents)
            elif gallery is not None and gallery.get(f"{self._w}val") == "Table of Contents":
                self._generated("contents", contents)

    def _bookmarked(self, root: etree._Element) -> None:
        """Replace citations that Zotero keeps as bookmarks, with their data in the properties of the file."""
        opened: dict[str, tuple[str, list[etree._Element]]] = {}
        for one in list(root.iter()) if self.bookmarks else ():
            number = one.get(f"{self._w}id", "")
            if one.tag == f"{self._w}bookmarkStart":
                code = self.bookmarks.get(one.get(f"{self._w}name", ""))
                if code is not None and len(opened) < MOST_OPEN:
                    opened[number] = code, []
            elif one.tag == f"{self._w}bookmarkEnd" and number in opened:
                code, within = opened.pop(number)
                self._replace(code, "", within)
            elif self._is_content(one):
                for _code, within in opened.values():
                    within.append(one)

    def _simple_fields(self, root: etree._Element) -> None:
        for simple in list(self._named(root, "fldSimple")):
            self._replace(simple.get(f"{self._w}instr", ""), "", list(self._named(simple, *IN_TEXT)))

    def _fields(self, root: etree._Element) -> None:
        """Replace fields made of three characters (begin, separate, end), which may lie in one another (17.16.18)."""
        opened: list[_Field] = []
        for one in list(root.iter()):
            if one.tag == f"{self._w}fldChar":
                kind = one.get(f"{self._w}fldCharType")
                if kind != "begin" and opened:
                    opened[-1].signs.append(one)
                if kind == "begin":
                    data = next(self._named(one, "fldData"), None)
                    opened.append(_Field(data=(data.text or "") if data is not None else "", signs=[one]))
                elif kind == "separate" and opened:
                    opened[-1].has_result = True
                elif kind == "end" and opened:
                    ended = opened.pop()
                    if opened and not opened[-1].has_result:
                        opened[-1].inner += ended.data
                    self._replace(ended.code, ended.data or ended.inner, ended.result, beside=one.getparent())
                    if not READ_BY_MAMMOTH.match(ended.code):
                        self._empty(ended.signs)
            elif one.tag == f"{self._w}instrText" and opened and not opened[-1].has_result:
                opened[-1].code += one.text or ""
            elif self._is_content(one):
                for around in opened[-MOST_OPEN:]:  # more are never ended, and would hold each element again
                    if around.has_result:
                        around.result.append(one)
        for never_ended in opened:  # mammoth goes through all that are open at each run
            self._empty(never_ended.signs)

    def _links_of_zotero(self, root: etree._Element) -> None:
        """Replace what Zotero writes to move a document to another program: links whose text is the instruction.

        Such a document begins with a word for Zotero and a note for the writer, and ends with Zotero's preferences.
        """
        for link in list(self._named(root, "hyperlink")):
            words = self._words(link)
            contents = list(self._named(link, *IN_TEXT))
            texts = [one for one in contents if one.tag == f"{self._w}t"]
            if not texts:
                continue
            if words.startswith("ITEM CSL_CITATION") and (numbers := self.works.of_field(words)):
                instead = mark(numbers, printed(words))
            elif words.startswith(("BIBL ", "DOCUMENT_PREFERENCES ")):
                instead = GENERATED_LIST if words.startswith("BIBL ") else ""
            else:
                continue
            self._empty(contents)
            texts[0].text = instead
            if (parent := link.getparent()) is not None:
                place = parent.index(link)
                parent[place : place + 1] = list(link)
        is_moved = False
        firsts = itertools.islice((one for one in self._named(root, "p") if self._words(one)), 2)
        for paragraph, text in [(one, self._words(one)) for one in firsts]:
            if text not in MOVED and not (is_moved and "Zotero" in text):
                break
            is_moved = True
            self._empty(list(self._named(paragraph, "t")))

    def _unwrap(self, root: etree._Element) -> None:
        """Put what lies in simple fields, runs of a direction and ruby in their place: mammoth would leave it out."""
        for reading in list(self._named(root, "rt")):
            if words := self._words(reading):
                self.left_out.append(LeftOut("hidden", words))
                self._empty(list(self._named(reading, "t")))
        for wrapper in list(self._named(root, *WRAPPERS)):
            if (parent := wrapper.getparent()) is not None:
                place = parent.index(wrapper)
                inner = [one for one in wrapper if not str(one.tag).endswith("Pr")]
                parent[place : place + 1] = inner
        for ruby in list(self._named(root, "ruby")):  # its base holds runs, which cannot lie in a run
            run = next(ruby.iterancestors(f"{self._w}r"), None)
            if run is not None:
                for text in reversed(list(self._named(ruby, "t"))):
                    ruby.addnext(text)
                run.remove(ruby) if ruby.getparent() is run else None

    def _breaks(self, root: etree._Element) -> None:
        """Let each break part the words around it: mammoth knows no carriage return, and passes over a new page."""
        for one in self._named(root, "cr", "ptab"):
            one.tag = f"{self._w}br" if one.tag == f"{self._w}cr" else f"{self._w}tab"
        for one in self._named(root, "br"):
            paragraph = next(one.iterancestors(f"{self._w}p"), None)
            if one.get(f"{self._w}type") in ("page", "column") and paragraph is not None and self._words(paragraph):
                one.tag, one.text = f"{self._w}t", " "
                one.attrib.clear()

    def _is_content(self, element: etree._Element) -> bool:
        if not isinstance(element.tag, str) or not element.tag.startswith(self._w):
            return False
        return element.tag.removeprefix(self._w) in IN_TEXT

    def _replace(
        self, code: str, data: str, result: list[etree._Element], beside: etree._Element | None = None
    ) -> None:
        """Replace the result of a field with this instruction, if it is a citation or generated by the program."""
        if numbers := self.works.of_field(code, data):
            self._cite(numbers, result, beside)
        elif match := GENERATED.match(code):
            self._generated("bibliography" if match[1] else "contents", result)

    def _cite(self, numbers: list[int], result: list[etree._Element], beside: etree._Element | None = None) -> None:
        """Put a mark in place of the words of a citation, or beside a run if it has none."""
        texts = [one for one in result if one.tag == f"{self._w}t" and (one.text or "").strip()]
        was = "".join(text.text or "" for text in texts)
        name = "" if self._is_note else _before_the_year(was)
        self._empty([one for one in result if one not in texts[:1]])
        if texts:
            texts[0].text = f"{name}{mark(numbers, was.removeprefix(name))}"
        elif beside is not None:
            run = etree.Element(f"{self._w}r")
            etree.SubElement(run, f"{self._w}t").text = mark(numbers)
            beside.addnext(run)

    def _generated(self, kind: str, result: list[etree._Element]) -> None:
        texts: list[str] = []
        before: etree._Element | None = None
        for one in result:
            paragraph = next(one.iterancestors(f"{self._w}p"), None)
            is_apart = paragraph is not before or one.tag != f"{self._w}t"
            texts.append((" " if is_apart else "") + (one.text or "" if one.tag == f"{self._w}t" else ""))
            before = paragraph
        self._empty(result)
        if words := " ".join("".join(texts).split()):
            self.left_out.append(LeftOut(kind, words))
            if kind == "bibliography":  # what follows it, such as the captions of figures, is no entry of a list
                next(one for one in result if one.tag == f"{self._w}t").text = GENERATED_LIST

    def _empty(self, elements: list[etree._Element]) -> None:
        for one in elements:
            if one.tag in (f"{self._w}t", f"{self._w}delText", f"{self._w}instrText"):
                one.text = ""
            elif (parent := one.getparent()) is not None:
                parent.remove(one)

    def _header_rows(self, root: etree._Element) -> None:
        """Mark the first row of a table as a header row (17.4.78) if the table's look says that it is one."""
        for table in self._named(root, "tbl"):
            rows = [row for row in table if row.tag == f"{self._w}tr"]
            look = table.find(f"{self._w}tblPr/{self._w}tblLook")
            if len(rows) < 2 or look is None or any(row.find(f".//{self._w}tblHeader") is not None for row in rows):
                continue
            value = look.get(f"{self._w}val", "0")
            is_first = look.get(f"{self._w}firstRow") in ("1", "true")
            if is_first or (re.fullmatch(r"[0-9A-Fa-f]{1,8}", value) and int(value, 16) & TRUE_LOOK):
                properties = rows[0].find(f"{self._w}trPr")
                if properties is None:
                    properties = etree.Element(f"{self._w}trPr")
                    rows[0].insert(0, properties)
                etree.SubElement(properties, f"{self._w}tblHeader")
