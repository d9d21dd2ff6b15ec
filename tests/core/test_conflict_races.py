"""Two people save the same form of the admin at the same moment: one save goes through, and nothing is overwritten.

SQLite lets only one writer in at a time, so only PostgreSQL can show that the row is locked between the comparison with
what the form had shown and the save.
"""

from functools import partial

import pytest
from django.db import connection
from django.test import Client

from products.models import Product
from tests import newsroom
from tests.admin_forms import form_of
from tests.core.test_admin_conflicts import kept, opened
from tests.racing import race

ROUNDS = 20

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL"),
]


@pytest.fixture
def pair(committed) -> tuple[Client, Client]:
    """Return the browsers of an editor and an administrator."""
    cast = newsroom.cast()
    clients = Client(), Client()
    for client, user in zip(clients, (cast.editor, cast.admin), strict=True):
        client.force_login(user)
    return clients


def test_of_two_saves_at_once_one_goes_through_and_the_other_shows_both_sides(pair):
    for number in range(ROUNDS):
        product = Product.objects.create(name="Gummies", slug=f"gummies-{number}", cautions="None.")
        words = ("Not with alcohol.", "Not for children.")
        forms = [opened(client, product) for client in pair]
        assert forms[0].value("seen") == forms[1].value("seen")
        moves = [
            partial(form.send, client, cautions=said) for form, client, said in zip(forms, pair, words, strict=True)
        ]
        answers = race(*moves)
        assert sorted(answer.status_code for answer in answers) == [200, 302]
        first = [answer.status_code for answer in answers].index(302)
        saved, typed = words[first], words[1 - first]
        product.refresh_from_db()
        assert product.cautions == saved and product.history.count() == 2
        refused = answers[1 - first]
        assert kept(refused) == {"Cautions": (saved, typed)}
        assert form_of(refused, "product_form").value("cautions") == typed
