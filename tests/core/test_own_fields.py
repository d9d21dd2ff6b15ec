"""Look up a field that a model itself declares."""

import pytest
from django.core.exceptions import FieldDoesNotExist

from articles.models import Article
from core.db.own_fields import own_field


def test_a_field_of_the_model_is_found_by_its_name():
    assert own_field(Article, "title").verbose_name == "title"


@pytest.mark.parametrize("name", ["revisions", "no_such_field"])
def test_a_relation_that_leads_to_the_model_is_no_field_of_its_own(name):
    with pytest.raises(FieldDoesNotExist):
        own_field(Article, name)
