"""What people are told about articles: one function for each event. The emails are in templates/emails/<name>.*."""

from collections.abc import Collection, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import EDITORS
from articles.cited_sources.affected_articles import AffectedArticles
from articles.models import Article, Assignment, Publication, Transition
from core import times
from inbox import events
from inbox.notifying import notify
from jobs.queue import enqueue
from mail import sending

ASSIGNED = events.register("assigned", gettext_lazy("An article was assigned to you, or its deadline changed"))
CAME_BACK = events.register("came_back", gettext_lazy("An article came back from the board"))
APPROVED = events.register("approved", gettext_lazy("The board approved an article"))
SCHEDULED = events.register("scheduled", gettext_lazy("An article was scheduled, or its schedule called off"))
PUBLISHED = events.register("published", gettext_lazy("An article appeared"))
WITHDRAWN = events.register("withdrawn", gettext_lazy("An article was withdrawn"))
RETRACTION = events.register("retraction", gettext_lazy("A source of an article was retracted or put in doubt"))
# The actions of the workflow that the people of an article are told of here. advisors tells of the others.
TOLD: dict[str, tuple[str, Promise]] = {
    "approve": (APPROVED, gettext_lazy("Approved by the board: “%(title)s”")),
    "schedule": (SCHEDULED, gettext_lazy("Scheduled: “%(title)s”")),
    "unschedule": (SCHEDULED, gettext_lazy("No longer scheduled: “%(title)s”")),
    "publish": (PUBLISHED, gettext_lazy("Published: “%(title)s”")),
    "reinstate": (PUBLISHED, gettext_lazy("Readers see it again: “%(title)s”")),
    "withdraw": (WITHDRAWN, gettext_lazy("Withdrawn: “%(title)s”")),
}
MARKED = {
    "retracted": gettext_lazy("%(key)s was retracted, and an article of yours cites it"),
    "concern": gettext_lazy("%(key)s is in doubt, and an article of yours cites it"),
    "": gettext_lazy("%(key)s is no longer in doubt; an article of yours cites it"),
}


def assigned(assignment: Assignment, actor: User, before: User | None) -> int:
    """Tell whoever has an article now, and whoever had it (`before`), of the change; return the emails queued.

    Whoever made the change is not told.
    """
    article, person, due_on = assignment.article, assignment.person, assignment.due_on
    key = f"assigned:{article.pk}:{assignment.set_at.timestamp()}"
    page = article_address(article)
    until = _("The deadline is %(day)s.") % {"day": times.day(due_on)} if due_on else _("There is no deadline.")
    queued = 0
    if person is not None:
        subject = _("Deadline changed: “%(title)s”") if person == before else _("Assigned to you: “%(title)s”")
        told = subject % {"title": article}
        queued += notify(ASSIGNED, [person], key=key, page=page, subject=told, words=until, actor=actor)
    if before is not None and before != person:
        subject = _("No longer assigned to you: “%(title)s”") % {"title": article}
        words = _("%(name)s has it now.") % {"name": person} if person else _("Nobody has it now.")
        queued += notify(ASSIGNED, [before], key=key, page=page, subject=subject, words=words, actor=actor)
    return queued


def tell_soon(transition: Transition) -> None:
    """Queue the job that tells the people of an article of an action, if it is one of TOLD. Makes one query."""
    if transition.verb in TOLD:
        enqueue("articles.tell", {"transition": transition.pk})


def tell(transition: Transition) -> int:
    """Tell the people of an article, except whoever acted, of an action of the workflow; return the emails queued.

    Editors get another email about an approval (advisors.emails.editors_quorum), so they are left out of that.
    """
    event, subject = TOLD[transition.verb]
    people = people_of(transition.article)
    if event == APPROVED:
        told = editors()
        people = [person for person in people if person not in told]
    revision = transition.revision
    assert revision is not None  # each of these actions is about a revision
    return notify(
        event,
        people,
        key=f"transition:{transition.pk}",
        page=article_address(transition.article_id),
        subject=subject % {"title": revision.title},
        words=_words_about(transition),
        actor=None if event == APPROVED else transition.actor,
    )


def tell_of_start(publication: Publication) -> int:
    """Tell the people of an article that readers see a version that was scheduled; return the emails queued."""
    revision = publication.approval.revision
    return notify(
        PUBLISHED,
        people_of(publication.article),
        key=f"started:{publication.pk}",
        page=article_address(publication.article_id),
        subject=TOLD["publish"][1] % {"title": revision.title},
        words=_("Readers see revision %(number)s now, as scheduled.") % {"number": revision.number},
    )


def _words_about(transition: Transition) -> str:
    """Return what is to know about an action of the workflow, beside what the subject says."""
    number = {"number": transition.revision.number if transition.revision else ""}
    if transition.verb == "approve":
        return _("Revision %(number)s can be published now, or scheduled, by an editor.") % number
    if transition.verb == "schedule":
        upcoming = transition.article.publications.upcoming().first()
        if upcoming is None:
            return _("It has started already.")
        return _("Readers will see revision %(number)s from %(when)s.") % {
            **number,
            "when": times.moment(upcoming.starts_at),
        }
    if transition.verb == "unschedule":
        return _("Revision %(number)s stays approved.") % number
    if transition.verb == "withdraw":
        return _("Readers are told: %(notice)s") % {"notice": transition.reason}
    return _("Readers see revision %(number)s now.") % number


def people_of(article: Article) -> list[User]:
    """Return the active users who created the article, last submitted it, are on its byline or have it assigned."""
    last = article.submissions.order_by("-pk").values_list("submitted_by", flat=True).first()
    authors = article.authorships.values_list("author__user", flat=True)
    has_it = Assignment.objects.filter(article=article).values_list("person", flat=True)
    keys = {article.created_by_id, last, *authors, *has_it} - {None}
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk"))


@transaction.atomic
def sources_marked(affected: Sequence[AffectedArticles]) -> int:
    """Tell the editors and the people of the articles of sources that were retracted, put in doubt or reinstated.

    Return the number of emails queued. The editors' email covers all sources, and lists the articles citing them that
    are live, before the board, approved or scheduled. Database errors are passed on.
    """
    entries = [
        {
            "after": one.change.after,
            "key": one.change.source.key,
            "title": one.change.source.title,
            "note": one.change.source.retraction_note,
            "url": absolute_url("admin:sources_source_change", one.change.source.pk),
            "articles": [(article.title, article_address(article)) for article in one.articles],
            "pending": [
                (
                    waiting.revision.title,
                    article_address(waiting.revision.article_id),
                    waiting.place,
                )
                for waiting in one.pending
            ],
        }
        for one in affected
    ]
    context = {"entries": entries, "forbids": settings.RETRACTED_SOURCES == "forbid"}
    told = editors()
    key = f"retraction:{timezone.now().timestamp()}"
    page = absolute_url("admin:sources_source_changelist")
    queued = notify(RETRACTION, told, key=key, page=page, email=("source_retracted", context))
    return queued + sum(_tell_those_who_cite(one, key, told) for one in affected)


def _tell_those_who_cite(affected: AffectedArticles, key: str, told: Collection[User]) -> int:
    """Tell the people of the articles that cite a source, each once, of its new state; return the emails queued.

    `told` are the people who know it already, and `key` names the occasion.
    """
    source = affected.change.source
    articles = (*affected.articles, *(waiting.revision.article for waiting in affected.pending))
    theirs: dict[User, list[Article]] = {}
    for article in dict.fromkeys(articles):
        for person in people_of(article):
            if person not in told:
                theirs.setdefault(person, []).append(article)
    queued = 0
    for person, own in theirs.items():
        lines = [source.retraction_note, _("Your articles that cite it:"), *map(str, own)]
        queued += notify(
            RETRACTION,
            [person],
            key=f"{key}:{source.pk}",
            page=article_address(own[0]) if len(own) == 1 else absolute_url("admin:sources_source_change", source.pk),
            subject=MARKED[affected.change.after] % {"key": source.key},
            words="\n".join(lines).strip(),
        )
    return queued


def editors() -> list[User]:
    """Return the active editors who have an email address."""
    people = User.objects.filter(is_active=True, groups__name=EDITORS).exclude(email="").order_by("pk")
    return list(people.distinct())


def article_address(article: Article | int) -> str:
    """Return the absolute URL of an article (or of the article with this primary key) in the admin."""
    return absolute_url("admin:articles_article_change", article.pk if isinstance(article, Article) else article)


def absolute_url(name: str, *args: int | str) -> str:
    """Return the absolute URL of a page for an email; `name` and `args` are those of reverse()."""
    return sending.site_url() + reverse(name, args=args)


@sending.sample("source_retracted", gettext_lazy("To the editors: sources were retracted, doubted or reinstated"))
def _marked_sample() -> dict:
    return {
        "entries": [
            {
                "after": "retracted",
                "key": "doe2020",
                "title": "A trial of magnesium & sleep",
                "note": f"According to Retraction Watch (3 February {date.today().year}).",
                "url": absolute_url("admin:sources_source_change", 1),
                "articles": [("Magnesium and sleep", article_address(1))],
                "pending": [("Magnesium in winter", article_address(2), "approved")],
            }
        ],
        "forbids": False,
    }
