"""Put the footnotes of a manuscript into its text, because an article has none. Pure.

A note that only names works becomes a citation; any other becomes a passage in parentheses.
"""

import re

from lxml.html import HtmlElement

from manuscripts.reading.marks import cited_in, mark, with_words, without_marks
from manuscripts.reading.records import LeftOut, ReadManuscript
from manuscripts.reading.trees import replace_with_text, words
from manuscripts.reading.written_references import LEAD_IN, reference_of

# The anchors of notes: of mammoth, of Google Docs, of Markdown, and of Word's own HTML.
TARGET = re.compile(r"#(?:footnote-|endnote-|ftnt(?!_ref)|fn(?!ref)|_ftn(?!ref)|_edn(?!ref))[\w-]*")
BACK = re.compile(r"#(?:footnote-ref-|endnote-ref-|ftnt_ref|fnref|_ftnref|_ednref)[\w-]*")
FEWEST_LETTERS = 12  # of a note that says something besides the works that it cites


def put_notes_into_the_text(root: HtmlElement, made: ReadManuscript, *, finds_references: bool = True) -> None:
    """Replace the marks of notes by what the notes say, and remove the notes.

    If references are not to be found, notes that name works stand in parentheses, as all others do.
    """
    named = {name: one for one in root.iter() for name in (one.get("id"), one.get("name")) if name}
    notes: dict[str, tuple[HtmlElement, str]] = {}
    for link in list(root.iter("a")):
        href = link.get("href", "")
        target = named.get(href[1:]) if TARGET.fullmatch(href) else None
        if target is None:
            continue
        if href not in notes:
            note = _note_around(target)
            if note is None or link in list(note.iter("a")):
                continue
            for back in [one for one in note.iter("a") if BACK.fullmatch(one.get("href", ""))]:
                back.drop_tree()
            notes[href] = note, words(note)
        place = link
        while (above := place.getparent()) is not None and above.tag == "sup" and len(above) == 1:
            place = above
        replace_with_text(place, _said(notes[href][1], made, finds_references))
    for note, _text in notes.values():
        note.drop_tree()
    for group in list(root.iter("ol", "section", "hr")):
        if group.get("class") in ("footnotes", "footnotes-sep") or (group.tag == "ol" and not len(group)):
            group.drop_tree()


def _note_around(target: HtmlElement) -> HtmlElement | None:
    """Return the element of a note: the list item or paragraph around its anchor."""
    for element in (target, *target.iterancestors()):
        above = element.getparent()
        if element.tag in ("li", "p", "div") and above is not None:
            # Google Docs wraps each note in a <div> of its own.
            return above if element.tag == "p" and above.tag == "div" and above.getparent() is not None else element
    return None


def _said(text: str, made: ReadManuscript, finds_references: bool) -> str:
    """Return what stands in the text in place of a note: a citation, or its words in parentheses."""
    cited = cited_in(text)
    if cited and sum(map(str.isalpha, without_marks(text))) < FEWEST_LETTERS:
        return mark(cited, f" ({said})" if (said := with_words(text).strip()) else "*")
    if finds_references and not cited and (reference := reference_of(text)):
        if LEAD_IN.match(text):
            made.left_out.append(LeftOut("locator", text))
        made.references.append(reference)
        reference.marks = 1
        return mark([len(made.references)], f" ({text})")
    if not text:
        return ""
    made.left_out.append(LeftOut("footnote", without_marks(text)))
    return f" ({text.removesuffix('.')})"
