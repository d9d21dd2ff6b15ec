"""The check-list in the admin: editors change it, others read it, and given answers stay as they are."""

import pytest
from django.urls import reverse

from advisors import checklists
from advisors.models import ChecklistAnswer, ChecklistItem
from articles.models import Topic
from tests import newsroom
from tests.admin_forms import form_of

LIST = reverse("admin:advisors_checklistitem_changelist")
ADD = reverse("admin:advisors_checklistitem_add")


@pytest.fixture
def item(db):
    ChecklistItem.objects.all().delete()
    return ChecklistItem.objects.create(question="Do the doses stay below the limits?", position=1)


def change(item: ChecklistItem) -> str:
    return reverse("admin:advisors_checklistitem_change", args=[item.pk])


def test_an_editor_adds_a_question_for_a_topic(client, cast, item):
    client.force_login(cast.editor)
    other = Topic.objects.create(name="Pain", slug="pain")
    form = form_of(client.get(ADD), "checklistitem_form").put(question="Are children named?", position="2")
    form.put(topics=[str(other.pk)], is_active="on")
    assert form.send(client).status_code == 302
    article = newsroom.draft(cast)
    assert [one.question for one in checklists.items_for(article)] == [item.question]
    article.topics.add(other)
    assert [one.question for one in checklists.items_for(article)] == [item.question, "Are children named?"]


def test_the_order_is_that_of_their_positions(cast, item):
    ChecklistItem.objects.create(question="First?", position=0)
    assert [one.question for one in checklists.items_for(newsroom.draft(cast))] == ["First?", item.question]


def test_a_reworded_question_leaves_its_answers_and_its_past(client, cast, item):
    article = newsroom.published(cast)
    client.force_login(cast.editor)
    form_of(client.get(change(item)), "checklistitem_form").send(client, question="Are the doses safe?")
    assert {row.question for row in ChecklistAnswer.objects.filter(review__submission__article=article)} == {
        "Do the doses stay below the limits?"
    }
    assert item.history.count() == 2


def test_what_was_answered_is_switched_off_and_not_deleted(client, cast, item):
    newsroom.published(cast)
    client.force_login(cast.admin)
    assert (
        client.post(reverse("admin:advisors_checklistitem_delete", args=[item.pk]), {"post": "yes"}).status_code == 403
    )
    form = form_of(client.get(change(item)), "checklistitem_form")
    form.data.pop("is_active")
    form.send(client)
    assert checklists.items_for(newsroom.draft(cast)) == [] and ChecklistItem.objects.filter(pk=item.pk).exists()


@pytest.mark.parametrize("who", ["writer", "advisor1"])
def test_writers_and_advisors_read_the_list_and_change_nothing(client, cast, item, who):
    client.force_login(cast.everybody[who])
    assert item.question in client.get(LIST).content.decode()
    assert client.get(ADD).status_code == 403
    assert client.post(change(item), {"question": "Mine?", "position": 0}).status_code == 403
    item.refresh_from_db()
    assert item.question == "Do the doses stay below the limits?"
