"""The reviewers of an article: proposed by writers, confirmed by editors, invited when a submission opens."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from advisors import drafts, emails, review_steps, scheduled_emails
from advisors.models import (
    Advisor,
    Disclosure,
    PanelEnd,
    PanelMember,
    Response,
    Review,
    ReviewQuerySet,
    Step,
)
from advisors.quorum import vouching
from advisors.quorum.standing import lacking_specialists
from articles import rounds
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Outcome, Revision, Submission
from articles.permissions import people_of_the_text, people_of_the_texts
from articles.review_terms import terms_of
from checks.preflight import Finding, Level
from core.text import clean_prose, has_words

STILL_INVITED = gettext_lazy("%(advisor)s has been asked in the open round. Release them from it first, and say why.")
LONGEST_REASON = 500  # characters, counted as typed


def may_decide(user: User) -> bool:
    """Return whether this user may decide on reviewers. Editors may; writers may only propose them."""
    return user.has_perm("articles.edit_all_articles")


def invite(*, submission: Submission, actor: User) -> list[Review]:
    """Invite the members of the panel who are not invited to this submission yet; return the new reviews.

    Members named by `refusals` are left out. They may have edited the article since they were chosen, for example, or
    their disclosure may have lapsed.
    """
    asked = set(submission.reviews.values_list("advisor", flat=True))
    waiting = PanelMember.objects.asked().filter(article=submission.article).exclude(advisor__in=asked)
    members = list(waiting.select_related("advisor"))
    refused = refusals(submission.article, [member.advisor for member in members]) if members else {}
    reviews = []
    for member in members:
        if member.advisor_id in refused:
            continue
        review = Review.objects.create(
            submission=submission,
            advisor=member.advisor,
            advisor_name=member.advisor.name_with_credentials,
            invited_by=actor,
        )
        drafts.carry_over(review)
        scheduled_emails.send_invitation(review, f"invitation {review.pk}")
        reviews.append(review)
    return reviews


def refusals(article: Article, advisors: Iterable[Advisor], actor: User | None = None) -> dict[int, str]:
    """Return {primary key: sentence} for those of these advisors who cannot review this article.

    These are advisors who have left the board, have worked on the text or have no valid disclosure, wherever reviewers
    are chosen. For an article that is not saved yet, `actor` is the user who creates it. The number of queries does not
    depend on the number of advisors.
    """
    advisors = list(advisors)
    people = people_of_the_text(article) if article.pk else {actor.pk} if actor else set()
    return _refusals(advisors, people, _disclosed(advisors))


def refusals_for(articles: Iterable[Article], advisors: Iterable[Advisor]) -> dict[int, dict[int, str]]:
    """Return {article: {advisor: sentence}} with the sentences of `refusals`, by primary keys. Makes four queries."""
    advisors = list(advisors)
    disclosed = _disclosed(advisors)
    people = people_of_the_texts(articles)
    return {pk: _refusals(advisors, of_the_text, disclosed) for pk, of_the_text in people.items()}


def _refusals(advisors: Iterable[Advisor], people: set[int], disclosed: set[int]) -> dict[int, str]:
    """Return the sentences of `_refusal`, without the empty ones, by primary key of the advisor."""
    found = {advisor.pk: _refusal(advisor, people, disclosed) for advisor in advisors}
    return {pk: reason for pk, reason in found.items() if reason}


def _refusal(advisor: Advisor, people: set[int], disclosed: set[int]) -> str:
    """Return why this advisor cannot review an article, or an empty string if they can.

    `people` are the primary keys of the users who worked on the text; `disclosed` are the primary keys of the advisors
    who have a valid disclosure.
    """
    if not advisor.is_active:
        return _("%(advisor)s is no longer on the board.") % {"advisor": advisor}
    if advisor.user_id in people:
        return _("%(advisor)s has written or edited this text. Ask another advisor.") % {"advisor": advisor}
    if advisor.pk not in disclosed:
        return _("The standing disclosure of %(advisor)s has lapsed: ask them to renew it first.") % {
            "advisor": advisor
        }
    return ""


def _disclosed(advisors: Iterable[Advisor]) -> set[int]:
    """Return the primary keys of these advisors, without the advisors whose disclosure is missing or has lapsed."""
    return set(Disclosure.objects.standing().filter(advisor__in=advisors).values_list("advisor", flat=True))


def reviews_of_open_round(article: Article) -> ReviewQuerySet:
    """Return the reviews of this article's open round. Without an open round there are none."""
    return Review.objects.filter(submission__article=article.pk, submission__outcome=Outcome.OPEN)


def invited_advisors(article: Article) -> set[int]:
    """Return the primary keys of the advisors invited to the open round, except those who declined or were released."""
    if not article.pk:
        return set()
    asked = reviews_of_open_round(article).filter(released_at=None).exclude(response=Response.DECLINED)
    return set(asked.values_list("advisor", flat=True))


def assign(*, article: Article, advisor: Advisor, actor: User) -> list[Review]:
    """Put one advisor on the panel; return a list with their review if they are invited to an open round, else [].

    Raise NotPermitted for users who may only propose, and InvalidTransition if `refusals` names the advisor.
    """
    return assign_all(article=article, advisors=[advisor], actor=actor)


def assign_all(*, article: Article, advisors: Iterable[Advisor], actor: User) -> list[Review]:
    """Put these advisors on the panel of an article; return the reviews that they are invited to, if a round is open.

    Advisors who declined in that round or were released from it are invited again. Proposals are confirmed, and an
    email tells their proposers. If any advisor is refused, nothing changes. Raise NotPermitted for users who may only
    propose, and InvalidTransition for advisors whom `refusals` names.
    """
    must_decide(actor)
    advisors = list(advisors)
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        if refused := refusals(article, advisors):
            raise InvalidTransition(" ".join(refused.values()))
        rows = PanelMember.objects.standing().filter(article=article, advisor__in=advisors)
        members = {member.advisor_id: member for member in rows.select_related("advisor", "proposed_by")}
        decision = {"confirmed": True, "decided_by": actor, "decided_at": timezone.now()}
        waiting = [member for member in members.values() if member.is_waiting]
        _set(waiting, **decision)
        PanelMember.objects.bulk_create(
            PanelMember(article=article, advisor=advisor, proposed_by=actor, **decision)
            for advisor in advisors
            if advisor.pk not in members
        )
        if waiting:
            tell_proposers(article, waiting, actor)
        return [*_ask_again(article, advisors, actor), *invite_new_members(article=article, actor=actor)]


def take_off(*, article: Article, advisor: Advisor, actor: User) -> None:
    """Take one advisor off the panel. Raise NotPermitted for users who may only propose.

    Raise InvalidTransition if the advisor is not on the panel or is invited to the open round.
    """
    take_off_all(article=article, advisors=[advisor], actor=actor)


def take_off_all(*, article: Article, advisors: Iterable[Advisor], actor: User, reason: str = "") -> None:
    """Take advisors off the panel, so that later submissions do not invite them. Their earlier reviews stay.

    Proposals are turned down, and an email gives their proposers the `reason`. If any advisor is refused, nothing
    changes. Raise NotPermitted for users who may only propose. Raise InvalidTransition for advisors who are not on the
    panel or are invited to the open round, and for a `reason` that is too long.
    """
    must_decide(actor)
    if len(reason) > LONGEST_REASON:
        raise InvalidTransition(_("The reason may have %(limit)s characters at most.") % {"limit": LONGEST_REASON})
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        staying = invited_advisors(article)
        rows = PanelMember.objects.standing().filter(article=article).select_related("advisor", "proposed_by")
        members = {member.advisor_id: member for member in rows}
        for advisor in advisors:
            if advisor.pk in staying:
                raise InvalidTransition(STILL_INVITED % {"advisor": advisor})
            if advisor.pk not in members:
                raise InvalidTransition(_("%(advisor)s is not among the reviewers.") % {"advisor": advisor})
        leaving = [members[advisor.pk] for advisor in advisors]
        waiting = [member for member in leaving if member.is_waiting]
        end([member for member in leaving if not member.is_waiting], PanelEnd.TAKEN_OFF, actor, reason)
        end(waiting, PanelEnd.TURNED_DOWN, actor, reason)
        if waiting:
            tell_proposers(article, waiting, actor)


def end(members: Iterable[PanelMember], how: PanelEnd, actor: User, reason: str = "") -> None:
    """End these places on a panel. The caller must hold the article's lock and have checked the permission."""
    ending = {"ended": how, "ended_by": actor, "ended_at": timezone.now(), "end_reason": clean_prose(reason)}
    _set(members, confirmed=False, **ending)


def _set(members: Iterable[PanelMember], **values: object) -> None:
    """Write these values to the rows of these members that have not ended, and to the objects themselves."""
    members = list(members)
    PanelMember.objects.standing().filter(pk__in=[member.pk for member in members]).update(**values)
    for member in members:
        for name, value in values.items():
            setattr(member, name, value)


def tell_proposers(article: Article, members: Sequence[PanelMember], actor: User) -> None:
    """Email the users who proposed these reviewers about the decision, except `actor`, who made it.

    `members` are all in the same state. Call this in the transaction that changed them.
    """
    proposers = {member.proposed_by for member in members if member.proposed_by not in (None, actor)}
    if not proposers:
        return
    is_open = article.submissions.filter(outcome=Outcome.OPEN).exists()
    missing = [] if is_open else [finding.message for finding in findings(article, None)]
    for proposer in sorted(proposers, key=lambda person: person.pk):
        theirs = [member for member in members if member.proposed_by == proposer]
        emails.proposals_decided(article, proposer, theirs, actor, missing, is_open)


def must_decide(actor: User) -> None:
    """Raise NotPermitted if this user may only propose reviewers (`may_decide`)."""
    if not may_decide(actor):
        raise NotPermitted(_("%(user)s may propose reviewers, but not decide on them.") % {"user": actor})


def release(*, review: Review, actor: User, reason: str) -> Review:
    """Release an advisor from the open or closing round, email them the reason, and return the review.

    The advisor stays on the panel for later rounds and can be invited again. Raise NotPermitted for users who may only
    propose. Raise InvalidTransition if the reason is missing or too long, or if the review can no longer be given.
    """
    must_decide(actor)
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=review.submission.article_id)
        review = Review.with_taken_back.select_related("submission__revision", "advisor__user").get(pk=review.pk)
        if not has_words(reason):
            raise InvalidTransition(
                _("Say why you release %(advisor)s: an email tells them.") % {"advisor": review.advisor_shown}
            )
        if len(reason) > LONGEST_REASON:
            raise InvalidTransition(_("The reason may have %(limit)s characters at most.") % {"limit": LONGEST_REASON})
        if not review.is_waiting:
            raise InvalidTransition(
                _("%(advisor)s can no longer give this review: %(state)s.")
                % {"advisor": review.advisor_shown, "state": review.state}
            )
        _release([review], actor, reason)
        rounds.end_if_answered(submission=review.submission, actor=actor)
        return review


def release_unaccepted(*, submission: Submission, actor: User) -> None:
    """Release the advisors who have not accepted yet, because changes are requested. Call this in a transaction."""
    rest = submission.reviews.unanswered().filter(response=Response.NONE)
    _release(list(rest.select_related("submission__revision", "advisor__user").order_by("pk")), actor)


def _release(reviews: Iterable[Review], actor: User, reason: str = "") -> None:
    """Release the advisors of these reviews, and add an entry to the log of each review."""
    for review in reviews:
        review.released_at, review.release_reason = timezone.now(), clean_prose(reason)
        review.save(update_fields=["released_at", "release_reason"])
        review_steps.record(review, Step.RELEASED, actor, reason)


def _ask_again(article: Article, advisors: Iterable[Advisor], actor: User) -> list[Review]:
    """Invite again the advisors in `advisors` who declined in the open round or were released; return their reviews."""
    gone = reviews_of_open_round(article).filter(Q(response=Response.DECLINED) | Q(released_at__isnull=False))
    asked = []
    for review in gone.filter(advisor__in=list(advisors)).select_related("submission__revision", "advisor__user"):
        review.response, review.responded_at, review.released_at = Response.NONE, None, None
        review.decline_reason = review.ask_instead = review.release_reason = ""
        review.save(
            update_fields=[
                "response",
                "responded_at",
                "decline_reason",
                "ask_instead",
                "released_at",
                "release_reason",
            ]
        )
        review_steps.record(review, Step.ASKED_AGAIN, actor)
        asked.append(review)
    return asked


def invite_new_members(*, article: Article, actor: User) -> list[Review]:
    """Invite new members of the panel to the open round, if there is one; return the new reviews."""
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        submission = article.submissions.open().first()
        return invite(submission=submission, actor=actor) if submission else []


def findings(article: Article, revision: Revision | None) -> list[Finding]:
    """Return the findings of check REV01 on the panel of an article. `revision` is not used.

    REV01 finds reviewers who worked on the text, lapsed disclosures, reviewers for whom nobody vouches, too few
    reviewers, and topics without a specialist. Proposed reviewers do not count; if more are needed, the finding names
    them and says that an editor has to confirm them. All findings are blockers, so no waiver stores their messages,
    which are translated.
    """
    people = people_of_the_text(article)
    members = list(PanelMember.objects.standing().filter(article=article).select_related("advisor"))
    asked = [member.advisor for member in members if member.confirmed and member.advisor.is_active]
    disclosed = _disclosed([member.advisor for member in members])
    of_the_text = [advisor for advisor in asked if advisor.user_id in people]
    lapsed = [advisor for advisor in asked if advisor.pk not in disclosed]
    unknown = vouching.without_vouch([member.advisor for member in members])
    found = [
        _blocker(
            _("%(advisor)s is among the reviewers and has written or edited this text.") % {"advisor": advisor},
            _("Ask another advisor."),
        )
        for advisor in of_the_text
    ]
    found += [
        _blocker(
            _("The standing disclosure of %(advisor)s has lapsed.") % {"advisor": advisor},
            _("Ask them to renew it, or ask another advisor."),
        )
        for advisor in lapsed
    ]
    found += [
        _blocker(
            _("Nobody has vouched for who %(advisor)s is, so their approval would not count.") % {"advisor": advisor},
            _("On their page, an administrator or another editor than the one who added them can do so."),
        )
        for advisor in asked
        if advisor.pk in unknown
    ]
    free = [
        advisor
        for advisor in asked
        if advisor not in of_the_text and advisor not in lapsed and advisor.pk not in unknown
    ]
    proposed = [member.advisor for member in members if member.is_waiting]
    refused = [reason for advisor in proposed if (reason := _refusal(advisor, people, disclosed))]
    waiting = [advisor for advisor in proposed if not _refusal(advisor, people, disclosed)]
    terms = terms_of(article)
    if len(free) < terms.quorum:
        found.append(_too_few(terms.quorum, len(free), waiting, refused))
    lacking = lacking_specialists(terms.specialists, free)
    still_lacking = lacking_specialists(terms.specialists, free + waiting) if lacking and waiting else lacking
    for topic in lacking:
        is_proposed = topic not in still_lacking
        found.append(
            _blocker(
                _("None of the reviewers is a specialist in “%(topic)s”, and articles on it need one.")
                % {"topic": topic},
                _("One is proposed, waiting for an editor to confirm.")
                if is_proposed
                else _("Choose or propose an advisor with that specialty."),
            )
        )
    return found


def _blocker(message: str, hint: str) -> Finding:
    return Finding("REV01", Level.BLOCKER, message, hint)


def _too_few(quorum: int, free: int, waiting: list[Advisor], refused: list[str]) -> Finding:
    """Return the finding on a panel with `free` eligible advisors, fewer than the `quorum` that has to approve.

    `waiting` are proposed reviewers whom an editor can confirm; `refused` has the reasons why others cannot be
    confirmed.
    """
    so_far = ngettext(
        "%(count)s of the %(needed)s reviewers needed is confirmed.",
        "%(count)s of the %(needed)s reviewers needed are confirmed.",
        free,
    ) % {"count": free, "needed": quorum}
    if quorum == 1:
        so_far = _("The one reviewer needed is not confirmed yet.")
    if not waiting:
        return _blocker(so_far, " ".join([*refused, _("Choose or propose advisors who did not work on the text.")]))
    names = get_text_list([str(advisor) for advisor in waiting], _("and"))
    said = _("%(count)s proposed, waiting for an editor to confirm: %(names)s.") % {
        "count": len(waiting),
        "names": names,
    }
    missing = quorum - free - len(waiting)
    hint = _("You can submit after that.")
    if missing > 0:
        hint = _("%(needed)s reviewers are needed: propose %(count)s more.") % {"needed": quorum, "count": missing}
    return _blocker(f"{so_far} {said}" if free else said, " ".join([*refused, hint]))
