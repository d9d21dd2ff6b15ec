"""The paths that a redirect may lead from and to."""

import pytest
from django.core.exceptions import ValidationError

from core.redirects.paths import check_new_path, check_old_path

HOSTILE = (
    *("//evil.example/", "/\\evil.example/", "\\\\evil.example", "/\t/evil.example/", "/%2f/evil.example/"),
    *("https://evil.example/", "evil.example", "javascript:alert(1)", "/a/../admin/", "/./admin/", "/a//b/", "/.git/"),
    *("/a b/", "/a?next=//evil", "/a#b", "/a\n/", "/a\x00/", "/é/", "/ａ/", "/a;b/", "/a@b/", "/a:b/", ""),
)
INTERNAL = (
    "/admin/",
    "/admin",
    "/board/x/",
    "/api/v1/",
    "/account/sign-in/",
    "/media/x.png",
    "/static/x.css",
    "/preview/x/",
)


def code(check, path: str) -> str:
    with pytest.raises(ValidationError) as refusal:
        check(path)
    return refusal.value.code


def test_no_redirect_leads_from_a_hostile_path():
    assert {path: code(check_old_path, path) for path in HOSTILE} == dict.fromkeys(HOSTILE, "malformed")


def test_no_redirect_leads_out_of_the_site_or_to_a_hostile_path():
    assert {path: code(check_new_path, path) for path in HOSTILE} == dict.fromkeys(HOSTILE, "outside")


@pytest.mark.parametrize("check", [check_old_path, check_new_path])
def test_no_redirect_leads_from_or_to_what_is_not_for_readers(check):
    assert {code(check, path) for path in INTERNAL} == {"internal"}


def test_an_old_address_is_written_in_lower_case():
    assert code(check_old_path, "/Blog/") == "malformed"
    assert check_new_path("/topics/Sleep/") is None  # a slug may have capitals


def test_other_addresses_may_be_old_addresses():
    for path in ("/blog/", "/blog/sleep.html", "/blog/2019/03/sleep", "/a_b/c-d/"):
        assert check_old_path(path) is None
