"""The headers of every response, and what a view may set itself."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
from django.urls import ResolverMatch, path
from django.utils import timezone

from core.http import POLICIES, build_policy, with_csp
from core.middleware import SecurityHeaders
from core.public import good_until, public

PUBLIC = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def page(request, *args):
    return HttpResponse("page")


def broken(request):
    raise RuntimeError("broken")


urlpatterns = [path("broken/", broken)]


def answer(view=page, *, url="/", namespaces=(), cookies=None, method="get"):
    """Return the response of `view` through the security middleware of the house, ours being the first."""
    request = getattr(RequestFactory(), method)(url)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies or {})
    request.resolver_match = ResolverMatch(view, (), {}, namespaces=list(namespaces))
    return SecurityHeaders(SecurityMiddleware(XFrameOptionsMiddleware(view)))(request)


def test_a_page_has_the_public_policy_unless_it_says_otherwise():
    response = answer()
    assert response["Content-Security-Policy"] == PUBLIC
    assert response["X-Frame-Options"] == "DENY"


def test_an_answer_that_no_view_gave_has_the_public_policy():
    response = SecurityHeaders(page)(RequestFactory().get("/admin/nowhere/"))
    assert response["Content-Security-Policy"] == PUBLIC


def test_the_admin_loads_nothing_from_elsewhere_and_stands_in_no_frame():
    policy = answer(url="/admin/", namespaces=["admin"])["Content-Security-Policy"].split("; ")
    assert {"default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"} <= {*policy}
    assert "unsafe" not in " ".join(policy)


def test_a_form_with_the_editor_may_have_inline_script_and_style():
    response = answer(with_csp("EDITOR")(page), url="/admin/x/", namespaces=["admin"])
    policy = response["Content-Security-Policy"].split("; ")
    assert {"script-src 'self' 'unsafe-inline'", "img-src 'self' data:", "frame-src 'self'"} <= {*policy}
    assert "frame-ancestors 'none'" in policy


def test_a_page_for_a_frame_of_the_admin_differs_from_what_readers_get_only_in_that():
    response = answer(with_csp("EMBED")(page), namespaces=["admin"])
    assert response["Content-Security-Policy"] == PUBLIC.replace("ancestors 'none'", "ancestors 'self'")
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_only_the_editor_relaxes_anything():
    relaxed = {name for name, policy in POLICIES.items() if "unsafe" in build_policy(policy)}
    # An email has its own styles, in a sandbox that runs no scripts and loads nothing.
    assert relaxed == {"EDITOR", "EMAIL"}
    assert build_policy(POLICIES["EMAIL"]).startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; base")
    assert not any("unsafe-eval" in build_policy(policy) for policy in POLICIES.values())


def test_a_policy_that_does_not_exist_is_an_error_when_the_view_is_written():
    with pytest.raises(ValueError, match="EDITOR"):
        with_csp("RELAXED")


def test_a_policy_that_the_answer_brings_along_is_left_alone():
    def sandboxed(request):
        return HttpResponse(headers={"Content-Security-Policy": "sandbox", "Referrer-Policy": "no-referrer"})

    response = answer(sandboxed)
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Referrer-Policy"] == "no-referrer"


def test_every_answer_has_the_other_headers():
    response = SecurityHeaders(page)(RequestFactory().get("/"))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_what_the_settings_say_of_a_header_holds(settings):
    settings.SECURE_REFERRER_POLICY = "no-referrer"
    assert answer()["Referrer-Policy"] == "no-referrer"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/no/such/page/", "/media/no-such-picture", "/admin/login/", "/admin/none/"])
def test_every_real_answer_has_a_policy(client, path):
    response = client.get(path)
    for header in (
        "Content-Security-Policy",
        "Permissions-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
    ):
        assert header in response


def test_an_error_page_has_the_headers(client, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert response["Content-Security-Policy"] == PUBLIC
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_ordinary_answer_says_nothing_about_keeping_it():
    assert "Cache-Control" not in answer()


@pytest.mark.parametrize(
    "visit",
    [
        {"namespaces": ["admin"]},
        {"cookies": {"sessionid": "x"}},
        {"view": lambda request: with_cookie(HttpResponse())},
    ],
    ids=["admin", "signed in", "cookie"],
)
def test_nobody_keeps_an_answer_to_one_person(visit):
    assert answer(**visit)["Cache-Control"] == "no-store"


def test_a_weaker_word_about_keeping_it_gives_way_for_one_who_is_signed_in():
    def kept(request):
        return HttpResponse(headers={"Cache-Control": "public, max-age=60"})

    assert answer(kept, cookies={"sessionid": "x"})["Cache-Control"] == "no-store"
    assert answer(kept)["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("path", ["/static/css/site.css", "/media/pictures/a.png"])
def test_files_are_kept_by_one_who_is_signed_in_too(path):
    assert "Cache-Control" not in answer(url=path, cookies={"sessionid": "x"})


def with_cookie(response):
    response.set_cookie("a", "b")
    return response


@pytest.mark.parametrize("cookies", [None, {"sessionid": "x"}], ids=["a reader", "a writer"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_public_answer_may_be_kept_whoever_asks(cookies, method):
    response = answer(public(max_age=90)(page), cookies=cookies, method=method)
    # The cache, which knows of publications that will end, sets more.
    assert response["Cache-Control"] == "public, max-age=90"
    assert response.is_public


def test_where_no_store_stands_behind_it_an_answer_is_kept_no_longer_than_it_is_good():
    @public(max_age=90)
    def ending(request):
        response = page(request)
        good_until(response, timezone.now() + timedelta(seconds=30))
        return response

    with time_machine.travel("2026-12-01 08:00Z", tick=False):
        assert answer(ending)["Cache-Control"] == "public, max-age=30"


def test_a_public_view_that_finds_nothing_raises_as_before():
    @public()
    def missing(request):
        raise Http404

    with pytest.raises(Http404):
        missing(RequestFactory().get("/"))


@pytest.mark.parametrize("status", [302, 400, 403, 405, 500, 503])
def test_a_refusal_or_an_error_is_not_public(status):
    response = answer(public()(lambda request: HttpResponse(status=status)))
    assert "Cache-Control" not in response
    assert not hasattr(response, "is_public")


def test_an_answer_to_a_post_is_not_public():
    assert not hasattr(answer(public()(page), method="post"), "is_public")
    assert not hasattr(answer(public()(lambda request: HttpResponseNotAllowed(["POST"]))), "is_public")


def test_a_public_view_that_sets_a_cookie_fails():
    with pytest.raises(AssertionError, match="public"):
        answer(public()(lambda request: with_cookie(HttpResponse())))


def test_a_public_view_that_varies_by_cookie_fails():
    with pytest.raises(AssertionError, match="public"):
        answer(public()(lambda request: HttpResponse(headers={"Vary": "Accept, Cookie"})))


def test_a_cookie_that_middleware_adds_later_takes_the_answer_out_of_every_cache(caplog):
    @public()
    def form(request):
        get_token(request)
        return HttpResponse("a form")

    with caplog.at_level(logging.ERROR):
        response = SecurityHeaders(CsrfViewMiddleware(form))(RequestFactory().get("/"))
    assert response["Cache-Control"] == "no-store"
    assert not response.is_public
    assert "declared public" in caplog.text
