"""Database rules for accounts: once something was signed or written, only a confirmed correction can change them."""

from accounts.roles import EDITORS
from core.db.guards import Guard, append_only

_CONFIRMED = "('by_link', 'by_admin')"


def _corrected(what: str, same: str, changed: str) -> str:
    """Return the SQL condition that the newest confirmed correction of this kind makes exactly this change.

    `same` selects the corrections of the row, with {c} for the alias of the correction; `changed` compares the
    correction c with the change. An earlier correction, which has been used already, does not count.
    """
    return (
        "EXISTS (SELECT 1 FROM advisors_accountcorrection c "
        "JOIN advisors_correctionoutcome o ON o.correction_id = c.id "
        f"WHERE c.corrected = '{what}' AND {same.format(c='c')} AND {changed} AND o.ended IN {_CONFIRMED} "
        "AND NOT EXISTS (SELECT 1 FROM advisors_accountcorrection later "
        "JOIN advisors_correctionoutcome p ON p.correction_id = later.id "
        f"WHERE later.corrected = '{what}' AND {same.format(c='later')} AND p.ended IN {_CONFIRMED} AND p.id > o.id))"
    )


# True if something was signed with the account OLD, or by the advisor whose account it is.
_HAS_SIGNED = (
    "EXISTS (SELECT 1 FROM advisors_signature s WHERE s.account_id = OLD.id) OR EXISTS (SELECT 1 "
    "FROM advisors_advisor d JOIN advisors_review v ON v.advisor_id = d.id JOIN advisors_signature s "
    "ON s.review_id = v.id WHERE d.user_id = OLD.id)"
)
# The address at the last signature of the advisor, or of the account NEW.old_account_id or its advisor; otherwise the
# present address of that account.
_LAST_ADDRESS = (
    "COALESCE((SELECT s.account_email FROM advisors_signature s JOIN advisors_review v ON v.id = s.review_id "
    "WHERE (NEW.corrected = 'advisor' AND v.advisor_id = NEW.advisor_id) "
    "OR (NEW.corrected <> 'advisor' AND (s.account_id = NEW.old_account_id OR v.advisor_id IN "
    "(SELECT d.id FROM advisors_advisor d WHERE d.user_id = NEW.old_account_id))) ORDER BY s.id DESC LIMIT 1), "
    "(SELECT u.email FROM accounts_user u WHERE u.id = NEW.old_account_id))"
)
_STILL_SO = (
    "EXISTS (SELECT 1 FROM accounts_user a JOIN accounts_user b ON b.id = {c}.new_account_id "
    "WHERE a.id = {c}.old_account_id AND a.email = {c}.old_address "
    "AND ({c}.corrected = 'address' OR b.email = {c}.new_address)) "
    "AND ({c}.corrected <> 'advisor' OR EXISTS (SELECT 1 FROM advisors_advisor d "
    "WHERE d.id = {c}.advisor_id AND d.user_id = {c}.old_account_id)) "
    "AND ({c}.corrected <> 'author' OR EXISTS (SELECT 1 FROM articles_author w "
    "WHERE w.id = {c}.author_id AND w.user_id = {c}.old_account_id))"
)
_EDITOR = (
    "EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.{by} AND u.is_active AND (u.is_superuser OR EXISTS "
    "(SELECT 1 FROM accounts_user_groups m JOIN auth_group g ON g.id = m.group_id "
    f"WHERE m.user_id = u.id AND g.name = '{EDITORS}')))"
)
_SIGNED = "FROM advisors_signature s JOIN advisors_review v ON v.id = s.review_id"
_UNDER = "(SELECT n.id FROM articles_signedname n WHERE n.id = {c}.before_id OR n.shown_as_id = {c}.before_id)"
_OF_THE_NEW_NAME = "(SELECT n.account_id FROM articles_signedname n WHERE n.id = {c}.after_id)"
# True if an advisor or author who signed under the former name of the change {c}, or is shown under it, has another
# account than that of the new name.
_OF_OTHERS = (
    f"(EXISTS (SELECT 1 {_SIGNED} JOIN advisors_advisor d ON d.id = v.advisor_id "
    f"WHERE s.signed_name_id IN {_UNDER} AND d.user_id <> {_OF_THE_NEW_NAME}) "
    "OR EXISTS (SELECT 1 FROM articles_byline y JOIN articles_author w ON w.id = y.author_id "
    f"WHERE y.signed_name_id IN {_UNDER} AND y.account_id IS NOT NULL "
    f"AND (w.user_id IS NULL OR w.user_id <> {_OF_THE_NEW_NAME})))"
)
# True if the names of the change {c} are of two accounts, and no confirmed correction led to the second one for
# somebody who signed under the former name, or is shown under it.
_WITHOUT_A_CORRECTION = (
    "(EXISTS (SELECT 1 FROM articles_signedname n JOIN articles_signedname m ON m.id = {c}.after_id "
    "WHERE n.id = {c}.before_id AND n.account_id <> m.account_id) AND NOT EXISTS "
    "(SELECT 1 FROM advisors_accountcorrection k JOIN advisors_correctionoutcome o ON o.correction_id = k.id "
    f"WHERE o.ended IN {_CONFIRMED} AND k.new_account_id = {_OF_THE_NEW_NAME} "
    f"AND (EXISTS (SELECT 1 {_SIGNED} WHERE s.signed_name_id IN {_UNDER} AND v.advisor_id = k.advisor_id) "
    f"OR EXISTS (SELECT 1 FROM articles_byline y WHERE y.signed_name_id IN {_UNDER} "
    "AND y.author_id = k.author_id))))"
)


def _on_each_change_of_a_name(what: str, message: str, condition: str) -> tuple[Guard, Guard]:
    """Return the guards that refuse a request for another name, and its confirmation, where the condition is true.

    The condition names the change as {c}.
    """
    of_the_decision = "EXISTS (SELECT 1 FROM articles_namechange c WHERE c.id = NEW.change_id AND {})"
    return (
        Guard(f"advisors_namechange_{what}", "articles_namechange", "INSERT", message, condition.format(c="NEW")),
        Guard(
            f"advisors_namechangedecision_{what}",
            "articles_namechangedecision",
            "INSERT",
            message,
            "NEW.is_confirmed AND " + of_the_decision.format(condition.format(c="c")),
        ),
    )


CORRECTION_GUARDS = (
    *append_only("advisors_accountcorrection", "a request for a correction"),
    *append_only("advisors_correctionoutcome", "the outcome of a correction"),
    *_on_each_change_of_a_name(
        "of_the_present_account",
        "a name changes to another name of the same person, of the account that they have now",
        _OF_OTHERS,
    ),
    *_on_each_change_of_a_name(
        "after_a_correction",
        "a name changes to another name of the same person, also by a confirmed correction of the account",
        _WITHOUT_A_CORRECTION,
    ),
    Guard(
        "advisors_namechangedecision_after_corrections",
        "articles_namechangedecision",
        "INSERT",
        "a name is not changed while a correction of the account is waiting",
        "NEW.is_confirmed AND EXISTS (SELECT 1 FROM articles_namechange c "
        "JOIN articles_signedname n ON n.id IN (c.before_id, c.after_id) "
        "JOIN advisors_accountcorrection k ON n.account_id IN (k.old_account_id, k.new_account_id) "
        "WHERE c.id = NEW.change_id AND k.expires_at > NEW.decided_at "
        "AND NOT EXISTS (SELECT 1 FROM advisors_correctionoutcome o WHERE o.correction_id = k.id))",
    ),
    Guard(
        "advisors_advisor_account_bound",
        "advisors_advisor",
        "UPDATE",
        "the account of an advisor is never changed after they have signed with it, except by a confirmed correction",
        "OLD.user_id <> NEW.user_id AND EXISTS (SELECT 1 FROM advisors_signature s "
        "JOIN advisors_review v ON v.id = s.review_id WHERE v.advisor_id = OLD.id) AND NOT "
        + _corrected(
            "advisor", "{c}.advisor_id = OLD.id", "c.old_account_id = OLD.user_id AND c.new_account_id = NEW.user_id"
        ),
    ),
    Guard(
        "advisors_author_account_bound",
        "articles_author",
        "UPDATE",
        "the account of an author is never changed after they have written under it, except by a confirmed correction",
        "OLD.user_id IS NOT NULL AND (NEW.user_id IS NULL OR NEW.user_id <> OLD.user_id) "
        "AND EXISTS (SELECT 1 FROM articles_byline b WHERE b.author_id = OLD.id AND b.account_id IS NOT NULL) AND NOT "
        + _corrected(
            "author", "{c}.author_id = OLD.id", "c.old_account_id = OLD.user_id AND c.new_account_id = NEW.user_id"
        ),
    ),
    Guard(
        "advisors_user_address_bound",
        "accounts_user",
        "UPDATE",
        "the address of an account that has signed something is never changed, except by a confirmed correction",
        f"OLD.email <> NEW.email AND ({_HAS_SIGNED}) AND NOT "
        + _corrected(
            "address", "{c}.old_account_id = OLD.id", "c.old_address = OLD.email AND c.new_address = NEW.email"
        ),
    ),
    Guard(
        "advisors_accountcorrection_of_the_present",
        "advisors_accountcorrection",
        "INSERT",
        "a correction has to start from the present account and address",
        f"NOT ({_STILL_SO.format(c='NEW')})",
    ),
    Guard(
        "advisors_accountcorrection_confirmed_from",
        "advisors_accountcorrection",
        "INSERT",
        "a correction is confirmed from the address held at the last signature",
        f"NEW.confirm_address <> {_LAST_ADDRESS}",
    ),
    Guard(
        "advisors_accountcorrection_by_an_editor",
        "advisors_accountcorrection",
        "INSERT",
        "only editors and administrators ask for a correction",
        f"NOT {_EDITOR.format(by='asked_by_id')}",
    ),
    Guard(
        "advisors_accountcorrection_one_at_a_time",
        "advisors_accountcorrection",
        "INSERT",
        "a correction of the same account is waiting already",
        "EXISTS (SELECT 1 FROM advisors_accountcorrection c WHERE c.old_account_id = NEW.old_account_id "
        "AND NOT EXISTS (SELECT 1 FROM advisors_correctionoutcome o WHERE o.correction_id = c.id))",
    ),
    Guard(
        "advisors_correctionoutcome_in_time",
        "advisors_correctionoutcome",
        "INSERT",
        "a correction cannot be confirmed after its time",
        f"NEW.ended IN {_CONFIRMED} AND EXISTS (SELECT 1 FROM advisors_accountcorrection c "
        "WHERE c.id = NEW.correction_id AND c.expires_at <= NEW.at)",
    ),
    Guard(
        "advisors_correctionoutcome_of_the_present",
        "advisors_correctionoutcome",
        "INSERT",
        "a correction cannot be confirmed after the account or address has changed",
        f"NEW.ended IN {_CONFIRMED} AND NOT EXISTS (SELECT 1 FROM advisors_accountcorrection c "
        f"WHERE c.id = NEW.correction_id AND {_STILL_SO.format(c='c')})",
    ),
    Guard(
        "advisors_correctionoutcome_two_people",
        "advisors_correctionoutcome",
        "INSERT",
        "only an administrator who is not involved confirms a correction in place of the link",
        "NEW.ended = 'by_admin' AND NOT EXISTS (SELECT 1 FROM advisors_accountcorrection c "
        "JOIN accounts_user u ON u.id = NEW.by_id WHERE c.id = NEW.correction_id AND u.is_active AND u.is_superuser "
        "AND u.id NOT IN (c.asked_by_id, c.old_account_id, c.new_account_id))",
    ),
    Guard(
        "advisors_correctionoutcome_withdrawn_by",
        "advisors_correctionoutcome",
        "INSERT",
        "only editors and administrators withdraw a correction",
        f"NEW.ended = 'withdrawn' AND NOT {_EDITOR.format(by='by_id')}",
    ),
)
