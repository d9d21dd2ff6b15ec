"""Small .docx files for tests, made part by part as Word and the reference managers write them (ECMA-376, Part 1)."""

import base64
import io
import json
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading3"><w:name w:val="heading 3"/></w:style>
</w:styles>"""
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>"""
ROOT = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>"""


def run(text: str, properties: str = "") -> str:
    """Return a run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    """Return a paragraph of runs; a string without markup is a run of its own."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{''.join(one if one.startswith('<') else run(one) for one in runs)}</w:p>"


def field(code: str, shown: str, data: str = "", properties: str = "") -> str:
    """Return a field with its instruction and its result (17.16.18)."""
    begin = f"<w:fldData>{data}</w:fldData>" if data else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{begin}</w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{escape(code)}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown, properties)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def csl(identity: str, title: str, doi: str, family: str = "Doe", year: int = 2020, **more: object) -> dict:
    """Return a citation item as Zotero and Mendeley embed it."""
    data = {
        "id": identity,
        "type": "article-journal",
        "title": title,
        "DOI": doi,
        "container-title": "Journal of Trials",
        "volume": "4",
        "page": "12-19",
        "author": [{"family": family, "given": "Jane"}],
        "issued": {"date-parts": [[year]]},
    }
    return {"id": identity, "uris": [f"http://zotero.org/users/1/items/{identity}"], "itemData": data, **more}


def zotero(shown: str, *items: dict, properties: str = "") -> str:
    """Return a citation as Zotero writes it."""
    code = json.dumps({"citationID": "x", "properties": {"formattedCitation": shown}, "citationItems": list(items)})
    return field(f" ADDIN ZOTERO_ITEM CSL_CITATION {code} ", shown, properties=properties)


def mendeley_cite(shown: str, *items: dict) -> str:
    """Return a citation as Mendeley Cite writes it: a content control."""
    packed = base64.b64encode(json.dumps({"citationID": "x", "citationItems": list(items)}).encode()).decode()
    tag = f"MENDELEY_CITATION_v3_{packed}"
    return f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{run(shown)}</w:sdtContent></w:sdt>'


def endnote_xml(title: str, doi: str, author: str = "Doe, Jane", year: int = 2020) -> str:
    """Return the XML that EndNote embeds."""
    return (
        f"<EndNote><Cite><Author>Doe</Author><Year>{year}</Year><RecNum>7</RecNum><record><rec-number>7</rec-number>"
        '<ref-type name="Journal Article">17</ref-type>'
        f"<contributors><authors><author>{author}</author></authors></contributors>"
        f"<titles><title>{title}</title><secondary-title>Journal of Trials</secondary-title></titles>"
        f"<pages>12-19</pages><volume>4</volume><dates><year>{year}</year></dates>"
        f"<electronic-resource-num>{doi}</electronic-resource-num></record></Cite></EndNote>"
    )


def document(*blocks: str, parts: dict[str, str | bytes] | None = None, relations: str = "") -> bytes:
    """Return a .docx file with these blocks, and with further parts and relations."""
    body = f"<w:document {NAMESPACES}><w:body>{''.join(blocks)}</w:body></w:document>"
    related = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as made:
        for name, content in {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": ROOT,
            "word/document.xml": body,
            "word/styles.xml": STYLES,
            "word/_rels/document.xml.rels": related,
            **(parts or {}),
        }.items():
            made.writestr(name, content)
    return packed.getvalue()
