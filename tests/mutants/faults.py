"""Faults that are seeded one at a time, each with the tests that should find it first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """In `file`, `old` (which stands there once) becomes `new`; `breaks` says what is wrong then.

    `tests` are run first. `database` is "postgresql" where SQLite, which lets one writer in at a time, cannot show it.
    """

    file: str
    old: str
    new: str
    breaks: str
    tests: tuple[str, ...]
    database: str = "sqlite"


WORKFLOW, PUBLISHING = "articles/workflow.py", "articles/publishing.py"
DRAFTING, REVIEWS, PANEL = "articles/drafting.py", "advisors/reviews.py", "advisors/panel.py"
PERMISSIONS, VISIBILITY = "articles/permissions.py", "articles/models/visibility.py"
GUARDS, BOARD_GUARDS = "articles/guards.py", "advisors/guards.py"
RECEIVERS = "advisors/receivers.py"

# What looks first; a test file is named once.
TABLE, VERBS = ("tests/articles/test_workflow_table.py",), ("tests/articles/test_workflow_guards.py",)
SHOWN = ("tests/articles/test_publications.py",)
SAVED = ("tests/articles/test_drafting.py",)
BOARD, ASKED = ("tests/advisors/test_reviews.py",), ("tests/advisors/test_panel.py", "tests/advisors/test_choosing.py")
ROWS = ("tests/articles/test_constraints.py", "tests/articles/test_publication_constraints.py")
KEPT = ("tests/articles/test_immutability.py",)
STATEMENTS = ("tests/endurance/test_each_statement_fails.py",)
RACES = ("tests/articles/test_races.py",)

FAULTS = (
    # The table of moves
    Fault(
        WORKFLOW, "        APPROVED: DRAFT,\n", "        APPROVED: APPROVED,\n", "a changed text stays approved", SAVED
    ),
    Fault(
        WORKFLOW,
        "        PUBLISHED: DRAFT,\n",
        "        PUBLISHED: PUBLISHED,\n",
        "a changed text stays published",
        SAVED,
    ),
    Fault(
        WORKFLOW,
        '    "publish": {APPROVED: PUBLISHED},',
        '    "publish": {APPROVED: PUBLISHED, DRAFT: PUBLISHED},',
        "a draft may be published where its words were approved once",
        TABLE,
    ),
    Fault(
        WORKFLOW,
        '    "recall": {IN_REVIEW: DRAFT},',
        '    "recall": {IN_REVIEW: CHANGES_REQUESTED},',
        "a recall looks like the board's request",
        TABLE,
    ),
    Fault(
        WORKFLOW,
        '    "withdraw": {**{stage: stage for stage in Stage}, PUBLISHED: APPROVED},',
        '    "withdraw": {stage: stage for stage in Stage},',
        "what was withdrawn is still called published",
        TABLE,
    ),
    Fault(
        WORKFLOW,
        'AFTER_RENEWAL = ("recall", "approve")',
        'AFTER_RENEWAL = ("approve",)',
        "a renewal that is recalled makes a draft of what is live",
        TABLE,
    ),
    # The workflow's verbs
    Fault(
        WORKFLOW,
        '        if verb == "renew" and not publishing.shows(article, revision):',
        "        if False:",
        "what readers do not see is renewed",
        VERBS,
    ),
    Fault(WORKFLOW, "        if in_the_way:\n", "        if False:\n", "editorial blockers block nothing", VERBS),
    Fault(
        WORKFLOW,
        "blockers(found) + unanswered(found)",
        "blockers(found)",
        "warnings without an answer go before the board",
        ("tests/articles/test_waivers.py",),
    ),
    Fault(WORKFLOW, "            quorum=terms.quorum,\n", "            quorum=1,\n", "one approval is enough", BOARD),
    Fault(
        WORKFLOW,
        "        signals.submission_opened.send(sender=Submission, submission=submission, actor=actor)\n",
        "",
        "nobody is asked",
        ASKED,
    ),
    Fault(
        WORKFLOW,
        '        _needs(reason, "Say what should be changed: the writer starts from your words.")\n',
        "",
        "a text is sent back without a word",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        "len(people) != len(signatories) or len(people) < submission.quorum",
        "len(signatories) < submission.quorum",
        "one name given twice makes a quorum",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        "        if people & people_of_the_text(article):\n",
        "        if False:\n",
        "an author's name approves",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        "        if any(signatory.digest != revision.digest for signatory in signatories):\n",
        "        if False:\n",
        "a name behind other words is refused by the database alone, in words that nobody understands",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        "        publishing.stands_as_approved(revision, revision.digest)\n",
        "",
        "a text that was tampered with is approved",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        "        if at <= timezone.now():\n",
        "        if False:\n",
        "something is scheduled for the past",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        "        for upcoming in article.publications.upcoming():\n            publishing.cancel(upcoming)\n",
        "",
        "what is scheduled appears in spite of the withdrawal",
        SHOWN,
    ),
    Fault(
        WORKFLOW,
        "publishing.end(publication, timezone.now(), notice=notice)",
        "publishing.end(publication, timezone.now())",
        "a withdrawal keeps its reason to itself",
        SHOWN,
    ),
    Fault(
        WORKFLOW,
        "or last.ends_at is None or last.ends_at > timezone.now():",
        "or last.ends_at is None:",
        "what is still live is reinstated",
        (*VERBS, *SHOWN),
    ),
    Fault(
        WORKFLOW,
        "        publishing.stands_as_approved(last.approval.revision, last.approval.digest)\n",
        "",
        "a text that was tampered with is reinstated",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        'target = _target("reinstate", article) if is_working_copy else Stage(article.stage)',
        'target = _target("reinstate", article)',
        "an approved working copy is called published when the version before it comes back",
        SHOWN,
    ),
    Fault(
        WORKFLOW,
        "    return Article.objects.select_for_update().get(pk=article.pk)\n",
        "    return Article.objects.get(pk=article.pk)\n",
        "two verbs at one moment do not wait for each other",
        RACES,
        "postgresql",
    ),
    Fault(
        WORKFLOW,
        "    if not may(actor, verb, article):\n",
        "    if False:\n",
        "anybody may do anything",
        TABLE,
    ),
    Fault(
        WORKFLOW,
        "if not Article.objects.filter(pk=article.pk, stage=source).update(stage=target):",
        "if not Article.objects.filter(pk=article.pk).update(stage=target):",
        "a stage that has moved on is overwritten",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        "        actor_name=str(actor),\n        at=timezone.now(),\n",
        '        actor_name="",\n        at=timezone.now(),\n',
        "the diary forgets who it was",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        "    transaction.on_commit(lambda: signals.transitioned.send(sender=Article, transition=transition))\n",
        "    signals.transitioned.send(sender=Article, transition=transition)\n",
        "listeners hear of what may still be undone",
        VERBS,
    ),
    Fault(
        WORKFLOW,
        "        target = PUBLISHED if publishing.shows(article, submission.revision) else APPROVED\n",
        "        target = PUBLISHED\n",
        "what was withdrawn during its renewal is called published",
        SHOWN,
    ),
    Fault(
        WORKFLOW,
        "    signals.submission_closed.send(sender=Submission, submission=submission, actor=actor)\n",
        "",
        "nobody hears that a round is over",
        ("tests/advisors/test_letters.py",),
    ),
    # Putting in force
    Fault(
        PUBLISHING,
        "    stands_as_approved(revision, approval.digest)\n",
        "",
        "a text that was tampered with is published",
        VERBS,
    ),
    Fault(
        PUBLISHING,
        "    if was_withdrawn(revision):\n",
        "    if False:\n",
        "a withdrawn text is published as if nothing had been",
        VERBS,
    ),
    Fault(
        PUBLISHING,
        "    if article.publications.upcoming().exists():\n",
        "    if False:\n",
        "a second version is scheduled beside the first",
        VERBS,
    ),
    Fault(
        PUBLISHING,
        "        at = end(before, at)\n",
        "        end(before, at)\n",
        "two versions published in one instant overlap",
        SHOWN,
    ),
    Fault(
        PUBLISHING,
        "        before.ends_at = before.expires_at\n",
        "        before.ends_at = None\n",
        "calling off what is scheduled takes away the end that the live version was given",
        SHOWN,
    ),
    Fault(
        PUBLISHING,
        "    if seen is not None and seen != revision.number:\n",
        "    if False:\n",
        "what nobody looked at is submitted and published",
        VERBS,
    ),
    Fault(
        PUBLISHING,
        "    if until is not None and until <= at:\n",
        "    if False:\n",
        "an end before the start is refused by the database alone",
        VERBS,
    ),
    Fault(
        PUBLISHING,
        "    if not anew == revision.digest == approved_digest:\n",
        "    if revision.digest != approved_digest:\n",
        "the digest is believed, and not computed anew",
        VERBS,
    ),
    # Saving
    Fault(
        DRAFTING,
        "        if locked.stage == Stage.IN_REVIEW:\n",
        "        if False:\n",
        "a text changes while the board reads it",
        SAVED,
    ),
    Fault(
        DRAFTING,
        '        if not may(actor, "edit", locked):\n',
        "        if False:\n",
        "anybody saves",
        SAVED,
    ),
    Fault(
        DRAFTING,
        "    if newest and newest.digest == content_digest:\n",
        "    if article.revisions.filter(digest=content_digest).exists():\n",
        "words that come back are not noticed",
        SAVED,
    ),
    Fault(
        DRAFTING,
        "            article.stage = workflow.revise(article=locked, actor=actor, revision=revision).stage\n",
        "            pass\n",
        "a changed text keeps its stage",
        SAVED,
    ),
    # The board
    Fault(
        REVIEWS,
        "        if digest != submission.revision.digest:\n",
        "        if False:\n",
        "a verdict on other words is taken, and refused by the database alone",
        BOARD,
    ),
    Fault(
        REVIEWS,
        "        if review.response != Response.ACCEPTED:\n",
        "        if False:\n",
        "a verdict comes from somebody who has not accepted",
        BOARD,
    ),
    Fault(
        REVIEWS,
        "        if review.conflict == Conflict.UNSTATED:\n",
        "        if False:\n",
        "a verdict comes without a word on conflicts of interest",
        BOARD,
    ),
    Fault(
        REVIEWS,
        '    verdicts = submission.reviews.filter(conflict=Conflict.NONE).select_related("advisor")\n',
        '    verdicts = submission.reviews.select_related("advisor")\n',
        "somebody in conflict sends a text back",
        BOARD,
    ),
    Fault(
        REVIEWS,
        "    if len(counted) >= submission.quorum and not missing:\n",
        "    if len(counted) >= submission.quorum:\n",
        "a topic that needs a specialist is approved without one",
        ("tests/articles/test_review_terms.py",),
    ),
    Fault(
        REVIEWS,
        "if review.digest == submission.revision.digest and review.advisor.user_id not in people",
        "if review.digest == submission.revision.digest",
        "an author's approval counts",
        BOARD,
    ),
    Fault(
        REVIEWS,
        "    if review.advisor.user_id != actor.pk or not actor.is_active:\n",
        "    if not actor.is_active:\n",
        "anybody gives a verdict for somebody else",
        BOARD,
    ),
    Fault(
        REVIEWS,
        "    if not review.advisor.is_active:\n",
        "    if False:\n",
        "who has left the board gives verdicts",
        BOARD,
    ),
    Fault(
        REVIEWS,
        "    if not review.submission.is_open:\n",
        "    if False:\n",
        "an advisor answers in a round that is over",
        BOARD,
    ),
    Fault(
        REVIEWS,
        "        if verdict == Verdict.APPROVE and actor.pk in people_of_the_text(submission.article):\n",
        "        if False:\n",
        "an author is let through to a verdict that will not count",
        BOARD,
    ),
    Fault(
        REVIEWS,
        "    Article.objects.select_for_update().get(pk=review.submission.article_id)\n",
        "    Article.objects.get(pk=review.submission.article_id)\n",
        "two deciding verdicts at one moment overlook each other",
        RACES,
        "postgresql",
    ),
    Fault(
        PANEL,
        "        if member.advisor_id not in refused\n",
        "",
        "somebody is asked who cannot be chosen",
        ASKED,
    ),
    Fault(
        PANEL,
        "    waiting = PanelMember.objects.asked().filter(article=submission.article).exclude(advisor__in=asked)\n",
        "    waiting = PanelMember.objects.filter(article=submission.article).exclude(advisor__in=asked)\n",
        "who is only proposed is asked",
        ASKED,
    ),
    Fault(
        PANEL,
        "        if advisor.pk in asked_now(article):\n",
        "        if False:\n",
        "somebody is taken off the panel while they are asked",
        ASKED,
    ),
    Fault(
        PANEL,
        "    if len(free) < terms.quorum:\n",
        "    if False:\n",
        "a panel that is too small blocks nothing",
        ASKED,
    ),
    Fault(
        RECEIVERS,
        "filter(submission=submission, conflict=Conflict.NONE, advisor__is_active=True)",
        "filter(submission=submission, advisor__is_active=True)",
        "a verdict in conflict gives the right to approve",
        BOARD,
    ),
    # What readers see
    Fault(
        VISIBILITY,
        'f"{path}starts_at__lte": at',
        'f"{path}starts_at__lt": at',
        "a publication is not seen at its first moment",
        SHOWN,
    ),
    Fault(
        VISIBILITY,
        'Q(**{f"{path}ends_at__gt": at})',
        'Q(**{f"{path}ends_at__gte": at})',
        "two versions are seen at the moment of the change",
        SHOWN,
    ),
    Fault(
        VISIBILITY,
        'Q(**{f"{path}cancelled_at": None, ',
        "Q(**{",
        "what was called off is seen",
        SHOWN,
    ),
    # Who may
    Fault(
        PERMISSIONS,
        'user.has_perm("articles.change_article") and owns(user, article)',
        'user.has_perm("articles.change_article")',
        "a writer edits what is somebody else's",
        TABLE,
    ),
    Fault(
        PERMISSIONS,
        "        return user.is_active and has_spoken(user, open_submission, verb)\n",
        "        return user.is_active and user.is_superuser or has_spoken(user, open_submission, verb)\n",
        "a superuser has a vote on the board",
        TABLE,
    ),
    Fault(
        PERMISSIONS,
        '    people.update(revisions.values_list("created_by", flat=True))\n',
        "",
        "who once edited a text approves it",
        BOARD,
    ),
    Fault(
        PERMISSIONS,
        '        people.update(article.authors.exclude(user=None).values_list("user", flat=True))\n',
        "        pass\n",
        "who stands on the byline since the last save approves the text",
        BOARD,
    ),
    # What the database itself keeps
    Fault(
        GUARDS,
        '"AND (SELECT COUNT(*) FROM articles_signatory g WHERE g.approval_id = a.id) >= s.quorum)",',
        '")",',
        "an approval short of its quorum is published past the code",
        ROWS,
    ),
    Fault(
        GUARDS,
        '    *append_only("articles_revision", "a revision"),\n',
        "",
        "a revision can be rewritten by SQL",
        KEPT,
    ),
    Fault(
        GUARDS,
        "    SUBMISSION_CLOSED_FOR_GOOD,\n",
        "",
        "a closed round can be opened by SQL",
        KEPT,
    ),
    Fault(
        GUARDS,
        '    _overlap("UPDATE"),\n',
        "",
        "a publication can be stretched over the next one on SQLite",
        ROWS,
    ),
    Fault(
        BOARD_GUARDS,
        "\"AND v.conflict = 'none' AND v.digest = NEW.digest)\",",
        '"AND v.digest = NEW.digest)",',
        "a name in conflict stands behind an approval past the code",
        ROWS,
    ),
    Fault(
        BOARD_GUARDS,
        "        \"OLD.verdict <> ''\",\n",
        '        "1 = 0",\n',
        "a verdict can be changed by SQL",
        KEPT,
    ),
    # All or nothing
    Fault(
        DRAFTING,
        '        raise NotPermitted(f"{actor} may not begin an article.")\n    with transaction.atomic():\n',
        '        raise NotPermitted(f"{actor} may not begin an article.")\n    if True:\n',
        "half an article is begun",
        STATEMENTS,
    ),
    Fault(
        "advisors/disclosures.py",
        "    with transaction.atomic():\n",
        "    if True:\n",
        "half a disclosure stands",
        STATEMENTS,
    ),
)
