"""Every address of readers that contains a slug has a rule, and no redirect leads to what is not for readers."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from core.db.page_addresses import every_address
from core.redirects.fields import AddressField, page_at
from core.redirects.paths import is_internal
from tests.access.walking import filled, places

# Every slug and number of an address, at once.
VALUES = {
    **{"slug": "sleep", "number": 1, "part": 1, "ending": "ris", "extension": "png", "token": "x", "name": "x"},
    "citation_key": "doe2020",
}


def views(patterns=None, before: str = "") -> dict[str, object]:
    """Return all views of the site by their routes."""
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found[route] = pattern.callback
    return found


def readers_routes() -> list[str]:
    return [route for route, view in views().items() if hasattr(view, "public_parameters")]


def test_every_slug_in_an_address_of_readers_has_a_rule():
    routes = [route for route in readers_routes() if "slug" in places(route)]
    without = [
        route
        for route in routes
        if not any(rule.slug_in(filled(route, VALUES)) for rule in every_address())
        # These lead on with the article (website.redirects).
        and not route.startswith("articles/<slug:slug>/")
    ]
    assert len(routes) > 10 and without == []


def test_every_rule_belongs_to_a_column_that_knows_it(db):
    assert len(every_address()) == 6
    for rule in every_address():
        found, row = page_at(rule.paths_of("nothing")[0])
        assert found is rule and row is None


def test_what_is_not_for_readers_is_internal():
    open_ones = {route for route, view in views().items() if not is_internal(f"/{route.partition('<')[0]}")}
    assert open_ones - set(readers_routes()) == set()


def test_every_public_slug_is_an_address_field():
    tables = {rule.table for rule in every_address()}
    models = [model for model in apps.get_models() if model._meta.db_table in tables]
    assert len(models) == len(tables)
    assert all(isinstance(model._meta.get_field("slug"), AddressField) for model in models)
