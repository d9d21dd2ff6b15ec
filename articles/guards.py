"""The database triggers that keep approved text from changing, and unapproved text from being published."""

from dataclasses import replace

from articles.names.guards import IS_EDITOR
from core.db.guards import Guard, append_only, column_fixed, never_deleted
from core.db.triggers import Operation

REVISION_OF_ARTICLE = Guard(
    "articles_submission_same_article",
    "articles_submission",
    "INSERT",
    "a submission has to be of a revision of its own article",
    "NOT EXISTS (SELECT 1 FROM articles_revision r WHERE r.id = NEW.revision_id AND r.article_id = NEW.article_id)",
)
SUBMISSION_CLOSED_FOR_GOOD = Guard(
    "articles_submission_closed",
    "articles_submission",
    "UPDATE",
    "a closed submission is never changed, except that the time for answers may end earlier",
    "OLD.outcome <> '' AND NOT (OLD.outcome = NEW.outcome AND OLD.closed_at = NEW.closed_at "
    "AND OLD.due_on = NEW.due_on AND OLD.note = NEW.note AND OLD.submitted_by_name = NEW.submitted_by_name "
    "AND OLD.answers_until IS NOT NULL AND NEW.answers_until IS NOT NULL AND NEW.answers_until <= OLD.answers_until)",
)
APPROVAL_SPEAKS_OF_ITS_REVISION = Guard(
    "articles_approval_same_revision",
    "articles_approval",
    "INSERT",
    "an approval has to name the submitted revision and its digest",
    "NOT EXISTS (SELECT 1 FROM articles_submission s JOIN articles_revision r ON r.id = s.revision_id "
    "WHERE s.id = NEW.submission_id AND r.id = NEW.revision_id AND r.digest = NEW.digest AND s.outcome = '')",
)
SIGNATORY_SPEAKS_OF_THE_SAME = Guard(
    "articles_signatory_same_digest",
    "articles_signatory",
    "INSERT",
    "a signatory has to sign the digest of the approval",
    "NOT EXISTS (SELECT 1 FROM articles_approval a WHERE a.id = NEW.approval_id AND a.digest = NEW.digest)",
)
PUBLICATION_OF_WHAT_WAS_APPROVED = Guard(
    "articles_publication_approved",
    "articles_publication",
    "INSERT",
    "a publication has to show a revision of its own article that a full quorum approved",
    "NOT EXISTS (SELECT 1 FROM articles_approval a JOIN articles_submission s ON s.id = a.submission_id "
    "WHERE a.id = NEW.approval_id AND s.article_id = NEW.article_id AND s.outcome = 'approved' "
    "AND (SELECT COUNT(*) FROM articles_signatory g WHERE g.approval_id = a.id) >= "
    "COALESCE((SELECT c.quorum FROM articles_termschange c WHERE c.submission_id = s.id ORDER BY c.id DESC LIMIT 1), "
    "s.quorum))",
)
# The change NEW of the terms of a round is logged by an editor, begins at the terms in force, and the round is open.
TERMS_CHANGE_IS_LOGGED = (
    "EXISTS (SELECT 1 FROM articles_submission s JOIN articles_transition t ON t.article_id = s.article_id "
    "WHERE s.id = NEW.submission_id AND s.outcome = '' AND t.verb = 'change_terms' AND t.at = NEW.changed_at "
    "AND t.actor_id = NEW.changed_by_id AND t.quorum = NEW.quorum)"
)
TERMS_CHANGE_BY_AN_EDITOR = IS_EDITOR.format("NEW.changed_by_id")
TERMS_CHANGE_FROM_THOSE_IN_FORCE = (
    "NEW.quorum_before = COALESCE((SELECT c.quorum FROM articles_termschange c "
    "WHERE c.submission_id = NEW.submission_id ORDER BY c.id DESC LIMIT 1), "
    "(SELECT s.quorum FROM articles_submission s WHERE s.id = NEW.submission_id))"
)


def _overlap(operation: Operation) -> Guard:
    """Return the guard against overlapping publications on SQLite, which has no exclusion constraints.

    SQLite lets only one writer in at a time, so the trigger is sufficient. A new row has no id yet when the trigger of
    the INSERT runs; an updated row must not be compared with itself.
    """
    others = "AND p.id <> NEW.id " if operation == "UPDATE" else ""
    return Guard(
        f"articles_publication_overlap_{operation.lower()}",
        "articles_publication",
        operation,
        "two publications of an article never overlap",
        "NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM articles_publication p "
        f"WHERE p.article_id = NEW.article_id {others}AND p.cancelled_at IS NULL "
        "AND (p.ends_at IS NULL OR p.ends_at > NEW.starts_at) "
        "AND (NEW.ends_at IS NULL OR NEW.ends_at > p.starts_at))",
        vendors=("sqlite",),
    )


# Selects the nodes of the person whose account is NEW.user_id, by the newest decision on each pair.
_NEWEST = "NOT EXISTS (SELECT 1 FROM articles_persondecision later WHERE later.pair = p.pair AND later.id > p.id)"
_ONE_PERSON = (
    "SELECT COALESCE(p.first_account_id, -p.first_author_id) AS one, "
    "COALESCE(p.second_account_id, -p.second_author_id) AS other "
    f"FROM articles_persondecision p WHERE p.is_same AND {_NEWEST} "
    "UNION ALL SELECT w.user_id, -w.id FROM articles_author w WHERE w.user_id IS NOT NULL"
)
SAME_PERSON = (
    "WITH RECURSIVE same(node) AS (SELECT NEW.user_id UNION "
    "SELECT CASE WHEN pair.one = same.node THEN pair.other ELSE pair.one END FROM same "
    f"JOIN ({_ONE_PERSON}) pair ON pair.one = same.node OR pair.other = same.node) SELECT node FROM same"
)
# Selects the people of the text that the signatory NEW signs: who began the article, and who saved a revision up to
# this one or was on its byline, if one of them is the person who signs.
PEOPLE_OF_THE_TEXT = (
    "SELECT 1 FROM articles_approval a JOIN articles_revision r ON r.id = a.revision_id "
    "JOIN articles_article t ON t.id = r.article_id "
    "JOIN articles_revision e ON e.article_id = r.article_id AND e.number <= r.number "
    f"JOIN ({SAME_PERSON}) signer ON 1 = 1 "
    "LEFT JOIN articles_byline b ON b.revision_id = e.id WHERE a.id = NEW.approval_id "
    "AND (t.created_by_id = signer.node OR e.created_by_id = signer.node OR b.account_id = signer.node "
    "OR -b.author_id = signer.node)"
)

# True if the row NEW, whose `last_approval` proves which approvals were there before it, does not name the newest one.
NOT_AFTER_THE_NEWEST_APPROVAL = (
    "COALESCE(NEW.last_approval_id, 0) <> COALESCE((SELECT MAX(a.id) FROM articles_approval a), 0)"
)


def in_order(table: str, operation: Operation, time: str, article: str, only_if: str = "") -> Guard:
    """Return the guard that refuses a row whose time lies before the newest entry in its article's log.

    `time` is a column of the row, `article` SQL for the primary key of its article; with `only_if`, an SQL condition,
    the guard applies only to the rows that fulfil it.
    """
    condition = f"EXISTS (SELECT 1 FROM articles_transition t WHERE t.article_id = {article} AND t.at > NEW.{time})"
    return Guard(
        f"{table}_{time}_in_order_{operation.lower()}",
        table,
        operation,
        "the record of an article never goes back in time: its log has a later entry",
        f"{only_if} AND {condition}" if only_if else condition,
    )


# The words of the notice or note that the correction NEW is about, as readers see them.
NOTICE_IN_FORCE = (
    "COALESCE((SELECT c.words FROM articles_noticecorrection c WHERE c.publication_id = NEW.publication_id "
    "AND c.about = NEW.about ORDER BY c.id DESC LIMIT 1), "
    "(SELECT CASE NEW.about WHEN 'notice' THEN p.notice ELSE p.change_note END "
    "FROM articles_publication p WHERE p.id = NEW.publication_id))"
)
GUARDS = (
    *append_only("articles_revision", "a revision"),
    *append_only("articles_citation", "a citation of a revision"),
    *append_only("articles_byline", "the byline of a revision"),
    never_deleted("articles_rendering", "the rendering of a revision"),
    # A newer version of the renderer may write other HTML. Its number only rises, so that nobody can go back and forth.
    Guard(
        "articles_rendering_fixed",
        "articles_rendering",
        "UPDATE",
        "the rendering of a revision is changed by a newer renderer only",
        "NEW.revision_id <> OLD.revision_id OR NEW.renderer <= OLD.renderer",
    ),
    *append_only("articles_approval", "an approval"),
    *append_only("articles_signatory", "a signatory of an approval"),
    *append_only("articles_transition", "an entry in the log of an article"),
    *append_only("articles_submission_specialists", "a condition of a round"),
    *append_only("articles_termschange", "a change of the terms of a round"),
    *append_only("articles_termschange_specialists", "a change of the terms of a round"),
    Guard(
        "articles_submission_specialists_late",
        "articles_submission_specialists",
        "INSERT",
        "the terms of a round cannot be added to after it was submitted",
        "EXISTS (SELECT 1 FROM articles_submission s JOIN articles_transition t ON t.article_id = s.article_id "
        "WHERE s.id = NEW.submission_id AND t.verb IN ('submit', 'renew') AND t.at = s.submitted_at)",
    ),
    *(
        Guard(f"articles_termschange_{name}", "articles_termschange", "INSERT", message, f"NOT {condition}")
        for name, message, condition in (
            ("logged", "the terms of an open round change only with an entry in the log", TERMS_CHANGE_IS_LOGGED),
            ("by_an_editor", "only editors change the terms of a round", TERMS_CHANGE_BY_AN_EDITOR),
            ("in_force", "a change of terms begins at those in force", TERMS_CHANGE_FROM_THOSE_IN_FORCE),
        )
    ),
    Guard(
        "articles_termschange_specialists_late",
        "articles_termschange_specialists",
        "INSERT",
        "the terms of a round cannot be added to after it was decided",
        "NOT EXISTS (SELECT 1 FROM articles_termschange c JOIN articles_submission s ON s.id = c.submission_id "
        "WHERE c.id = NEW.termschange_id AND s.outcome = '')",
    ),
    never_deleted("articles_article", "an article"),
    never_deleted("articles_previewlink", "a link to a revision"),
    never_deleted("articles_waiver", "an answer to a warning"),
    column_fixed(
        "articles_waiver",
        ("article_id", "check_id", "mark", "passage", "reason", "until", "made_by_id", "made_by_name", "made_at"),
        "the record of an answer to a warning, by whom and when,",
    ),
    never_deleted("articles_submission", "a submission"),
    never_deleted("articles_publication", "a publication"),
    column_fixed(
        "articles_submission",
        ("article_id", "revision_id", "submitted_by_id", "submitted_at", "reason", "quorum"),
        "the record of what was submitted, by whom and when,",
    ),
    column_fixed(
        "articles_publication",
        (
            "article_id",
            "approval_id",
            "starts_at",
            "expires_at",
            "kind",
            "change_note",
            "published_by_id",
            "created_at",
            "published_as",
        ),
        "the record of what was published, by whom and when,",
    ),
    REVISION_OF_ARTICLE,
    SUBMISSION_CLOSED_FOR_GOOD,
    APPROVAL_SPEAKS_OF_ITS_REVISION,
    SIGNATORY_SPEAKS_OF_THE_SAME,
    Guard(
        "articles_signatory_not_of_the_text",
        "articles_signatory",
        "INSERT",
        "nobody can approve a text that they wrote or edited",
        f"EXISTS ({PEOPLE_OF_THE_TEXT})",
    ),
    Guard(
        "articles_signatory_another_person",
        "articles_signatory",
        "INSERT",
        "one person cannot sign an approval twice",
        "EXISTS (SELECT 1 FROM articles_signatory g WHERE g.approval_id = NEW.approval_id "
        f"AND g.user_id IN ({SAME_PERSON}))",
    ),
    *append_only("articles_persondecision", "a decision on two accounts"),
    Guard(
        "articles_persondecision_by_an_editor",
        "articles_persondecision",
        "INSERT",
        "only editors and administrators decide whether two accounts are one person",
        f"NOT {IS_EDITOR.format('NEW.decided_by_id')}",
    ),
    Guard(
        "articles_persondecision_pair",
        "articles_persondecision",
        "INSERT",
        "the pair of a decision has to name its two sides",
        "NEW.pair <> COALESCE('u' || NEW.first_account_id, 'a' || NEW.first_author_id) || ' ' || "
        "COALESCE('u' || NEW.second_account_id, 'a' || NEW.second_author_id)",
    ),
    Guard(
        "articles_persondecision_after_the_newest_approval",
        "articles_persondecision",
        "INSERT",
        "a decision has to name the newest approval before it",
        NOT_AFTER_THE_NEWEST_APPROVAL,
    ),
    Guard(
        "articles_byline_account",
        "articles_byline",
        "INSERT",
        "a byline has to name the account of its author",
        "EXISTS (SELECT 1 FROM articles_author w WHERE w.id = NEW.author_id "
        "AND COALESCE(w.user_id, 0) <> COALESCE(NEW.account_id, 0))",
    ),
    PUBLICATION_OF_WHAT_WAS_APPROVED,
    *append_only("articles_noticecorrection", "the correction of a notice"),
    Guard(
        "articles_noticecorrection_of_what_readers_see",
        "articles_noticecorrection",
        "INSERT",
        "a correction has to start from the notice that readers see",
        f"NEW.before <> {NOTICE_IN_FORCE}",
    ),
    Guard(
        "articles_noticecorrection_of_what_has_begun",
        "articles_noticecorrection",
        "INSERT",
        "only a notice that readers have seen is corrected",
        "NOT EXISTS (SELECT 1 FROM articles_publication p WHERE p.id = NEW.publication_id AND p.cancelled_at IS NULL "
        "AND (p.has_started OR p.starts_at <= NEW.corrected_at))",
    ),
    replace(  # whose name PostgreSQL would cut off
        in_order(
            "articles_noticecorrection",
            "INSERT",
            "corrected_at",
            "(SELECT p.article_id FROM articles_publication p WHERE p.id = NEW.publication_id)",
        ),
        name="articles_noticecorrection_in_order",
    ),
    Guard(
        "articles_publication_address",
        "articles_publication",
        "INSERT",
        "a publication has to name the address that its article has",
        "NOT EXISTS (SELECT 1 FROM articles_article t WHERE t.id = NEW.article_id AND t.slug = NEW.published_as)",
    ),
    Guard(
        "articles_publication_closed",
        "articles_publication",
        "UPDATE",
        "a withdrawn or cancelled publication is never changed",
        "OLD.notice <> '' OR OLD.cancelled_at IS NOT NULL",
    ),
    Guard(
        "articles_publication_stays_past",
        "articles_publication",
        "UPDATE",
        "a start or an end that is recorded as past is never taken back",
        "(OLD.has_started AND NOT NEW.has_started) OR (OLD.has_ended AND NOT NEW.has_ended)",
    ),
    _overlap("INSERT"),
    _overlap("UPDATE"),
    in_order("articles_transition", "INSERT", "at", "NEW.article_id"),
    in_order(
        "articles_approval",
        "INSERT",
        "approved_at",
        "(SELECT s.article_id FROM articles_submission s WHERE s.id = NEW.submission_id)",
    ),
    in_order("articles_publication", "INSERT", "created_at", "NEW.article_id"),
    in_order("articles_publication", "INSERT", "starts_at", "NEW.article_id"),
    Guard(
        "sources_source_key_cited",
        "sources_source",
        "UPDATE",
        "the key of a cited source is never changed",
        "OLD.key <> NEW.key AND EXISTS (SELECT 1 FROM articles_citation c WHERE c.source_id = OLD.id)",
    ),
    # A revision is complete when it is stored: nothing can be added to it after it was submitted.
    Guard(
        "articles_citation_late",
        "articles_citation",
        "INSERT",
        "citations cannot be added to a revision after it was submitted",
        "EXISTS (SELECT 1 FROM articles_submission s WHERE s.revision_id = NEW.revision_id)",
    ),
    Guard(
        "articles_byline_late",
        "articles_byline",
        "INSERT",
        "names cannot be added to the byline of a revision after it was submitted",
        "EXISTS (SELECT 1 FROM articles_submission s WHERE s.revision_id = NEW.revision_id)",
    ),
    Guard(
        "articles_signatory_late",
        "articles_signatory",
        "INSERT",
        "signatories cannot be added to an approval after it was published",
        "EXISTS (SELECT 1 FROM articles_publication p WHERE p.approval_id = NEW.approval_id)",
    ),
)
