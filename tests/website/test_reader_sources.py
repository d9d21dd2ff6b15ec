"""What readers learn of the sources: kinds of evidence, archived copies, and warnings where the text cites them."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Citation
from articles.pages import page_of
from articles.rendering import numbers_and_tips, render, with_warnings
from sources import evidence_groups
from sources.exporters import FORMATS
from sources.models import Evidence, Source
from tests import newsroom
from tests.website.test_reader_page import cited, get

TEXT = (
    '<h2>One</h2><p>Said &lt;a&gt; &amp; <a href="#source-1">here</a>.<sup data-cite="aaa1 bbb2"></sup> '
    'Again.<sup data-cite="bbb2"></sup></p><p><sup data-cite="nobody"></sup></p>'
)


@pytest.fixture(scope="module")
def rendered() -> str:
    return render(TEXT, "", {"aaa1": 1, "bbb2": 12}).body


# The preview shown while the pointer is on a citation mark


def test_a_mark_says_in_plain_words_which_source_it_is():
    cited = Citation(key="aaa1", number=1, reference='Doe J. <em>Sleep &amp; "rest"</em>. 2020.')
    html = render(TEXT, "", *numbers_and_tips([cited])).body

    assert (
        'role="doc-noteref" data-tip="Doe J. Sleep &amp; &quot;rest&quot;. 2020." aria-label="Source 1">1</a>' in html
    )
    assert with_warnings(html, {1: "retracted"}).count("data-tip=") == html.count("data-tip=") == 1


def test_such_words_end_where_they_would_cover_the_page():
    _, tips = numbers_and_tips([Citation(key="aaa1", number=1, reference="word " * 500)])

    assert len(tips["aaa1"]) == 240


# The warning at the citation


def test_the_mark_of_a_retracted_source_says_so_in_words(rendered):
    html = with_warnings(rendered, {12: "retracted", 1: ""})

    assert html.count('class="mark-retracted" aria-label="Source 12, retracted">12<span') == 2
    assert 'aria-label="Source 1">1</a>' in html


def test_the_mark_of_a_doubtful_source_says_so_in_words(rendered):
    html = with_warnings(rendered, {1: "concern"})

    assert html.count('class="mark-concern" aria-label="Source 1, in doubt">') == 1


@given(st.dictionaries(st.integers(1, 13), st.sampled_from(["", "retracted", "concern", "unheard of"])))
def test_nothing_else_is_altered(states):
    html = render(TEXT, "", {"aaa1": 1, "bbb2": 12}).body
    warned = with_warnings(html, states)
    plain = re.sub(r' class="mark-(?:retracted|concern)"|(?<=\d), (?:retracted|in doubt)(?=")', "", warned)

    assert re.sub(r'<span class="mark-warning">[a-z ]+</span>', "", plain) == html


def test_what_a_writer_typed_is_never_taken_for_a_mark():
    typed = '<p><a id="mark-1-1" href="#source-1" role="doc-noteref" aria-label="Source 1">1</a></p>'
    html = render(typed, "", {}).body

    assert with_warnings(html, {1: "retracted"}) == html and "doc-noteref" not in html


@pytest.mark.parametrize(("state", "word"), [("retracted", "retracted"), ("concern", "in doubt")])
def test_readers_see_it_at_the_citation_at_once_and_the_kept_rendering_stays(client, cast, state, word):
    article = newsroom.published(cast, safety_note='<p>Ask first.<sup data-cite="doe2020"></sup></p>')
    rendering = article.revisions.get().rendering
    Source.objects.update(retraction_state=state, retraction_note="According to PubMed (3 May 2026).")
    html = get(client, article)

    assert html.count(f'aria-label="Source 1, {word}"') == 2
    assert "According to PubMed (3 May 2026)." in html
    body = rendering.body
    rendering.refresh_from_db()
    assert rendering.body == body


def test_a_preview_warns_as_well(rf, cast):
    article = newsroom.draft(cast)
    Source.objects.update(retraction_state="retracted")
    page = {"page": page_of(article.revisions.get()), "banner": "A preview"}
    html = render_to_string("articles/article_page.html", page, request=rf.get("/"))

    assert 'aria-label="Source 1, retracted"' in html and "Retracted.</strong>" in html


# Kinds of evidence


@pytest.mark.parametrize("kind", Evidence.values)
def test_every_kind_of_evidence_has_its_group(kind):
    assert sum(kind in kinds for _, _, kinds in evidence_groups.GROUPS.values()) == 1


@given(st.lists(st.sampled_from(Evidence.values), max_size=60))
def test_the_mix_counts_every_source_once_and_fills_the_bar(kinds):
    shares = evidence_groups.mix(kinds)

    assert sum(share.count for share in shares) == len(kinds)
    assert sum(share.width for share in shares) == (evidence_groups.WIDTH if kinds else 0)
    ends = [0, *(share.start + share.width for share in shares)]
    assert [share.start for share in shares] == ends[:-1]


def test_the_mix_names_its_groups_strongest_first():
    kinds = ["consumer", "randomised_trial", "guideline", "randomised_trial"]
    assert [(share.count, share.label) for share in evidence_groups.mix(kinds)] == [
        (1, "guideline or systematic review"),
        (2, "trials"),
        (1, "review, official page or other report"),
    ]


def test_the_page_tells_the_mix_in_words_and_each_sources_kind(client, cast):
    Source.objects.update(evidence="cohort")
    html = get(client, cited(cast, 3))

    assert "3 sources, by kind of evidence" in html
    assert "<strong>3</strong> trials" in html
    assert html.count('class="evidence kind kind-trial">Randomised trial</span>') == 3


def test_no_style_stands_in_the_page_and_the_bar_is_drawn_by_attributes(client, cast):
    html = get(client, cited(cast, 2))

    assert "style=" not in html and "<style" not in html
    assert '<rect class="kind-trial" x="0" y="0" width="1000" height="12"/>' in html


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """Return this share of `colour` mixed with `ground`, as color-mix() does it."""
    pairs = ((int(colour[place : place + 2], 16), int(ground[place : place + 2], 16)) for place in (1, 3, 5))
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in pairs)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("group", evidence_groups.GROUPS)
def test_shapes_and_words_stand_out_from_their_ground(theme, group):
    root = Path(__file__).parents[2] / "static/css"
    tokens, below = ((root / name).read_text(encoding="utf-8") for name in ("tokens.css", "below.css"))

    def value(css: str, name: str) -> str:
        return re.findall(rf"--{name}: (#[0-9a-f]{{6}});", css)[theme]

    paper, kind = value(tokens, "paper"), value(below, f"kind-{group}")
    ground = mixed(kind, paper, 0.09)
    assert contrast(kind, ground) >= 3 and contrast(kind, paper) >= 3  # WCAG 1.4.11
    assert contrast(value(tokens, "ink"), ground) >= 4.5  # WCAG 1.4.3


# Archived copies and downloads


def test_an_archived_copy_is_linked_with_its_day(client, cast):
    Source.objects.update(archived_url="https://web.archive.org/x", archived_on=date(2026, 3, 4))
    html = get(client, newsroom.published(cast))

    assert 'href="https://web.archive.org/x"' in html and "4 March 2026" in html


def test_an_approved_page_links_to_the_archived_copy_that_was_approved(client, cast):
    Source.objects.update(archived_url="https://web.archive.org/x", archived_on=date(2026, 3, 4))
    article = newsroom.published(cast)
    Source.objects.update(archived_url="https://elsewhere.example/", archived_on=date(2026, 5, 6))
    html = get(client, article)

    assert 'href="https://web.archive.org/x"' in html and "4 March 2026" in html
    assert "elsewhere.example" not in html and "6 May 2026" not in html


def test_another_archived_copy_makes_another_revision_at_the_next_save(cast):
    article = newsroom.draft(cast)
    Source.objects.update(archived_url="https://web.archive.org/x", archived_on=date(2026, 3, 4))
    newsroom.rewrite(cast, article)
    citations = Citation.objects.order_by("revision__number").values_list("archived_url", "archived_on")

    assert list(citations) == [("", None), ("https://web.archive.org/x", date(2026, 3, 4))]


def test_a_citation_leads_nowhere_unsafe(client, cast):
    Source.objects.update(doi="", url="javascript:alert(1)", accessed_on=date(2026, 3, 4))
    article = newsroom.published(cast)

    assert Citation.objects.get().link == "javascript:alert(1)"
    assert 'href="javascript:' not in get(client, article)


def test_an_archived_copy_leads_nowhere_unsafe(client, cast):
    Source.objects.update(archived_url="javascript:alert(1)")
    article = newsroom.published(cast)

    assert Citation.objects.get().archived_url == "javascript:alert(1)"
    assert "javascript:" not in get(client, article)


def test_sources_are_offered_for_download_on_the_published_page_alone(client, rf, cast):
    article = newsroom.published(cast)
    html = get(client, article)
    preview = render_to_string(
        "articles/article_page.html", {"page": page_of(article.revisions.get()), "banner": "x"}, request=rf.get("/")
    )
    assert "Download these sources" not in preview
    for form in FORMATS:
        assert f'href="{reverse("website:sources", args=[article.slug, form])}"' in html
