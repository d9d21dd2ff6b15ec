"""The canonical form of a revision, byte for byte, because the digest of an approved revision must never change."""

import hashlib
from datetime import date

from articles.digests import canonical, digest
from articles.models import Byline, Citation, SignedName

CONTENT = {"title": "Magnésium & sleep", "standfirst": "", "body": "<p>“So”</p>"}
CITATIONS = [
    Citation(number=2, key="mah2021", reference="Mah J.", link="", evidence="review"),
    Citation(
        number=1,
        key="abbasi2012",
        reference="<em>J</em>",
        link="https://example.org/",
        evidence="trial",
        archived_url="https://archive.example/1",
        archived_on=date(2026, 3, 4),
    ),
]
ADA, BEN = "a" * 64, "b" * 64
BYLINES = [
    Byline(position=1, signed_name=SignedName(commitment=BEN), credentials=""),
    Byline(position=0, signed_name=SignedName(commitment=ADA), credentials="PhD"),
]
BYTES = (
    f'{{"byline":[["{ADA}","PhD"],["{BEN}",""]],'
    '"citations":[[1,"abbasi2012","<em>J</em>","https://example.org/","trial",'
    '"https://archive.example/1","2026-03-04"],[2,"mah2021","Mah J.","","review","",""]],'
    '"content":{"body":"<p>“So”</p>","title":"Magnésium & sleep"},"version":1}'
).encode()


def test_the_canonical_form_is_sorted_json_that_names_its_version():
    assert canonical(CONTENT, CITATIONS, BYLINES) == BYTES


def test_the_digest_is_the_sha256_of_the_canonical_form():
    assert digest(CONTENT, CITATIONS, BYLINES) == hashlib.sha256(BYTES).hexdigest()


def test_an_empty_field_changes_no_digest():
    assert digest({**CONTENT, "a_later_field": ""}, CITATIONS, BYLINES) == digest(CONTENT, CITATIONS, BYLINES)


def test_citations_stand_in_the_order_of_their_numbers_whatever_their_keys():
    first, second = (Citation(number=place, key=key) for place, key in ((1, "mah2021"), (2, "abbasi2012")))
    written = canonical(CONTENT, [second, first], BYLINES)

    assert written.index(b"mah2021") < written.index(b"abbasi2012")
