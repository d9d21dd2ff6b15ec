"""The database triggers that let a signed name change only by a confirmed change, and never lose its commitment."""

from accounts.roles import EDITORS
from core.db.guards import Guard, append_only, never_deleted

# True if the account {0} is active and may edit all articles (the roles are those of accounts.roles).
IS_EDITOR = (
    "EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = {0} AND u.is_active "
    "AND (u.is_superuser OR EXISTS (SELECT 1 FROM accounts_user_groups m JOIN auth_group g ON g.id = m.group_id "
    f"WHERE m.user_id = u.id AND g.name = '{EDITORS}')))"
)
# Compared where either side may be NULL. Both databases understand this form.
_SAME = "(OLD.{0} = NEW.{0} OR (OLD.{0} IS NULL AND NEW.{0} IS NULL))"
_SAME_IDENTITY = " AND ".join(
    [
        "OLD.id = NEW.id",
        "OLD.commitment = NEW.commitment",
        *(_SAME.format(name) for name in ("account_id", "author_id")),
    ]
)
# The row is unchanged except that it is shown as the name to which a confirmed change leads from the name shown before.
_CHANGED_AS_CONFIRMED = (
    f"OLD.name = NEW.name AND OLD.salt = NEW.salt AND {_SAME.format('erased_at')} AND EXISTS ("
    "SELECT 1 FROM articles_namechange c JOIN articles_namechangedecision y ON y.change_id = c.id "
    "JOIN articles_signedname t ON t.id = c.after_id WHERE y.is_confirmed "
    "AND c.before_id = COALESCE(OLD.shown_as_id, OLD.id) AND c.after_id = NEW.shown_as_id "
    "AND t.shown_as_id IS NULL AND t.erased_at IS NULL)"
)
_ERASED = (
    "EXISTS (SELECT 1 FROM articles_erasure e JOIN articles_erasurerecord r ON r.erasure_id = e.id "
    "WHERE e.account_id = NEW.account_id OR e.author_id = NEW.author_id "
    "OR e.account_id = (SELECT w.user_id FROM articles_author w WHERE w.id = NEW.author_id)) AND "
    "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.name = '' AND NEW.salt = '' "
    f"AND {_SAME.format('shown_as_id')}"
)
# Selects the two names of the change {0} if both are of accounts or of one author, and somebody can sign under both.
# Two different accounts have to be those of one person by a correction: see advisors.corrections.guards.
_BOTH_LIVE = (
    "SELECT 1 FROM articles_signedname b JOIN articles_signedname a ON a.id = {0}.after_id "
    "LEFT JOIN articles_author w ON w.id = b.author_id WHERE b.id = {0}.before_id "
    "AND b.shown_as_id IS NULL AND b.erased_at IS NULL AND a.shown_as_id IS NULL AND a.erased_at IS NULL "
    "AND ((a.account_id IS NOT NULL AND b.account_id IS NOT NULL) "
    "OR (a.account_id IS NULL AND b.account_id IS NULL AND a.author_id = b.author_id))"
)
_THEIR_OWN_ACCOUNT = "(a.account_id = {0} OR w.user_id = {0})"

_IS_SUPERUSER = "EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = {0} AND u.is_active AND u.is_superuser)"

GUARDS = (
    never_deleted("articles_signedname", "a signed name"),
    Guard(
        "articles_signedname_new",
        "articles_signedname",
        "INSERT",
        "a new name has neither been changed nor erased",
        "NEW.shown_as_id IS NOT NULL OR NEW.erased_at IS NOT NULL",
    ),
    Guard(
        "articles_signedname_no_update",
        "articles_signedname",
        "UPDATE",
        "a signed name is never changed, except by a confirmed change or an erasure",
        f"NOT ({_SAME_IDENTITY} AND (({_CHANGED_AS_CONFIRMED}) OR ({_ERASED})))",
    ),
    Guard(
        "articles_byline_named_as_in_the_profile",
        "articles_byline",
        "INSERT",
        "a byline has to be under the name that its author has",
        "NOT EXISTS (SELECT 1 FROM articles_signedname n JOIN articles_author w ON w.id = NEW.author_id "
        "WHERE n.id = NEW.signed_name_id AND n.name = w.name AND n.shown_as_id IS NULL "
        "AND (n.account_id = NEW.account_id OR (NEW.account_id IS NULL AND n.author_id = NEW.author_id)))",
    ),
    *append_only("articles_namechange", "a request to change a name"),
    *append_only("articles_namechangedecision", "a decision on a change of a name"),
    Guard(
        "articles_namechange_of_one_person",
        "articles_namechange",
        "INSERT",
        "a name changes to another name of the same person",
        f"NOT EXISTS ({_BOTH_LIVE.format('NEW')})",
    ),
    Guard(
        "articles_namechange_asked_by_themselves",
        "articles_namechange",
        "INSERT",
        "only the person themselves, or an editor for an author without account, asks for another name",
        "NOT EXISTS (SELECT 1 FROM articles_signedname b JOIN articles_signedname a ON a.id = NEW.after_id "
        "LEFT JOIN articles_author w ON w.id = b.author_id "
        f"WHERE b.id = NEW.before_id AND ({_THEIR_OWN_ACCOUNT.format('NEW.asked_by_id')} "
        f"OR (a.account_id IS NULL AND w.user_id IS NULL AND {IS_EDITOR.format('NEW.asked_by_id')})))",
    ),
    Guard(
        "articles_namechange_one_waits",
        "articles_namechange",
        "INSERT",
        "a change of this name is waiting for a decision already",
        "EXISTS (SELECT 1 FROM articles_namechange c WHERE c.before_id = NEW.before_id "
        "AND NOT EXISTS (SELECT 1 FROM articles_namechangedecision y WHERE y.change_id = c.id))",
    ),
    Guard(
        "articles_namechangedecision_by_an_editor",
        "articles_namechangedecision",
        "INSERT",
        "only editors and administrators decide on a change of a name",
        f"NOT {IS_EDITOR.format('NEW.decided_by_id')} AND (NEW.is_confirmed OR NOT EXISTS ("
        "SELECT 1 FROM articles_namechange c WHERE c.id = NEW.change_id AND c.asked_by_id = NEW.decided_by_id))",
    ),
    Guard(
        "articles_namechangedecision_by_another",
        "articles_namechangedecision",
        "INSERT",
        "nobody confirms a change that they asked for, or of their own name",
        "NEW.is_confirmed AND EXISTS (SELECT 1 FROM articles_namechange c "
        "JOIN articles_signedname b ON b.id = c.before_id JOIN articles_signedname a ON a.id = c.after_id "
        "LEFT JOIN articles_author w ON w.id = b.author_id WHERE c.id = NEW.change_id "
        "AND (c.asked_by_id = NEW.decided_by_id OR b.account_id = NEW.decided_by_id "
        f"OR {_THEIR_OWN_ACCOUNT.format('NEW.decided_by_id')}))",
    ),
    Guard(
        "articles_namechangedecision_still_true",
        "articles_namechangedecision",
        "INSERT",
        "a change is confirmed while its person can sign under both names",
        f"NEW.is_confirmed AND NOT EXISTS (SELECT 1 FROM articles_namechange c WHERE c.id = NEW.change_id "
        f"AND EXISTS ({_BOTH_LIVE.format('c')}))",
    ),
    *append_only("articles_erasure", "a request for an erasure"),
    *append_only("articles_erasurerecord", "the record of an erasure"),
    Guard(
        "articles_erasure_by_a_superuser",
        "articles_erasure",
        "INSERT",
        "only superusers ask for an erasure",
        f"NOT {_IS_SUPERUSER.format('NEW.asked_by_id')}",
    ),
    Guard(
        "articles_erasurerecord_by_another",
        "articles_erasurerecord",
        "INSERT",
        "another superuser carries out an erasure",
        f"NOT {_IS_SUPERUSER.format('NEW.done_by_id')} OR EXISTS (SELECT 1 FROM articles_erasure e "
        "WHERE e.id = NEW.erasure_id AND (e.asked_by_id = NEW.done_by_id OR e.account_id = NEW.done_by_id))",
    ),
)
