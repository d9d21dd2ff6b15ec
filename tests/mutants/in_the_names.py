"""Faults in what keeps the names true: signatures, vouches, bound accounts, and the decision made anew."""

from tests.mutants.fault import DECISIONS, FORGED, GUARDS, STANDING, Fault

SIGNED = ("tests/audit/test_signatures.py",)
VOUCHING = "advisors/quorum/vouching.py"
AUDIT = "audit/integrity/reviews.py"
CORRECTION_GUARDS = "advisors/corrections/guards.py"
CORRECTED = ("tests/advisors/corrections/test_corrections.py",)

CHANGES = "articles/names/changes.py"
NAME_GUARDS = "articles/names/guards.py"
AUDIT_OF_NAMES = "audit/integrity/names.py"
FORGED_CHANGES = ("tests/promise/test_forged_changes_of_names.py",)
CHANGED = ("tests/articles/test_names.py",)
MOVED = ("tests/advisors/corrections/test_changes_of_names.py",)
AUDITED_NAMES = ("tests/audit/test_names.py",)

IN_THE_NAMES = (
    Fault(
        CHANGES,
        "    if actor.pk in own or actor.pk == change.asked_by_id:\n",
        "    if False:\n",
        "somebody confirms their own name, until the database refuses",
        FORGED_CHANGES,
    ),
    Fault(
        CHANGES,
        "    SignedName.objects.lead(before, after)\n",
        "",
        "readers go on seeing the former name",
        CHANGED,
    ),
    Fault(
        CHANGES,
        "all_names_of(person).live().in_use().select_for_update",
        "all_names_of(person).live().select_for_update",
        "a name that somebody did not get is replaced as if they had had it",
        CHANGED,
    ),
    Fault(
        NAME_GUARDS,
        '"AND c.before_id = COALESCE(OLD.shown_as_id, OLD.id) AND c.after_id = NEW.shown_as_id "',
        '"AND c.before_id = COALESCE(OLD.shown_as_id, OLD.id) "',
        "a confirmed change leads to any name",
        FORGED_CHANGES,
    ),
    Fault(
        NAME_GUARDS,
        '"JOIN articles_signedname t ON t.id = c.after_id WHERE y.is_confirmed "',
        '"JOIN articles_signedname t ON t.id = c.after_id WHERE TRUE "',
        "a declined change leads to another name",
        FORGED_CHANGES,
    ),
    Fault(
        CORRECTION_GUARDS,
        '"WHERE n.id = {c}.before_id AND n.account_id <> m.account_id) AND NOT EXISTS "',
        '"WHERE n.id = {c}.before_id AND n.account_id < 0) AND NOT EXISTS "',
        "a name is changed to that of another account without a correction",
        MOVED,
    ),
    Fault(
        AUDIT_OF_NAMES,
        "        if not _of_one_person(change, leads):\n",
        "        if False:\n",
        "the audit does not see a change to the name of another account",
        MOVED,
    ),
    Fault(
        AUDIT_OF_NAMES,
        "        if _last(pk, leads) != (shown_as or pk):\n",
        "        if False:\n",
        "the audit does not see that a name is shown as another",
        AUDITED_NAMES,
    ),
    Fault(
        STANDING,
        "    if review.pk not in facts.vouched:\n",
        "    if False:\n",
        "a verdict counts although nobody vouches for its advisor",
        FORGED,
    ),
    Fault(
        STANDING,
        "    if not advisor.is_active or not advisor.user.is_active:\n",
        "    if False:\n",
        "a verdict counts although its advisor has left",
        FORGED,
    ),
    Fault(
        STANDING,
        '        signed_name=OuterRef("signature__signed_name"),\n',
        "",
        "a vouch holds for another name",
        FORGED,
    ),
    Fault(
        STANDING,
        '        address=OuterRef("signature__account_email"),\n',
        "",
        "a vouch holds for another address",
        FORGED,
    ),
    Fault(
        STANDING,
        "lacking_specialists(terms.specialists, [review.advisor for review in counted])",
        "lacking_specialists([], [])",
        "the specialist that a round needs is forgotten",
        FORGED,
    ),
    Fault(
        VOUCHING,
        "    if actor.pk == advisor.added_by_id:\n",
        "    if False:\n",
        "who added an advisor vouches for them, until the database refuses",
        FORGED,
    ),
    Fault(
        VOUCHING,
        "        decisions.reconsider_rounds_of(advisor, actor)\n",
        "",
        "a vouch settles no round",
        FORGED,
    ),
    Fault(
        DECISIONS,
        "        if found.is_settled:\n",
        "        if False:\n",
        "the board never decides",
        FORGED,
    ),
    Fault(
        CORRECTION_GUARDS,
        '"OLD.user_id <> NEW.user_id AND EXISTS (SELECT 1 FROM advisors_signature s "',
        '"OLD.user_id < 0 AND EXISTS (SELECT 1 FROM advisors_signature s "',
        "an account with which something was signed is moved",
        FORGED,
    ),
    Fault(
        CORRECTION_GUARDS,
        '"OLD.user_id IS NOT NULL AND (NEW.user_id IS NULL OR NEW.user_id <> OLD.user_id) "',
        '"OLD.user_id IS NOT NULL AND (NEW.user_id <> OLD.user_id) "',
        "the link between an author and their account is emptied",
        FORGED,
    ),
    Fault(
        GUARDS,
        "LEFT JOIN articles_byline b ON b.revision_id = e.id WHERE",
        "LEFT JOIN articles_byline b ON b.id < 0 WHERE",
        "an author signs past the code",
        FORGED,
    ),
    Fault(
        AUDIT,
        "    if not board.vouched_for(review, signature, approval):\n",
        "    if False:\n",
        "the audit does not miss a vouch",
        SIGNED,
    ),
    Fault(
        AUDIT,
        "    if not corrections.explains(review.advisor, signature.account_id):\n",
        "    if False:\n",
        "the audit does not see that an account was moved",
        SIGNED,
    ),
    Fault(
        CORRECTION_GUARDS,
        "AND p.ended IN {_CONFIRMED} AND p.id > o.id))",
        "AND p.ended IN {_CONFIRMED} AND p.id < 0))",
        "a correction is used twice",
        CORRECTED,
    ),
    Fault(
        CORRECTION_GUARDS,
        "AND u.id NOT IN (c.asked_by_id, c.old_account_id, c.new_account_id))",
        "AND u.id <> 0)",
        "somebody who is involved confirms a correction",
        CORRECTED,
    ),
)
