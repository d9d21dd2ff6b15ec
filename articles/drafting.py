"""Begin, change and restore working copies. Each change to an article's text is stored as a revision by `record`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from accounts.models import User
from articles import workflow
from articles.citations import number
from articles.digests import digest
from articles.exceptions import InvalidTransition, NotPermitted, Overtaken
from articles.models import (
    Article,
    ArticleSource,
    Author,
    Authorship,
    Byline,
    Citation,
    Content,
    Rendering,
    Revision,
    Topic,
)
from articles.models.moments import moment_of
from articles.models.names import present_names
from articles.permissions import may
from articles.rendering import RENDERER, numbers_and_tips, render
from articles.rounds import refuse_while_locked
from sources.models import Source
from sources.references import reference


def begin(
    *,
    actor: User,
    slug: str,
    content: Mapping[str, str | File],
    authors: Sequence[Author] = (),
    topics: Sequence[Topic] = (),
    sources: Mapping[Source, str] | None = None,
) -> Article:
    """Create and return a new article with its first revision. `sources` maps each source to what it supports.

    Raise NotPermitted if `actor` may not add articles, and ValidationError if a field has an invalid value.
    """
    if not actor.has_perm("articles.add_article"):
        raise NotPermitted(_("%(name)s may not begin an article.") % {"name": actor})
    with transaction.atomic():
        article = Article(slug=slug, created_by=actor)
        _fill(article, content)
        Authorship.objects.bulk_create(
            Authorship(article=article, author=author, position=place) for place, author in enumerate(authors)
        )
        article.topics.set(topics)
        attach(article, sources or {})
        record(article=article, actor=actor)
    return article


def rewrite(
    *,
    article: Article,
    actor: User,
    seen_version: int,
    content: Mapping[str, str | File],
    sources: Mapping[Source, str] | None = None,
) -> Revision | None:
    """Change content fields and attach further sources; return the new revision, or None if nothing changed.

    `seen_version` is the version of the working copy on which the change is based. Raise NotPermitted if `actor` may
    not edit the article, Overtaken if somebody has saved since, InvalidTransition while the board is reviewing the
    text, and ValidationError if a field has an invalid value.
    """
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article.pk)
        if locked.version != seen_version:
            raise Overtaken(_overtaken(locked))
        _fill(locked, content)
        attach(locked, sources or {})
        return record(article=locked, actor=actor)


def attach(article: Article, sources: Mapping[Source, str]) -> None:
    """Attach these sources to the article, each with a note on the statements that it supports ("" for none).

    Sources that are already attached stay as they are.
    """
    ArticleSource.objects.bulk_create(
        (ArticleSource(article=article, source=source, supports=note) for source, note in sources.items()),
        ignore_conflicts=True,
    )


def record(*, article: Article, actor: User) -> Revision | None:
    """Store the working copy as a new revision and return it, or None if it equals the newest revision.

    Each call raises the version of the working copy, and a new revision takes the article back to a draft
    (`workflow.revise`). Call this in the transaction that saved the article, byline and sources, which are read from
    the database. Raise NotPermitted if `actor` may not edit the article, and InvalidTransition while the board is
    reviewing the text.
    """
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article.pk)
        if not may(actor, "edit", locked):
            raise NotPermitted(_("%(name)s may not edit “%(article)s”.") % {"name": actor, "article": locked})
        refuse_while_locked(locked)
        saved_at = moment_of(locked)
        Article.objects.filter(pk=locked.pk).update(version=locked.version + 1, saved_by=actor, saved_at=saved_at)
        article.version, article.saved_by, article.saved_at = locked.version + 1, actor, saved_at
        revision = _snapshot(locked, actor, saved_at)
        if revision:
            article.stage = workflow.revise(article=locked, actor=actor, revision=revision).stage
        return revision


def citations_in(content: Content, sources: Iterable[Source]) -> list[Citation]:
    """Return unsaved citations of the `sources` that the text cites, numbered by first use."""
    attached = {source.key: source for source in sources}
    return [
        Citation(
            source=attached[key],
            number=place,
            key=key,
            reference=reference(attached[key]),
            link=attached[key].link,
            archived_url=attached[key].archived_url,
            archived_on=attached[key].archived_on,
            evidence=attached[key].evidence,
        )
        for key, place in number((content.body, content.safety_note), attached).items()
    ]


def bylines_of(authors: Iterable[Author]) -> list[Byline]:
    """Return unsaved byline rows for these authors, in this order, with their details and accounts as they are now.

    A name under which nothing has been signed yet is not saved. Makes one query if there are authors.
    """
    people = list(authors)
    names = present_names(people)
    return [
        Byline(
            author=author,
            account_id=author.user_id,
            position=place,
            signed_name=names[author.pk],
            credentials=author.credentials,
            photo=author.photo.name or "",
        )
        for place, author in enumerate(people)
    ]


def keep_rendering(revision: Revision) -> Rendering:
    """Render a revision, store the rendering in place of any older one, and return it."""
    rendered = render(revision.body, revision.safety_note, *numbers_and_tips(revision.citations.all()))
    rendering, _ = Rendering.objects.update_or_create(
        revision=revision, defaults={"renderer": RENDERER, **vars(rendered)}
    )
    return rendering


def outdated_renderings() -> list[int]:
    """Return the primary keys of the revisions that the current code has not rendered.

    Approved revisions, which readers may request, come first, the most recently approved one at the top; the others
    follow, newest first.
    """
    old = Revision.objects.filter(Q(rendering=None) | ~Q(rendering__renderer=RENDERER))
    keys = old.order_by(F("approvals").desc(nulls_last=True), "-pk").values_list("pk", flat=True)
    return list(dict.fromkeys(keys))


def _fill(article: Article, content: Mapping[str, Any]) -> None:
    for name, value in content.items():
        setattr(article, name, value)
    article.full_clean(exclude=["saved_by", "version"])
    article.save()


def _snapshot(article: Article, actor: User, at: datetime) -> Revision | None:
    """Store the working copy as a new revision and return it, or return None if it equals the newest revision.

    `at` is the time of the save.
    """
    content = article.content()
    citations = citations_in(article, article.sources.all())
    bylines = bylines_of(row.author for row in article.authorships.select_related("author"))
    content_digest = digest(content, citations, bylines)
    newest = article.head()
    if newest and newest.digest in (content_digest, _digest_under_former_names(newest, content, citations, bylines)):
        return None
    revision = Revision.objects.create(
        article=article,
        number=(article.revisions.aggregate(last=Max("number"))["last"] or 0) + 1,
        digest=content_digest,
        created_by=actor,
        created_by_name=str(actor),
        created_at=at,
        **content,
    )
    for citation in citations:
        citation.revision = revision
    for byline in bylines:
        byline.revision = revision
        if byline.signed_name.pk is None:
            byline.signed_name.save()
    Citation.objects.bulk_create(citations)
    Byline.objects.bulk_create(bylines)
    keep_rendering(revision)
    return revision


def _digest_under_former_names(
    newest: Revision, content: Mapping[str, str], citations: list[Citation], bylines: list[Byline]
) -> str:
    """Return the digest of this text with the names of the newest revision where they are shown as the present ones.

    A confirmed name change is not a change of the text: it makes no revision, and needs no new approval.
    """
    former = {byline.author_id: byline.signed_name for byline in newest.bylines.all()}
    named = []
    for byline in bylines:
        before = former.get(byline.author_id)
        is_renamed = before is not None and before.shown_as_id and before.shown_as_id == byline.signed_name.pk
        signed_name = before if is_renamed else byline.signed_name
        named.append(Byline(position=byline.position, credentials=byline.credentials, signed_name=signed_name))
    return digest(content, citations, named)


def restore(*, article: Article, number: int, actor: User, seen_version: int) -> Revision | None:
    """Store the text and picture of an earlier revision as a new revision; return it, or None if nothing differs.

    Sources that the text cites are attached if they are not; byline, topics and slug do not change. `seen_version` is
    the version of the working copy that the actor has seen. Raise NotPermitted if `actor` may not edit the article, and
    Overtaken if somebody has saved since. Raise InvalidTransition if the article has no revision with this number or
    the board is reviewing it, and ValidationError if the earlier text is not valid any more.
    """
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article.pk)
        if locked.version != seen_version:
            raise Overtaken(_overtaken(locked))
        earlier = locked.revisions.filter(number=number).first()
        if earlier is None:
            raise InvalidTransition(
                _("“%(article)s” has no revision %(number)s.") % {"article": locked, "number": number}
            )
        _fill(locked, earlier.content())
        attach(locked, {citation.source: "" for citation in earlier.citations.select_related("source")})
        return record(article=locked, actor=actor)


def _overtaken(article: Article) -> str:
    return _("%(name)s saved “%(article)s” in the meantime.") % {"name": article.saved_by, "article": article}
