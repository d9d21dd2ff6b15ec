"""Notices and links in the admin: who may read and add them, and that nobody changes them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from sources.models import Link, LinkAnswer, RetractionNotice
from tests import newsroom

ADD = reverse("admin:sources_retractionnotice_add")


@pytest.fixture
def link(cast):
    link = Link.objects.create(url="https://example.org/gone", state="dead", checked_at=timezone.now())
    LinkAnswer.objects.create(link=link, at=timezone.now(), answers=False, status=404, detail="Gone <b>away</b>")
    return link


def typed(cast, **fields):
    return {"source": cast.source.pk, "nature": "retraction", "noticed_on": "2021-03-05", "reason": "Seen.", **fields}


def test_an_editor_notes_a_retraction_from_the_source(client, cast):
    client.force_login(cast.editor)
    page = client.get(reverse("admin:sources_source_change", args=[cast.source.pk])).content.decode()
    assert f'href="{ADD}?source={cast.source.pk}"' in page
    form = client.get(ADD, {"source": cast.source.pk})
    assert f'<option value="{cast.source.pk}" selected>' in form.content.decode()
    answer = client.post(ADD, typed(cast), follow=True)
    assert answer.redirect_chain[0][0] == reverse("admin:sources_source_change", args=[cast.source.pk])
    cast.source.refresh_from_db()
    assert cast.source.retraction_note == "According to an editor (5 March 2021). Seen."
    assert "notice is on record" in answer.content.decode()
    assert RetractionNotice.objects.get().record.startswith("Editor, ")


def test_an_editor_takes_a_retraction_back(client, cast):
    client.force_login(cast.editor)
    client.post(ADD, typed(cast))
    client.post(ADD, typed(cast, nature="reinstatement", noticed_on="2022-03-05"))
    cast.source.refresh_from_db()
    assert cast.source.retraction_state == "" and RetractionNotice.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"noticed_on": "2999-01-01"}, {"noticed_on": "x"}, {"nature": "scandal"}, {"source": "x"}],
)
def test_a_notice_that_is_not_whole_is_refused_beside_its_field(client, cast, wrong):
    client.force_login(cast.editor)
    answer = client.post(ADD, typed(cast, **wrong))
    assert answer.status_code == 200 and list(wrong)[0] in answer.context["adminform"].form.errors
    assert not RetractionNotice.objects.exists()


def test_forged_fields_are_not_taken(client, cast):
    client.force_login(cast.editor)
    client.post(ADD, typed(cast, said_by="pubmed", doi="10.1000/other", record="x", recorded_at="2001-01-01"))
    notice = RetractionNotice.objects.get()
    assert (notice.said_by, notice.doi, notice.recorded_at.year) == ("editor", "", timezone.now().year)


# The status of the answer for each role: notices (list, one, add), links (list, one).
ROLES = {
    "editor": (200, 200, 200, 200, 200),
    "writer": (200, 200, 403, 200, 200),
    "advisor1": (403, 403, 403, 403, 403),
    "outsider": (302, 302, 302, 302, 302),
    "reader": (302, 302, 302, 302, 302),
}


def addresses(notice, link):
    return [
        reverse("admin:sources_retractionnotice_changelist"),
        reverse("admin:sources_retractionnotice_change", args=[notice.pk]),
        ADD,
        reverse("admin:sources_link_changelist"),
        reverse("admin:sources_link_change", args=[link.pk]),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_which_page(client, cast, link, role):
    notice = RetractionNotice.objects.create(
        said_by="pubmed", record="1", nature="retraction", pmid="1", recorded_at=timezone.now()
    )
    if role != "reader":
        client.force_login(cast.everybody[role])
    assert tuple(client.get(place).status_code for place in addresses(notice, link)) == ROLES[role]


@pytest.mark.parametrize("role", ["editor", "writer", "admin"])
def test_nobody_changes_or_removes_what_is_on_record(client, cast, link, role):
    client.force_login(cast.editor)
    client.post(ADD, typed(cast))
    notice = RetractionNotice.objects.get()
    client.force_login(cast.everybody[role])
    before = list(RetractionNotice.objects.values()), list(Link.objects.values()), list(LinkAnswer.objects.values())
    for name, thing in (("retractionnotice", notice), ("link", link)):
        for verb in ("change", "delete"):
            place = reverse(f"admin:sources_{name}_{verb}", args=[thing.pk])
            assert client.post(place, typed(cast, nature="correction", post="yes", state="")).status_code == 403
        client.post(
            reverse(f"admin:sources_{name}_changelist"),
            {"action": "delete_selected", "_selected_action": [thing.pk], "post": "yes"},
        )
    assert client.post(reverse("admin:sources_link_add"), {"url": "https://x.example/"}).status_code == 403
    after = list(RetractionNotice.objects.values()), list(Link.objects.values()), list(LinkAnswer.objects.values())
    assert before == after


def test_a_writer_who_posts_a_notice_is_refused(client, cast):
    client.force_login(cast.writer)
    assert client.post(ADD, typed(cast)).status_code == 403
    assert not RetractionNotice.objects.exists()


def test_what_an_address_answered_is_shown_as_text(client, cast, link):
    client.force_login(cast.writer)
    page = client.get(reverse("admin:sources_link_change", args=[link.pk])).content.decode()
    assert "Gone &lt;b&gt;away" in page and "404" in page


@pytest.mark.parametrize("name", ["link", "retractionnotice"])
def test_a_longer_list_takes_no_more_queries(client, cast, name, django_assert_max_num_queries):
    for serial in range(30):
        source = newsroom.source(f"s{serial}")
        Link.objects.create(url=f"https://example.org/{serial}")
        RetractionNotice.objects.create(
            said_by="editor", record=str(serial), nature="concern", source=source, recorded_at=timezone.now()
        )
    client.force_login(cast.editor)
    with django_assert_max_num_queries(12):
        client.get(reverse(f"admin:sources_{name}_changelist"))
