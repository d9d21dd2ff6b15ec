"""Faults in what keeps the names true: signatures, vouches, bound accounts, and the decision made anew."""

from tests.mutants.fault import BOARD_GUARDS, DECISIONS, FORGED, GUARDS, STANDING, Fault

SIGNED = ("tests/audit/test_signatures.py",)
VOUCHING = "advisors/quorum/vouching.py"
AUDIT = "audit/reviews.py"

IN_THE_NAMES = (
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
        '        name=OuterRef("signature__name"),\n',
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
        "lacking_specialists(submission.specialists.all(), [review.advisor for review in counted])",
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
        BOARD_GUARDS,
        '"OLD.user_id <> NEW.user_id AND EXISTS (SELECT 1 FROM advisors_signature s "',
        '"OLD.user_id < 0 AND EXISTS (SELECT 1 FROM advisors_signature s "',
        "an account with which something was signed is moved",
        FORGED,
    ),
    Fault(
        GUARDS,
        '"OLD.user_id IS NOT NULL AND (NEW.user_id IS NULL OR NEW.user_id <> OLD.user_id) "',
        '"OLD.user_id IS NOT NULL AND (NEW.user_id <> OLD.user_id) "',
        "the link between an author and their account is emptied",
        FORGED,
    ),
    Fault(
        GUARDS,
        "OR b.account_id = NEW.user_id)",
        "OR FALSE)",
        "an author signs past the code",
        FORGED,
    ),
    Fault(
        AUDIT,
        "    if not _vouches(review, signature).exists():\n",
        "    if False:\n",
        "the audit does not miss a vouch",
        SIGNED,
    ),
    Fault(
        AUDIT,
        "    if review.advisor.user_id != signature.account_id:\n",
        "    if False:\n",
        "the audit does not see that an account was moved",
        SIGNED,
    ),
)
