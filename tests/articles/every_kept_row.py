"""A site with a row of every model whose rows are kept, and the lists of these models, derived from the code."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Model

from accounts.models import User
from advisors import invitations, remarks, reviews, threads
from advisors.corrections import asking
from advisors.corrections import deciding as correcting
from advisors.models import (
    AccessKind,
    ChecklistItem,
    Comment,
    CommentState,
    Conflict,
    PersonFlag,
    RemarksShown,
    ReviewToken,
    Verdict,
)
from advisors.personal_data import erasing, link_accesses
from advisors.same_person import deciding
from articles import preview_links, workflow
from articles.models import Article, ChangeKind, Publication, Told
from articles.models.persons import sides_of
from articles.names import changes
from articles.notices.correcting import correct_notice
from articles.round_changes.terms import change_terms
from audit import records
from core.db.immutable import ImmutableQuerySet, UndeletableQuerySet
from core.house import publishing
from tests import newsroom
from tests.signing import give_key
from website.error_reports import handling


def _models(queryset: type) -> list[type[Model]]:
    """Return the models whose default manager makes querysets of this class, by label."""
    found = [one for one in apps.get_models() if isinstance(one._default_manager.all(), queryset)]
    return sorted(found, key=lambda model: model._meta.label)


WRITTEN_ONCE = _models(ImmutableQuerySet)
NEVER_DELETED = [*WRITTEN_ONCE, *_models(UndeletableQuerySet)]


def write_every_row(settings: Any, folder: Path, cast: newsroom.Cast) -> None:
    """Let the cast do everything once of which a row is kept, through the functions of the site."""
    give_key(settings, folder)
    ChecklistItem.objects.create(question="Are the doses right?")
    article = _published(cast)
    _people(cast)
    publishing.publish(by=cast.admin, base=0, values={"name": "The House"})
    reader = Publication.objects.visible().select_related("approval__revision").get(article=article)
    report = handling.receive(publication=reader, message="It was 17 seconds.", address="reader@example.org")
    handling.answer(report=report, actor=cast.editor, text="You are right.")
    preview_links.share(revision=article.head(), actor=cast.writer)
    records.sign_missing()


def _published(cast: newsroom.Cast) -> Article:
    """Return a published article, sent back once, with an answered comment, changed terms and withheld remarks."""
    article = newsroom.changes_requested(cast)
    threads.mark(comment=Comment.objects.get(), actor=cast.writer, state=CommentState.RESOLVED)
    body = (
        '<h2>The trials</h2><p>It was shorter in none, a revolutionary breakthrough.<sup data-cite="doe2020"></sup></p>'
    )
    newsroom.rewrite(cast, article, title="Magnesium and sleep in adults", body=body)
    submission = newsroom.submit(cast, article)
    change_terms(article=article, actor=cast.editor, quorum=3, reason="The claim is bold.")
    change_terms(article=article, actor=cast.editor, quorum=2, reason="It is not.")
    first, second = submission.reviews.order_by("pk")
    reviews.ask_for_time(review=second, actor=second.advisor.user)
    link_accesses.record(
        token=ReviewToken.objects.get(review=first, token_hash=invitations.token_hash(invitations.issue(first))),
        kind=AccessKind.INVITATION,
        network="198.51.100.0/24",
        user_agent="",
    )
    reviews.accept(review=first, actor=first.advisor.user)
    reviews.give_verdict(
        review=first,
        actor=first.advisor.user,
        authentication=newsroom.SIGNED_IN,
        digest=submission.revision.digest,
        conflict=Conflict.NONE,
        verdict=Verdict.APPROVE,
        remarks="Well weighed.",
        remarks_shown=RemarksShown.SIGNED,
        ticks=newsroom.ticks(article),
    )
    newsroom.verdict(second)
    note = {"kind": ChangeKind.CORRECTION, "change_note": "The dose is right."}
    publication = workflow.publish(article=article, actor=cast.editor, **note)
    told = {"about": Told.CHANGE, "words": "The dose was wrong."}
    correct_notice(article=article, actor=cast.editor, publication=publication.pk, **told)
    remarks.withhold(review=first, actor=cast.editor, reason="It names a patient.")
    article.refresh_from_db()
    return article


def _people(cast: newsroom.Cast) -> None:
    """Change a name, correct an account, decide on a flag, and erase somebody who has left."""
    ada, ben, _cleo = cast.advisors
    (change,) = changes.ask(person=cast.writer, actor=cast.writer, name="Wanda Wright")
    changes.confirm(change=change, actor=cast.editor, how="Called her.")
    new = newsroom.user("new-ada", is_staff=True)
    correction = asking.ask_for_account(subject=ada, new_account=new, reason="She has left.", actor=cast.editor)
    correcting.confirm_as_administrator(correction=correction, actor=cast.admin, how="Mail comes back; she called.")
    pair = f"u{cast.writer.pk} u{ben.user_id}"
    flag = PersonFlag.objects.create(pair=pair, reasons=["name"], **sides_of(pair))
    deciding.decide(flag=flag, is_same=False, note="Met both.", actor=cast.admin)
    cast.outsider.is_active = False
    cast.outsider.save()
    erasure = erasing.ask(person=cast.outsider, actor=cast.admin, reason="They asked for it.")
    erasing.carry_out(erasure=erasure, actor=User.objects.create_superuser("other@example.org", None, name="Other"))
