"""Views of every kind, for tests of the page cache: what it may keep, and what it must not."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path

from core.public import good_until, public

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = "Wörter, die alle lesen dürfen. " * 100


@public(parameters=("page", "q"))
def page(request):
    if request.headers.get("X-Private"):
        return HttpResponse("for one reader", headers={"Vary": "X-Private"})
    return HttpResponse(f"{WORDS}{sorted(request.GET.items())}{request.get_full_path()}")


@public(parameters=("page",))
def echo(request):
    """Return the URL at which the view believes to be asked, which canonical links and redirects use."""
    return HttpResponse(f"{WORDS}{request.build_absolute_uri()} {request.scheme} {sorted(request.GET.lists())}")


@public()
def undeclared(request):
    return HttpResponse(f"page {request.GET.get('page', '1')}")


@public(parameters=())
def due(request):
    response = HttpResponse("due")
    good_until(response, None, NOON, None)
    return response


@public(parameters=())
def gone(request):
    return HttpResponse("withdrawn", status=410)


@public(parameters=())
def missing(request):
    raise Http404


@public(parameters=())
def streamed(request):
    return StreamingHttpResponse(iter([b"one", b"two"]))


@public(parameters=())
def tagged(request):
    if request.headers.get("If-None-Match"):
        return HttpResponse(status=304)
    return HttpResponse("feed", headers={"ETag": '"its-own"', "Last-Modified": "Wed, 25 Nov 2026 10:00:00 GMT"})


def private(request):
    return HttpResponse("for you alone")


def marked_private(request):
    """Declare the response public, while what middleware might add says that it is not."""
    name, _, value = request.GET["header"].partition(":")  # `public` hides the query
    response = public(parameters=())(lambda request: HttpResponse("for you"))(request)
    response.headers[name] = value
    return response


def with_cookie(request):
    response = public(parameters=())(lambda request: HttpResponse("hello"))(request)
    response.set_cookie("seen", "1")
    return response


def reads_the_session(request):
    response = public(parameters=())(lambda request: HttpResponse("hello"))(request)
    request.session.get("who")
    return response


def moved(request):
    return HttpResponseRedirect("/page/")


urlpatterns = [
    path("page/", page),
    path("echo/", echo),
    path("undeclared/", undeclared),
    path("due/", due),
    path("gone/", gone),
    path("missing/", missing),
    path("streamed/", streamed),
    path("tagged/", tagged),
    path("private/", private),
    path("marked/", marked_private),
    path("cookie/", with_cookie),
    path("session/", reads_the_session),
    path("moved/", moved),
]
