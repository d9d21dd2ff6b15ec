"""The approval chain (Article → Revision → Submission → Approval → Publication) and the models around it."""

from articles.models.articles import Article, ArticleSource, Authorship, Recommendation, Stage, Topic
from articles.models.content import Content
from articles.models.links_in_text import LinkInText
from articles.models.people import Author
from articles.models.previews import Presence, PreviewLink
from articles.models.publications import ChangeKind, Publication, Transition
from articles.models.revisions import Byline, Citation, Rendering, Revision
from articles.models.search import SearchEntry, SearchGram, SearchWord
from articles.models.submissions import Approval, Outcome, Reason, Signatory, Submission
from articles.models.waivers import Waiver

__all__ = [
    "Approval",
    "Article",
    "ArticleSource",
    "Author",
    "Authorship",
    "Byline",
    "ChangeKind",
    "Citation",
    "Content",
    "LinkInText",
    "Outcome",
    "Presence",
    "PreviewLink",
    "Publication",
    "Reason",
    "Recommendation",
    "Rendering",
    "Revision",
    "SearchEntry",
    "SearchGram",
    "SearchWord",
    "Signatory",
    "Stage",
    "Submission",
    "Topic",
    "Transition",
    "Waiver",
]
