"""Faults in who may act on an article, and in the checks that would find what somebody has tampered with."""

from tests.mutants.fault import FORGED, PERMISSIONS, SAVED, TABLE, Fault

CHAIN = "audit/chain.py"
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
        '    people.update(revisions.exclude(bylines__account=None).values_list("bylines__account", flat=True))\n',
        "",
        "who was on an earlier byline approves the text",
        FORGED,
    ),
    # The audit
    Fault(
        PERMISSIONS,
        "revisions.filter(number__lte=until.number)",
        "revisions.filter(number__lt=until.number)",
        "the audit does not count who wrote the approved revision itself",
        AUDITED,
    ),
    Fault(
        CHAIN,
        "    if approval.approved_at > publication.starts_at:\n",
        "    if approval.approved_at > publication.created_at:\n",
        "the audit does not notice a text that was shown before it was approved",
        AUDITED,
    ),
    Fault(
        CHAIN,
        "    if (anew.body, anew.safety_note) != (rendering.body, rendering.safety_note):\n",
        "    if anew.body != rendering.body:\n",
        "the audit does not notice a safety note that was altered on the page",
        AUDITED,
    ),
    Fault(
        CHAIN,
        '        article=OuterRef("article"),\n        verb__in=',
        "        verb__in=",
        "another article's log entry excuses a publication that was hidden",
        AUDITED,
    ),
)
