"""The tables of kinds of works and evidence: complete, and no two kinds share a name in one format."""

import re
from collections import Counter

import pytest

from sources.evidence import of_pubmed, proposed
from sources.evidence_groups import GROUPS
from sources.evidence_kinds import EVIDENCE_KINDS
from sources.exporters import FORMATS, bibtex, ris
from sources.importers import read
from sources.importers.mapping import fields_of, item_of
from sources.kinds import WORK_KINDS, Evidence, Work
from sources.models import Source
from sources.references import FORMS, reference


def test_every_kind_of_work_has_an_entry():
    assert set(WORK_KINDS) == set(Work)


def test_every_kind_of_evidence_has_an_entry():
    assert set(EVIDENCE_KINDS) == set(Evidence)


@pytest.mark.parametrize("names", ["csl", "bibtex", "ris", "web_of_science", "nbib", "crossref"])
def test_a_type_of_another_program_means_one_kind_of_work(names):
    types = Counter()
    for kind in WORK_KINDS.values():
        own = getattr(kind, names)
        if names == "bibtex" and kind.bibtex_subtypes:
            own = [f"{kind.bibtex} {subtype}" for subtype in kind.bibtex_subtypes]
        elif names == "ris" and kind.ris_genre:
            own = f"{kind.ris} {kind.ris_genre}"
        types.update([own] if isinstance(own, str) else own)
        types.update(getattr(kind, f"{names}_read", ()))
    assert [type_ for type_, count in types.items() if count > 1] == []


@pytest.mark.parametrize("names", ["types", "file_types", "answer_types", "headings"])
def test_a_term_of_pubmed_means_one_kind_of_evidence(names):
    terms = Counter(term for kind in EVIDENCE_KINDS.values() for term in getattr(kind, names))
    assert [term for term, count in terms.items() if count > 1] == []


@pytest.mark.parametrize("work", Work)
def test_every_kind_of_work_has_a_form_of_reference(work):
    assert WORK_KINDS[work].ama in FORMS
    assert "A title" in reference(Source(work=work, title="A title"))


def test_no_form_of_reference_is_left_without_a_kind():
    assert {kind.ama for kind in WORK_KINDS.values()} == set(FORMS)


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("work", Work)
def test_every_kind_of_work_is_the_same_after_export_and_import(work, ending):
    source = Source(key="doe2012", work=work, title="A title", authors="Doe, Jane", evidence=Evidence.COHORT)
    entry = read(FORMATS[ending].write([item_of(source)])).entries[0]
    assert fields_of(entry.csl)["work"] == work


@pytest.mark.parametrize("kind", WORK_KINDS.values(), ids=WORK_KINDS)
def test_every_further_type_of_bibtex_and_ris_is_read_as_its_kind(kind):
    texts = [bibtex.write([{"type": kind.csl, "title": "A title"}]).replace(f"@{kind.bibtex}{{", f"@{type_}{{")
             for type_ in kind.bibtex_read]  # fmt: skip
    texts += [bibtex.write([{"type": kind.csl, "title": "A title"}]).replace("{magazine}", f"{{{subtype}}}")
              for subtype in kind.bibtex_subtypes]  # fmt: skip
    texts += [ris.write([{"type": kind.csl, "title": "A title"}]).replace(f"  - {kind.ris}", f"  - {type_}")
              for type_ in kind.ris_read]  # fmt: skip
    assert [fields_of(read(text).entries[0].csl)["work"] for text in texts] == [kind.work] * len(texts)


@pytest.mark.parametrize("kind", EVIDENCE_KINDS.values(), ids=EVIDENCE_KINDS)
def test_every_kind_of_evidence_is_proposed_by_its_terms(kind):
    for type_ in (*kind.types, *kind.file_types):
        item = {"type": "article-journal", "title": "A title", "custom": {"publication-types": [type_]}}
        assert proposed(item, Work.JOURNAL_ARTICLE) == kind.evidence
    for type_ in (*kind.types, *kind.answer_types):
        assert of_pubmed(["Journal Article", type_]) == kind.evidence
    for heading in kind.headings:
        assert of_pubmed(["Journal Article"], [heading]) == kind.evidence


def test_every_kind_of_evidence_is_in_a_group_that_readers_know():
    assert {kind.group for kind in EVIDENCE_KINDS.values()} == set(GROUPS)


def test_every_pattern_of_a_title_can_be_compiled():
    assert all(re.compile(kind.title) for kind in EVIDENCE_KINDS.values())
