"""Corruptions of publications, the log, addresses, profiles and previews."""

from tests.audit.corruptions import changed, corruption, deleted

EARLIER, LATER = "2001-01-01 00:00:00", "2101-01-01 00:00:00"
UNLOGGED = "is not in the log as it stands"


def _shown(name: str, line: str, /, **values: object):
    return changed(name, "articles_publication", "shown", line, **values)


def _reinstated(name: str, line: str, /, **values: object):
    return changed(name, "articles_publication", "reinstated", line, **values)


def _log(name: str, entry: str, line: str, /, **values: object):
    return changed(name, "articles_transition", f"log_{entry}", line, **values)


PUBLICATIONS = (
    _shown("a publication was moved before its approval", "was shown before it was approved", starts_at=EARLIER),
    _reinstated("the start of a publication was changed", UNLOGGED, starts_at=LATER),
    _shown(
        "the notice of a withdrawal was removed", "the log says that it was withdrawn with another notice", notice=""
    ),
    _shown(
        "the notice of a withdrawal was changed",
        "the log says that it was withdrawn with another notice",
        notice="Nothing was wrong.",
    ),
    _reinstated("the note on a change was changed", "the log has another note on it", change_note="Nothing was wrong."),
    _reinstated("a reinstatement was called an update", "is called “update” and was a reinstatement", kind="update"),
    _reinstated(
        "a reinstatement was called the first publication",
        "is called “first publication” and was not the first",
        kind="first",
    ),
    _reinstated("a start was moved ahead", "counts as started and has not started", starts_at=LATER),
    _shown(
        "the end of a withdrawn publication was changed",
        "the log says that it was withdrawn, and no publication ended then",
        ends_at="=(SELECT starts_at FROM articles_publication WHERE id = {reinstated})",
    ),
    _shown(
        "a first publication was called a correction", "is called “correction” and was the first", kind="correction"
    ),
    _reinstated("a publication was made by somebody else", UNLOGGED, published_by_id="={admin}"),
    _reinstated("a publication was made under another name", UNLOGGED, published_by_name="Nobody"),
    _reinstated("a publication was made at another time", UNLOGGED, created_at=EARLIER),
    _reinstated(
        "the planned end of a publication was changed", "ends at another time than was planned", expires_at=LATER
    ),
    _reinstated(
        "a publication was ended without a word", "ended and the log does not say why", ends_at="2101-01-01 00:00:00"
    ),
    _reinstated(
        "a publication was hidden as if called off",
        "was cancelled and the log does not say by whom",
        cancelled_at=EARLIER,
    ),
    _reinstated("a publication was hidden as if ended", "counts as ended and has not ended", has_ended=True),
    _shown("a withdrawn publication counts as not ended", "has ended and does not count as ended", has_ended=False),
    corruption(
        "a publication that has started counts as not started",
        "UPDATE articles_publication SET has_started = FALSE WHERE id = {shown}",
        line="has started and does not count as started",
    ),
    changed(
        "what was called off counts as started",
        "articles_publication",
        "cancelled",
        "was cancelled and counts as started or ended",
        has_started=True,
    ),
    changed(
        "what was called off was shown",
        "articles_publication",
        "cancelled",
        "the log says that it was called off, and no publication was cancelled then",
        cancelled_at="=NULL",
        ends_at=LATER,
    ),
    _reinstated(
        "the time of the last review was changed", "does not say when its text was last reviewed", reviewed_at=LATER
    ),
    _reinstated("another approved text was put in its place", UNLOGGED, approval_id="={later_approval}"),
    deleted(
        "a publication was deleted",
        ("articles_publication", "id = {shown}"),
        line="the log has an entry “publish” for a publication that is gone",
    ),
    deleted(
        "what was called off was deleted",
        ("articles_publication", "id = {cancelled}"),
        line="the log has an entry “schedule” for a publication that is gone",
    ),
    deleted(
        "a reinstatement was deleted",
        ("articles_publication", "id = {reinstated}"),
        line="the log has an entry “reinstate” for a publication that is gone",
    ),
    corruption(
        "a publication was forged",
        f"UPDATE articles_publication SET ends_at = '{LATER}' WHERE id = {{reinstated}}",
        "INSERT INTO articles_publication (article_id, approval_id, starts_at, kind, change_note, notice, "
        "published_by_id, published_by_name, created_at, published_as, has_started, has_ended, reviewed_at) "
        f"SELECT article_id, {{later_approval}}, '{LATER}', 'update', '', '', published_by_id, published_by_name, "
        "created_at, published_as, FALSE, FALSE, reviewed_at FROM articles_publication WHERE id = {cancelled}",
        line=UNLOGGED,
    ),
)

LOG = (
    *(
        deleted(
            f"the entry “{verb}” of the log was deleted", ("articles_transition", f"id = {{log_{verb}}}"), line=line
        )
        for verb, line in {
            "submit": ": the log does not say that it was submitted so",
            "approve": ": the log does not say how it ended",
            "request_changes": ": the log does not say how it ended",
            "publish": UNLOGGED,
            "schedule": UNLOGGED,
            "unschedule": "was cancelled and the log does not say by whom",
            "withdraw": "ended and the log does not say why",
            "reinstate": UNLOGGED,
            "revise": "the log jumps from “Published” to “Draft”",
        }.items()
    ),
    _log("the action of an entry was changed", "withdraw", "ended and the log does not say why", verb="unschedule"),
    _log("the time of an entry was changed", "reinstate", UNLOGGED, at=LATER),
    _log(
        "an entry was moved back in time", "withdraw", "the log goes back in time at its entry “withdraw”", at=EARLIER
    ),
    _log("the person of an entry was changed", "reinstate", UNLOGGED, actor_id="={admin}"),
    _log("the name of an entry was changed", "publish", UNLOGGED, actor_name="Nobody"),
    _log(
        "the name of who submitted was changed",
        "submit",
        ": the log does not say that it was submitted so",
        actor_name="Nobody",
    ),
    _log(
        "the reason of an entry was changed",
        "withdraw",
        "was withdrawn with another notice",
        reason="Nothing was wrong.",
    ),
    _log(
        "the note of a reinstatement was changed in the log",
        "reinstate",
        "the log has another note on it",
        reason="Nothing was wrong.",
    ),
    _log("the text of an entry was changed", "publish", UNLOGGED, revision_id="={third}"),
    _log(
        "the stage of an entry was changed",
        "withdraw",
        "the log jumps from “Published” to “Withdrawn”",
        to_stage="published",
    ),
    _log(
        "an entry was made of an action that does not exist",
        "revise",
        "the log has an entry “forge”, which the stage “Published” does not allow",
        verb="forge",
    ),
    _log(
        "an entry was moved to another article", "withdraw", "ended and the log does not say why", article_id="={other}"
    ),
    changed(
        "a stage was written by hand",
        "articles_article",
        "article",
        "is at “Published” and its log ends at “Approved”",
        stage="published",
    ),
)

ADDRESSES = (
    corruption(
        "the addresses of two articles were exchanged",
        "UPDATE articles_article SET slug = 'held' WHERE id = {article}",
        "UPDATE articles_article SET slug = 'tampered-with' WHERE id = {other}",
        "UPDATE articles_article SET slug = 'in-order' WHERE id = {article}",
        line="was published at /articles/tampered-with/ and is now at /articles/in-order/",
    ),
    corruption(
        "the addresses of two advisors were exchanged",
        "UPDATE advisors_advisor SET slug = 'held' WHERE id = {advisor}",
        "UPDATE advisors_advisor SET slug = 'ada' WHERE id = {other_advisor}",
        "UPDATE advisors_advisor SET slug = 'ben' WHERE id = {advisor}",
        line="advisor Dr Ada: its slug was changed past its history",
    ),
    changed(
        "the name of an advisor was changed",
        "advisors_advisor",
        "advisor",
        "its name was changed past its history",
        name="Prof Famous",
    ),
    changed(
        "the portrait of an advisor was exchanged",
        "advisors_advisor",
        "advisor",
        "its photo was changed past its history",
        photo="{hero}",
    ),
    changed(
        "an advisor was put off the board",
        "advisors_advisor",
        "advisor",
        "its is_active was changed past its history",
        is_active=False,
    ),
    changed(
        "the disclosure of a profile was changed",
        "advisors_advisor",
        "advisor",
        "its disclosure was changed past its history",
        disclosure="Nothing.",
    ),
    changed(
        "the name of an author was changed",
        "articles_author",
        "author",
        "author Nobody: its name was changed past its history",
        name="Nobody",
    ),
    changed(
        "the address of an author was changed",
        "articles_author",
        "author",
        "its slug was changed past its history",
        slug="nobody",
    ),
    changed(
        "the portrait of an author was exchanged",
        "articles_author",
        "author",
        "its photo was changed past its history",
        photo="{hero}",
    ),
    changed(
        "the account of an author was taken away",
        "articles_author",
        "author",
        "its user was changed past its history",
        user_id="=NULL",
    ),
    changed(
        "the address of a topic was changed",
        "articles_topic",
        "topic",
        "topic Sleep: its slug was changed past its history",
        slug="shop",
    ),
    changed(
        "the quorum of a topic was changed",
        "articles_topic",
        "topic",
        "its review_quorum was changed past its history",
        review_quorum=1,
    ),
    changed(
        "a picture was given another text",
        "pictures_picture",
        "drawing",
        "its alternative_text was changed past its history",
        alternative_text="Nothing",
    ),
    corruption(
        "the name of a source was changed",
        "UPDATE sources_source SET retraction_note = 'x' WHERE id = {roe}",
        line="its retraction_note was changed past its history",
    ),
    changed(
        "a preview was made to last for years",
        "articles_previewlink",
        "preview",
        "the preview of revision 3 lasts longer than 90 days",
        expires_at=LATER,
    ),
)
