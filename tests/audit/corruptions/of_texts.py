"""Corruptions of revisions, citations, bylines and renderings."""

from tests.audit.corruptions import changed, corruption, deleted

NOT_ITS_DIGEST = "revision 2 does not match its digest"
NOT_ITS_RENDERING = "the stored rendering of revision 2 does not match its content"
_FIELDS = (
    *("title", "standfirst", "key_messages", "body", "safety_note", "disclosure"),
    *("hero_image", "hero_alt", "hero_caption", "hero_credit", "search_description"),
)
FORGED = "f" * 64


def _rendering(name: str, line: str, /, **values: object):
    (column, value), *_ = values.items()
    return corruption(
        name, f"UPDATE articles_rendering SET {column} = '{value}' WHERE revision_id = {{second}}", line=line
    )


TEXTS = (
    *(
        changed(
            f"the field {field} of the text was changed",
            "articles_revision",
            "second",
            NOT_ITS_DIGEST,
            **{field: "forged"},
        )
        for field in _FIELDS
    ),
    changed("the digest was changed", "articles_revision", "second", NOT_ITS_DIGEST, digest=FORGED),
    corruption(
        "text and digest were changed, also in the approval",
        f"UPDATE articles_revision SET digest = '{FORGED}' WHERE id = {{second}}",
        f"UPDATE articles_approval SET digest = '{FORGED}' WHERE id = {{approval}}",
        line="approved another digest",
    ),
    corruption(
        "the digest was changed everywhere",
        f"UPDATE articles_revision SET digest = '{FORGED}' WHERE id = {{second}}",
        f"UPDATE articles_approval SET digest = '{FORGED}' WHERE id = {{approval}}",
        f"UPDATE articles_signatory SET digest = '{FORGED}' WHERE approval_id = {{approval}}",
        f"UPDATE advisors_review SET digest = '{FORGED}' WHERE submission_id = {{round}}",
        line="is not what they signed",
    ),
    changed("a revision was numbered anew", "articles_revision", "third", "has no revision 3", number=4),
    changed(
        "a revision was backdated",
        "articles_revision",
        "third",
        "was saved before revision 2",
        created_at="2001-01-01 00:00:00",
    ),
    changed(
        "a revision was moved to another article",
        "articles_revision",
        "third",
        "the log has an entry “revise” for a revision that is gone",
        article_id="={other}",
    ),
    changed(
        "the first revision was given to somebody else",
        "articles_revision",
        "first",
        "revision 1 was not saved by who began the article",
        created_by_id="={colleague}",
    ),
    changed(
        "the article was given to somebody else",
        "articles_article",
        "article",
        "revision 1 was not saved by who began the article",
        created_by_id="={colleague}",
    ),
    changed(
        "a citation was pointed at another source",
        "articles_citation",
        "doe",
        "revision 2 cites doe2020 and leads to the source roe2021",
        source_id="={roe}",
    ),
    changed(
        "the reference of a citation was changed", "articles_citation", "doe", NOT_ITS_DIGEST, reference="Nobody N."
    ),
    changed(
        "the link of a citation was changed", "articles_citation", "doe", NOT_ITS_DIGEST, link="https://shop.example/"
    ),
    changed(
        "the evidence of a citation was changed", "articles_citation", "doe", NOT_ITS_DIGEST, evidence="meta_analysis"
    ),
    changed(
        "the archived copy of a citation was changed",
        "articles_citation",
        "doe",
        NOT_ITS_DIGEST,
        archived_url="https://shop.example/",
    ),
    changed(
        "the day of the archived copy was changed", "articles_citation", "doe", NOT_ITS_DIGEST, archived_on="2001-01-01"
    ),
    changed("the number of a citation was changed", "articles_citation", "doe", NOT_ITS_DIGEST, number=7),
    changed("the key of a citation was changed", "articles_citation", "doe", NOT_ITS_DIGEST, key="moe2022"),
    deleted("a citation was deleted", ("articles_citation", "id = {doe}"), line=NOT_ITS_DIGEST),
    corruption(
        "the key of a source was changed",
        "UPDATE sources_source SET key = 'moe2022' WHERE id = {roe}",
        line="revision 2 cites roe2021 and leads to the source moe2022",
    ),
    changed(
        "a byline was given another name",
        "articles_byline",
        "byline",
        NOT_ITS_DIGEST,
        signed_name_id="=(SELECT MAX(n.id) FROM articles_signedname n WHERE n.id <> articles_byline.signed_name_id)",
    ),
    changed("a byline was given other credentials", "articles_byline", "byline", NOT_ITS_DIGEST, credentials="MD"),
    deleted("a byline was deleted", ("articles_byline", "id = {byline}"), line=NOT_ITS_DIGEST),
    changed(
        "the account of a byline was taken away",
        "articles_byline",
        "byline",
        "the byline of Wanda Writer, MSc names another account than its author's",
        account_id="=NULL",
    ),
    changed(
        "the portrait of a byline was exchanged",
        "articles_byline",
        "byline",
        "the portrait of Wanda Writer, MSc on the byline was never theirs",
        photo="{hero}",
    ),
    _rendering("the body of a page was changed", NOT_ITS_RENDERING, body="<p>Longer by 71 minutes.</p>"),
    _rendering("the safety note of a page was changed", NOT_ITS_RENDERING, safety_note="<p>Safe.</p>"),
    _rendering("the headings of a page were changed", NOT_ITS_RENDERING, headings="[]"),
    _rendering("the marks of a page were changed", NOT_ITS_RENDERING, marks="{{}}"),
    _rendering("the words of a page were counted anew", NOT_ITS_RENDERING, words=9999),
)
