"""Faults in who may act on an article, and in the checks that would find what somebody has tampered with."""

from tests.mutants.fault import FORGED, PERMISSIONS, SAVED, TABLE, Fault

AUDITED = ("tests/audit/test_integrity.py", "tests/audit/test_every_fault.py")

IN_PERMISSIONS_AND_THE_AUDIT = (
    # Who may
    Fault(
        PERMISSIONS,
        "Authorship.objects.filter(article=article, author__user=user)",
        "Authorship.objects.filter(author__user=user)",
        "whoever is on some byline may edit every article",
        SAVED,
    ),
    Fault(
        PERMISSIONS,
        '    if verb in EDITORS:\n        return user.has_perm("articles.edit_all_articles")\n',
        '    if verb in EDITORS:\n        return user.has_perm("articles.change_article")\n',
        "a writer ends rounds and changes their due dates",
        TABLE,
    ),
    Fault(
        PERMISSIONS,
        "{account, -author} if approved is not None else {account, -author, user}",
        "set()",
        "who was on an earlier byline approves the text",
        FORGED,
    ),
    Fault(
        "articles/admin/searching.py",
        "Article.objects.editable_by(signed_in(request)).only(",
        "Article.objects.only(",
        "the newsroom's search shows every writer the drafts of all",
        ("tests/newsroom_search/test_permissions.py",),
    ),
    # The audit
    Fault(
        "audit/integrity/records.py",
        "            if one.number <= revision.number:\n",
        "            if one.number < revision.number:\n",
        "the audit does not count who wrote the approved revision itself",
        AUDITED,
    ),
    Fault(
        "audit/integrity/publications.py",
        "    if approval.approved_at > publication.starts_at:\n",
        "    if approval.approved_at > publication.created_at:\n",
        "the audit does not notice a text that was shown before it was approved",
        AUDITED,
    ),
    Fault(
        "audit/integrity/texts.py",
        "for name, value in vars(anew).items()):\n",
        'for name, value in vars(anew).items() if name != "safety_note"):\n',
        "the audit does not notice a safety note that was altered on the page",
        AUDITED,
    ),
    Fault(
        "audit/integrity/publications.py",
        '        elif entry.verb == "unschedule":\n            told.remove(entry)\n',
        "",
        "one entry of the log excuses two publications that were hidden",
        ("tests/audit/test_corruptions.py",),
    ),
    Fault(
        "audit/integrity/reviews.py",
        "                digest(given) != review.signature.given_digest\n",
        "                False\n",
        "the audit does not compare a verdict with what was signed",
        ("tests/audit/test_corruptions.py",),
    ),
    Fault(
        "audit/integrity/guards.py",
        "        if name not in known:\n",
        "        if name in known - known:\n",
        "the audit does not see triggers of somebody else",
        ("tests/audit/test_guards.py",),
    ),
)
