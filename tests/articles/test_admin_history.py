"""The pages of earlier versions: a person with the view permission alone restores nothing and posts nothing there."""

import pytest
from django.urls import reverse

from advisors.models import Advisor
from articles.models import Author
from products.models import Product
from sources.models import Source
from tests import newsroom
from tests.admin_forms import WebForm, form_of

MODELS = {"source": Source, "author": Author, "advisor": Advisor, "product": Product}


@pytest.fixture
def things(cast) -> dict[str, Source | Author | Advisor | Product]:
    """Return one object of each kind with an earlier version; the source is cited."""
    newsroom.published(cast)
    product = Product.objects.create(name="Older name", slug="product")
    found = {"source": cast.source, "author": cast.author, "advisor": cast.advisors[0], "product": product}
    for thing in found.values():
        thing.title = thing.name = "Newer name"
        thing.save()
    return found


def place(thing: Source | Author | Advisor | Product) -> str:
    """Return the address of its oldest version."""
    options = thing._meta
    return reverse(
        f"admin:{options.app_label}_{options.model_name}_simple_history", args=[thing.pk, thing.history.last().pk]
    )


def old_version(client, thing: Source | Author | Advisor | Product) -> WebForm:
    """Return the form on that page as the signed-in person sees it."""
    return form_of(client.get(place(thing)), place(thing))


def rows(thing: Source | Author | Advisor | Product) -> list[dict]:
    return list(type(thing).objects.filter(pk=thing.pk).values())


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("who", ["writer", "advisor2", "outsider"])
def test_who_may_not_change_it_restores_nothing(client, cast, things, kind, who):
    thing = things[kind]
    before, versions = rows(thing), thing.history.count()
    client.force_login(cast.editor)
    form = old_version(client, thing)
    client.force_login(cast.everybody[who])
    answer = form.send(client)

    assert answer.status_code in (302, 403)
    assert rows(thing) == before and thing.history.count() == versions


def test_a_writer_takes_no_seat_on_the_board(client, cast, things):
    """The most dangerous case, because the field for an advisor's account is a field like any other."""
    client.force_login(cast.editor)
    form = old_version(client, things["advisor"])
    client.force_login(cast.writer)
    answer = form.send(client, user=cast.colleague.pk)

    assert answer.status_code == 403
    assert Advisor.objects.get(pk=cast.advisors[0].pk).user == cast.everybody["advisor1"]


@pytest.mark.parametrize("kind", MODELS)
def test_an_editor_restores_an_older_version(client, cast, things, kind):
    client.force_login(cast.editor)
    form = old_version(client, things[kind])
    things[kind].refresh_from_db()
    form.send(client)

    assert "Newer name" not in str(type(things[kind]).objects.get(pk=things[kind].pk))


def test_a_writer_restores_a_source_that_nobody_cites(client, cast):
    source = newsroom.source("roe2021", title="Older name")
    source.title = "Newer name"
    source.save()
    client.force_login(cast.writer)
    old_version(client, source).send(client)

    assert Source.objects.get(pk=source.pk).title == "Older name"


def test_what_was_removed_is_not_brought_back_by_a_forged_request(client, cast):
    source = newsroom.source("roe2021")
    client.force_login(cast.editor)
    form = old_version(client, source)
    source.delete()

    assert form.send(client).status_code in (403, 404)
    assert not Source.objects.filter(key="roe2021").exists()


@pytest.mark.parametrize("end", ["x/history/", "%00/history/", "1/history/x/", "x/history/1/"])
def test_an_address_that_names_no_row_is_not_found(client, cast, end):
    client.force_login(cast.editor)
    assert client.get(f"/admin/sources/source/{end}").status_code == 404
