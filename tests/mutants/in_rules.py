"""Faults in what readers see, in permissions, in what the database guards, and in transactions."""

from tests.mutants.fault import (
    BOARD,
    BOARD_GUARDS,
    CLOCK,
    DRAFTING,
    GUARDS,
    KEPT,
    MOMENTS,
    PERMISSIONS,
    ROWS,
    SHOWN,
    STATEMENTS,
    TABLE,
    VISIBILITY,
    Fault,
)

IN_RULES = (
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
        'Q(**{f"{path}cancelled_at": None}) & ',
        "",
        "what was called off is seen",
        SHOWN,
    ),
    Fault(
        VISIBILITY,
        'Q(**{f"{path}has_ended": False}) & ',
        "",
        "what was withdrawn comes back when the clock is set back",
        CLOCK,
    ),
    Fault(
        VISIBILITY,
        'Q(**{f"{path}has_started": True}) | ',
        "",
        "a correction vanishes when the clock is set back",
        CLOCK,
    ),
    Fault(
        MOMENTS,
        "    if newest is None or newest <= now:\n",
        "    if True:\n",
        "the record of an article goes back in time",
        CLOCK,
    ),
    # Permissions
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
    # What the database itself guards
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
        "AND v.verdict = 'approve' AND v.conflict = 'none' \"\n",
        "AND v.verdict = 'approve' \"\n",
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
    # Transactions
    Fault(
        DRAFTING,
        '        raise NotPermitted(_("%(name)s may not begin an article.") % {"name": actor})\n'
        "    with transaction.atomic():\n",
        '        raise NotPermitted(_("%(name)s may not begin an article.") % {"name": actor})\n    if True:\n',
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
