"""The pages of manuscripts in the admin: upload one, see what was read, and begin the article.

Each person sees their own manuscripts only, and needs no permission besides that to begin an article.
"""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions import signed_in
from articles.admin.sources.import_rows import Choices, PastedRow, choices_in, planned, rows_by_state
from articles.cited_sources.source_imports import ImportState
from articles.exceptions import InvalidTransition
from core.admin import search
from core.admin.lookups import DeclaredLookups
from core.exceptions import NotPermitted
from core.text import clean_line
from manuscripts import beginning, uploading
from manuscripts.models import Manuscript
from manuscripts.proposals import Proposal, ProposedReference
from manuscripts.reading import MOST_BYTES, CannotReadManuscript
from manuscripts.reading.typed_text import read_pasted
from manuscripts.words import in_words
from sources.models import Evidence

AT_ONCE = 10  # references that are looked up in one request; each may take a second
PER_PAGE = 20
LONGEST_PASTE = 500_000  # characters
# What a browser shows, by the first bytes of the file.
SHOWN = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"))

search.add_pages(
    search.SearchedPage(
        _("Upload a manuscript"),
        "admin:manuscripts_manuscript_add",
        "articles.add_article",
        _("Word Google Docs Markdown import upload"),
        True,
    )
)


class UploadForm(forms.Form):
    """The form for a file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Word (.docx), a page that Google Docs exported (.zip or .html), Markdown or plain text. At most 60 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".docx,.zip,.html,.htm,.md,.markdown,.txt"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 60 MB. Take pictures out, or make them smaller."))
        return file


@admin.register(Manuscript)
class ManuscriptAdmin(DeclaredLookups):
    """The pages of manuscripts. The list, the form and the deletion of Django's ModelAdmin are replaced."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # reached from “Begin an article”

    def has_view_permission(self, request: HttpRequest, obj: Manuscript | None = None) -> bool:
        return bool(request.user.has_perm("articles.add_article"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Manuscript | None = None) -> bool:
        return False  # a manuscript stays as it was uploaded

    def has_delete_permission(self, request: HttpRequest, obj: Manuscript | None = None) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of these pages, in place of Django's."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.waiting_view), name="manuscripts_manuscript_changelist"),
            path("add/", view(self.upload_view), name="manuscripts_manuscript_add"),
            path("formatted/", view(self.formatted_view), name="manuscripts_manuscript_formatted"),
            path("<int:number>/", view(self.proposal_view), name="manuscripts_manuscript_change"),
            path("<int:number>/look-up/", view(self.look_up_view), name="manuscripts_manuscript_look_up"),
            path("<int:number>/discard/", view(self.discard_view), name="manuscripts_manuscript_discard"),
            path("<int:number>/picture/<int:place>/", view(self.picture_view), name="manuscripts_manuscript_picture"),
        ]

    def _own(self, request: HttpRequest, number: int) -> Manuscript:
        """Return the user's manuscript. Raise PermissionDenied for users who begin no articles, else Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Manuscript.objects.of(signed_in(request)).filter(pk=number).first()
        if found is None:
            raise Http404(gettext("There is no such manuscript. It may have become an article, or been discarded."))
        return found

    @method_decorator(require_safe)
    def waiting_view(self, request: HttpRequest) -> HttpResponse:
        """List the user's manuscripts that wait, the newest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Manuscript.objects.of(signed_in(request)).defer("read_as").order_by("-uploaded_at", "-pk")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        return self._page(request, "waiting", gettext("Manuscripts that wait"), page=page)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Show the form for a file, or read the posted one and lead to what was read."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        user = signed_in(request)
        is_sent = request.method == "POST"
        form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None, label_suffix="")
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                manuscript = uploading.upload(data=file.read(), name=file.name, actor=user)
            except (CannotReadManuscript, uploading.TooManyManuscripts) as refusal:
                form.add_error("file", str(refusal))
            else:
                return redirect("admin:manuscripts_manuscript_change", manuscript.pk)
        waiting = Manuscript.objects.of(user).count()
        status = 400 if form.is_bound else 200
        return self._page(request, "upload", gettext("Upload a manuscript"), status, form=form, waiting=waiting)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def proposal_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show what was read, with the references to confirm, or begin the article (POST). Respond 404 without one."""
        try:
            manuscript = self._own(request, number)
        except Http404:  # the page is often reached by Back, or by a second tab
            title = clean_line(request.POST.get("title", ""))[: beginning.LONGEST_TITLE]
            return self._page(request, "gone", gettext("No such manuscript"), 404, article_title=title)
        if request.method == "GET":
            return self._proposal(request, manuscript)
        found, numbers = beginning.entries_of(manuscript.proposal)
        said = choices_in(request.POST, len(found.entries))
        user = signed_in(request)
        same = {number for number in range(len(found.entries)) if f"same-{number}" in request.POST}
        # What is the source that it resembles is not stored, so these values only let the plan recognise it.
        supposed = replace(
            said,
            evidence=dict.fromkeys(same, Evidence.COHORT) | said.evidence,
            accessed=dict.fromkeys(same, timezone.localdate()) | said.accessed,
        )
        plan = planned(found, user, supposed)
        same &= {row.number for row in plan.of(ImportState.DOUBTFUL)}
        title = clean_line(request.POST.get("title", ""))[: beginning.LONGEST_TITLE]
        try:
            if not title:
                raise ValidationError(gettext("Type a title."))
            article = beginning.begin(
                manuscript=manuscript,
                actor=user,
                title=title,
                plan=plan,
                chosen=said.chosen,
                same=same,
                pictures=self._pictures(request, manuscript),
            )
        except (ValidationError, InvalidTransition, NotPermitted) as error:
            reasons = " ".join(getattr(error, "messages", [str(error)]))
            messages.error(request, gettext("The article was not begun. %(reasons)s") % {"reasons": reasons})
            return self._proposal(request, manuscript, said, title=title)
        proposal = manuscript.proposal
        taken = [proposal.references[numbers[row] - 1] for row in said.chosen | same]
        cited = sum(one.marks > 0 for one in taken)
        messages.success(request, self._done(proposal, cited, len(taken) - cited))
        return redirect("admin:articles_article_change", article.pk)

    def _pictures(self, request: HttpRequest, manuscript: Manuscript) -> dict[int, beginning.WantedPicture]:
        """Return the ticked pictures. Raise ValidationError if one has no description or no credit."""
        wanted = {}
        for picture in manuscript.pictures.defer("content"):
            if f"picture-{picture.number}" not in request.POST:
                continue
            texts = {name: clean_line(request.POST.get(f"{name}-{picture.number}", "")) for name in ("alt", "credit")}
            if not all(texts.values()):
                message = gettext("Picture %(number)s needs a description and a credit, or leave it out.")
                raise ValidationError(message % {"number": picture.number})
            caption = clean_line(request.POST.get(f"caption-{picture.number}", ""))
            wanted[picture.number] = beginning.WantedPicture(texts["alt"], texts["credit"], caption)
        return wanted

    def _done(self, proposal: Proposal, cited: int, uncited: int) -> str:
        """Return what became of the references: how many are cited, attached without being cited, or neither."""
        count = len(proposal.references)
        if not count:
            return gettext("The article has begun. It has no references yet.")
        said = ngettext(
            "The article has begun. %(taken)s of %(count)s reference became a citation.",
            "The article has begun. %(taken)s of %(count)s references became citations.",
            count,
        )
        sentences = [said % {"taken": cited, "count": count}]
        if uncited:
            attached = ngettext(
                "%(count)s other is attached, and cited nowhere.",
                "%(count)s others are attached, and cited nowhere.",
                uncited,
            )
            sentences.append(attached % {"count": uncited})
        if left := count - cited - uncited:
            listed = ngettext(
                "%(count)s that is no source yet stands at the end of the text.",
                "%(count)s that are no sources yet stand at the end of the text.",
                left,
            )
            sentences.append(listed % {"count": left})
        return " ".join(sentences)

    @method_decorator(require_POST)
    def formatted_view(self, request: HttpRequest) -> JsonResponse:
        """Return the pasted Markdown `text` as HTML, and [kind, words] of what was left out, as JSON.

        The HTML is empty if the text is longer than LONGEST_PASTE or no Markdown. Raise PermissionDenied for users who
        edit no articles.
        """
        if not request.user.has_perm("articles.change_article"):
            raise PermissionDenied
        text = request.POST.get("text", "")
        pasted = read_pasted(text) if len(text) <= LONGEST_PASTE else None
        if pasted is None:
            return JsonResponse({"html": "", "left": []})
        return JsonResponse({"html": pasted.html, "left": [[one.kind, one.words] for one in pasted.left_out]})

    @method_decorator(require_POST)
    def look_up_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Look up the next references, and return to the manuscript."""
        manuscript = self._own(request, number)
        wanted = len(uploading.to_look_up(manuscript.proposal))
        found = uploading.look_up(manuscript, AT_ONCE)
        tried = min(wanted, AT_ONCE)
        message = gettext("%(found)s of %(tried)s references were found.") % {"found": found, "tried": tried}
        messages.success(request, message)
        return redirect(f"{reverse('admin:manuscripts_manuscript_change', args=[number])}#references")

    @method_decorator(require_POST)
    def discard_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Delete the manuscript."""
        manuscript = self._own(request, number)
        manuscript.delete()
        messages.success(request, gettext("“%(file)s” is discarded.") % {"file": manuscript.file_name})
        return redirect("admin:manuscripts_manuscript_add")

    @method_decorator(require_safe)
    def picture_view(self, request: HttpRequest, number: int, place: int) -> HttpResponse:
        """Return the file of a picture, as it lies in the manuscript."""
        picture = self._own(request, number).pictures.filter(number=place).first()
        content = bytes(picture.content) if picture else b""
        kind = next((kind for start, kind in SHOWN if content.startswith(start)), "")
        if not kind:
            raise Http404(gettext("There is no such picture, or browsers do not show it."))
        return HttpResponse(content, content_type=kind)

    def _proposal(
        self, request: HttpRequest, manuscript: Manuscript, said: Choices | None = None, title: str = ""
    ) -> HttpResponse:
        proposal = manuscript.proposal
        found, numbers = beginning.entries_of(proposal)
        rows = rows_by_state(found, signed_in(request), said, attaches=True)
        references = {
            str(state): self._numbered(rows[state], proposal, numbers, is_posted=said is not None)
            for state in ImportState
        }
        unknown = [(number, one) for number, one in enumerate(proposal.references, start=1) if not one.record]
        known = len(rows[ImportState.THERE]) + len(rows[ImportState.COMPLETES]) + len(rows[ImportState.NEW])
        return self._page(
            request,
            "proposal",
            proposal.title or manuscript.file_name,
            400 if said is not None else 200,
            manuscript=manuscript,
            proposal=proposal,
            article_title=title or proposal.title,
            facts=in_words(proposal),
            references=references,
            matched=known,
            unknown=unknown,
            to_look_up=len(uploading.to_look_up(proposal)),
            at_once=AT_ONCE,
            kinds=Evidence.choices,
            today=timezone.localdate().isoformat(),
            pictures=self._shown_pictures(request, manuscript),
            same={name.removeprefix("same-") for name in request.POST if name.startswith("same-")},
        )

    def _shown_pictures(self, request: HttpRequest, manuscript: Manuscript) -> list[dict[str, Any]]:
        """Return the pictures with their texts: as posted, or as the file has them."""
        posted = request.POST
        return [
            {
                "number": picture.number,
                "taken": not posted or f"picture-{picture.number}" in posted,
                "alt": posted.get(f"alt-{picture.number}", picture.alternative_text),
                "caption": posted.get(f"caption-{picture.number}", picture.caption),
                "credit": posted.get(f"credit-{picture.number}", ""),
            }
            for picture in manuscript.pictures.defer("content").order_by("number")
        ]

    def _numbered(
        self, rows: list[PastedRow], proposal: Proposal, numbers: list[int], *, is_posted: bool
    ) -> list[tuple[PastedRow, int, ProposedReference]]:
        """Return the rows, each with its number and reference, ticked as posted.

        At first, a reference that is cited nowhere is not ticked.
        """
        listed = []
        for row in rows:
            number = numbers[row.row.number]
            reference = proposal.references[number - 1]
            listed.append((replace(row, taken=row.taken and (is_posted or reference.marks > 0)), number, reference))
        return listed

    def _page(self, request: HttpRequest, name: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
        """Return a page of manuscripts/templates."""
        shared = {**self.admin_site.each_context(request), "title": title, "opts": Manuscript._meta}
        return render(request, f"admin/manuscripts/{name}.html", {**shared, **context}, status=status)
