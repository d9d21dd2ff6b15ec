"""Previews in the admin: the page of the text in the form, and links that share one revision."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.sessions import signed_in
from articles.admin import editing_session
from articles.admin.editing_session import article_for
from articles.models import Article, PreviewLink, Revision
from articles.preview_links import DAYS, MOST_DAYS, revoke, share
from articles.previews import page_of_draft
from core import times
from core.db.own_fields import own_field
from core.http import with_csp

BANNER = _("The text as it stands in the form. Readers do not see this page.")
BANNER_WITHOUT_PICTURE = _(
    "The text as it stands in the form. Readers do not see this page. The picture that you chose is shown once "
    "it is saved."
)


class RevisionField(forms.ModelChoiceField):
    """The choice of a revision, by its number, its time and the person who saved it."""

    def label_from_instance(self, obj: Revision) -> str:
        words = {"number": obj.number, "time": times.moment(obj.created_at), "person": obj.created_by_shown}
        return gettext("Revision %(number)s, %(time)s, %(person)s") % words


class LinkForm(forms.ModelForm):
    """The form for a new preview link: the revision that it shows, the number of days that it works, and a note."""

    days = forms.IntegerField(
        label=_("Days until it ends"),
        initial=DAYS,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=format_lazy(_("At most {days}. You can revoke it before."), days=MOST_DAYS),
    )
    field_order = ["revision", "days", "note"]

    class Meta:
        model = PreviewLink
        fields = ["revision", "note"]
        field_classes = {"revision": RevisionField}
        help_texts = {"note": _("A name or a reason, for you and your colleagues. People with the link do not see it.")}

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        revisions = Revision.objects.filter(article=article).defer("body", "safety_note")
        field = cast(RevisionField, self.fields["revision"])
        field.queryset = revisions
        field.empty_label = None


@require_POST
@with_csp("EMBED")
def draft(request: HttpRequest, object_id: str = "") -> HttpResponse:
    """Show the posted form as the page that readers would see, or respond 400 with the reasons if it is invalid.

    Raise Http404 if the user may not add articles or, for a stored article, may not edit it.
    """
    if not object_id and not request.user.has_perm("articles.add_article"):
        raise Http404
    article = article_for(signed_in(request), object_id) if object_id else None
    try:
        page = page_of_draft(article=article, actor=signed_in(request), typed=request.POST)
    except ValidationError as refusal:
        labels = {name: own_field(Article, name).verbose_name.capitalize() for name in refusal.message_dict}
        reasons = [(labels[name], reason) for name, found in refusal.message_dict.items() for reason in found]
        response = render(request, "articles/preview_refused.html", {"reasons": reasons}, status=400)
    else:
        waits = "hero_image" in request.FILES or "hero_image-waits" in request.POST
        context = {"page": page, "banner": BANNER_WITHOUT_PICTURE if waits else BANNER}
        response = render(request, "articles/article_page.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, object_id: str) -> HttpResponse:
    """List an article's preview links (GET), or make one and show its URL (POST), which cannot be shown again.

    An invalid form is shown again with status 400. Raise Http404 if the user may not edit the article.
    """
    article = article_for(signed_in(request), object_id)
    form, address = LinkForm(article=article), ""
    if request.method == "POST":
        form = LinkForm(request.POST, article=article)
        if form.is_valid():
            _link, token = share(actor=signed_in(request), **form.cleaned_data)
            address = request.build_absolute_uri(reverse("website:shared_preview", args=[token]))
            form = LinkForm(article=article)
    made = PreviewLink.objects.filter(revision__article=article).select_related("created_by", "revoked_by", "revision")
    context = {
        **admin.site.each_context(request),
        "title": gettext("Preview links"),
        "article": article,
        "opts": Article._meta,
        "form": form,
        "address": address,
        "links": made.defer("revision__body", "revision__safety_note"),
    }
    return render(request, "admin/articles/article/preview_links.html", context, status=400 if form.errors else 200)


@require_POST
def end(request: HttpRequest, object_id: str, link_id: int) -> HttpResponse:
    """Revoke one preview link of an article and redirect to the list of links.

    Raise Http404 for an unknown link, and if the user may not edit the article.
    """
    article = article_for(signed_in(request), object_id)
    link = get_object_or_404(PreviewLink.objects.select_related("revision"), pk=link_id, revision__article=article)
    if revoke(link=link, actor=signed_in(request)):
        messages.success(request, gettext("Revoked: the link no longer works."))
    else:
        messages.info(request, gettext("This link had been revoked already."))
    return redirect("admin:articles_article_links", article.pk)


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns of previews, links, session and presence. `view` adds the admin's sign-in check."""
    return [
        path("preview/", view(draft), name="articles_article_preview_new"),
        path("<path:object_id>/preview/", view(draft), name="articles_article_preview"),
        path("<path:object_id>/links/", view(links), name="articles_article_links"),
        path("<path:object_id>/links/<int:link_id>/revoke/", view(end), name="articles_article_link_revoke"),
        # Without the sign-in check, because this view reports whether somebody is signed in.
        path("session/", editing_session.session, name="articles_article_session"),
        path("<path:object_id>/presence/", view(editing_session.presence), name="articles_article_presence"),
    ]
