"""A site with one article that has been through everything, for the tests that corrupt it."""

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from advisors import reviews, threads
from advisors.models import (
    Advisor,
    ChecklistAnswer,
    ChecklistItem,
    Comment,
    Conflict,
    Disclosure,
    NameConsent,
    RemarksShown,
    Review,
    Signature,
    Ticked,
    Verdict,
    Vouch,
)
from articles import preview_links, workflow
from articles.models import Approval, Article, Author, Byline, Citation, Signatory, Transition, Waiver
from pictures import library
from pictures.renditions import make_widths, names_of_copies
from tests import newsroom
from tests.admin_forms import picture
from tests.audit.tampering import unguarded
from tests.kept_rows import Kept

WIDTH = 500
CITING = (
    '<h2>The trials</h2><p>Sleep was longer by 17 minutes.<sup data-cite="doe2020"></sup></p>'
    "<h2>The others</h2><p>It was shorter in none of them, a revolutionary breakthrough."
    '<sup data-cite="roe2021"></sup></p>'
)


def scene() -> dict[str, object]:
    """Return the primary keys and names of what the rows of the tests corrupt, by the names that they use."""
    with unguarded():
        return dict(_KEPT())


def _make() -> dict[str, object]:
    cast = newsroom.cast()
    cast.author.photo, cast.author.affiliation = picture("navy"), "The Desk"
    cast.author.save()
    ada = cast.advisors[0]
    ada.photo, ada.job_title, ada.affiliation = picture("olive"), "Professor", "The Institute"
    ada.save()
    ChecklistItem.objects.create(question="Are the doses right?")
    drawing = BytesIO()
    Image.new("RGB", (WIDTH, 300), "orange").save(drawing, "PNG")
    inline, _ = library.add(
        actor=cast.editor,
        file=SimpleUploadedFile("drawing.png", drawing.getvalue(), "image/png"),
        alternative_text="A drawing",
        credit="Our own",
    )
    make_widths(inline.image.name, WIDTH)
    roe = newsroom.source("roe2021")
    other = newsroom.published(cast, slug="in-order", title="In order")
    article = _article(cast, roe, inline)
    return {**_keys(cast, article), "roe": roe.pk, "other": other.pk, "inline": inline.image.name, "drawing": inline.pk}


def _article(cast: newsroom.Cast, roe, inline) -> Article:
    """Return an article that was sent back, approved, published, withdrawn and reinstated; a later text is approved."""
    image = f'<p><img src="{inline.url}" alt="A drawing" width="{WIDTH}" height="300"></p>'
    texts = {
        "title": "Tampered with",
        "body": CITING + image,
        "safety_note": "<p>Not with antibiotics.</p>",
        "key_messages": "Sleep was longer.\nNot by much.",
        "disclosure": "We sell magnesium.",
        "search_description": "What magnesium does to sleep.",
        "hero_alt": "Teal",
        "hero_caption": "A colour",
        "hero_credit": "Our own",
    }
    article = newsroom.draft(cast, slug="tampered-with", sources=[cast.source, roe], hero_image=picture(), **texts)
    sent_back = newsroom.submit(cast, article).reviews.order_by("pk").first()
    newsroom.verdict(sent_back, Verdict.CHANGES)
    threads.reply(comment=sent_back.comments.get(), actor=cast.writer, text="For adults.")
    newsroom.rewrite(cast, article, **{**texts, "standfirst": "What trials in adults have measured."})
    _approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article)
    newsroom.rewrite(cast, article, **{**texts, "standfirst": "What more trials have measured."})
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article, at=timezone.now() + timedelta(days=1))
    workflow.unschedule(article=article, actor=cast.editor, reason="Too early.")
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    workflow.reinstate(article=article, actor=cast.editor, reason="The dose was right.")
    preview_links.share(revision=article.head(), actor=cast.writer, note="For a friend")
    article.refresh_from_db()
    return article


def _approve(submission) -> None:
    """Let both reviewers approve: one with signed remarks, a comment and a “no”, the other with unsigned remarks."""
    for place, review in enumerate(submission.reviews.order_by("pk")):
        actor = review.advisor.user
        reviews.accept(review=review, actor=actor)
        item = ChecklistItem.objects.get()
        if not place:
            reviews.comment(review=review, actor=actor, text="A comma is missing.")
        reviews.give_verdict(
            review=review,
            actor=actor,
            authentication=newsroom.SIGNED_IN,
            conflict=Conflict.NONE,
            verdict=Verdict.APPROVE,
            digest=submission.revision.digest,
            remarks="Well weighed." if not place else "Between us.",
            remarks_shown=RemarksShown.SIGNED if not place else RemarksShown.UNSIGNED,
            ticks={item.pk: Ticked.YES if place else Ticked.NO},
            reasons={} if place else {item.pk: "One dose is rounded."},
        )


def _keys(cast: newsroom.Cast, article: Article) -> dict[str, object]:
    first, second, third = article.revisions.order_by("number")
    sent_back, approved, later = article.submissions.order_by("pk")
    shown, cancelled, reinstated = article.publications.order_by("pk")
    approval = Approval.objects.get(submission=approved)
    review = Review.objects.get(submission=approved, advisor=cast.advisors[0])
    asked_for_changes = Review.objects.get(submission=sent_back, verdict=Verdict.CHANGES)
    log = {row.verb: row.pk for row in Transition.objects.filter(article=article).order_by("pk")}
    ada, ben = Signatory.objects.filter(approval=approval).order_by("position")
    doe, roe = Citation.objects.filter(revision=second).order_by("number")
    waiver = Waiver.objects.filter(article=article).order_by("pk").first()
    return {
        "article": article.pk,
        "first": first.pk,
        "second": second.pk,
        "third": third.pk,
        "sent_back": sent_back.pk,
        "round": approved.pk,
        "later_round": later.pk,
        "approval": approval.pk,
        "later_approval": Approval.objects.get(submission=later).pk,
        "shown": shown.pk,
        "cancelled": cancelled.pk,
        "reinstated": reinstated.pk,
        "ada": ada.pk,
        "ben": ben.pk,
        "review": review.pk,
        "bens_review": Review.objects.get(submission=approved, advisor=cast.advisors[1]).pk,
        "asked_for_changes": asked_for_changes.pk,
        "sent_back_comment": Comment.objects.get(review=asked_for_changes, parent=None).pk,
        "reply": Comment.objects.get(parent__review=asked_for_changes).pk,
        "comment": Comment.objects.get(review=review).pk,
        "tick": ChecklistAnswer.objects.get(review=review).pk,
        "signature": Signature.objects.get(review=review).pk,
        "doe": doe.pk,
        "roe_citation": roe.pk,
        "byline": Byline.objects.get(revision=second).pk,
        "advisor": cast.advisors[0].pk,
        "other_advisor": cast.advisors[1].pk,
        "adas_account": cast.advisors[0].user_id,
        "writer": cast.writer.pk,
        "editor": cast.editor.pk,
        "colleague": cast.colleague.pk,
        "admin": cast.admin.pk,
        "author": cast.author.pk,
        "topic": cast.topic.pk,
        "vouch": Vouch.objects.get(advisor=cast.advisors[0]).pk,
        "registrar": Vouch.objects.get(advisor=cast.advisors[0]).vouched_by_id,
        "consent": NameConsent.objects.get(advisor=cast.advisors[0]).pk,
        "declared": Disclosure.objects.filter(advisor=cast.advisors[0]).latest("pk").pk,
        "waiver": waiver.pk if waiver else 0,
        "preview": article.revisions.get(number=3).preview_links.get().pk,
        "hero": second.hero_image.name,
        "advisor_photo": Advisor.objects.get(pk=cast.advisors[0].pk).photo.name,
        "author_photo": Author.objects.get(pk=cast.author.pk).photo.name,
        **{f"log_{verb}": pk for verb, pk in log.items()},
    }


def copies_of(name: str) -> list[str]:
    """Return the names of the renditions of the inline picture."""
    return names_of_copies(name, WIDTH)


_KEPT = Kept(_make)
