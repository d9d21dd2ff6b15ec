"""The chain: Article → Revision → Submission → Approval → Publication, and what a text stands on.

Imports go one way: this room knows `betterment`, `accounts` and `products`, never `advisors`.
"""

from articles.models.articles import Article, ArticleSource, Authorship, Recommendation, Stage, Topic
from articles.models.content import Content
from articles.models.people import Author
from articles.models.pictures import Picture
from articles.models.previews import Presence, PreviewLink
from articles.models.publications import ChangeKind, Publication, Transition
from articles.models.revisions import Byline, Citation, Rendering, Revision
from articles.models.sources import Evidence, RetractionState, Source, Work
from articles.models.submissions import Approval, Outcome, Reason, Signatory, Submission

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
    "Evidence",
    "Outcome",
    "Picture",
    "Presence",
    "PreviewLink",
    "Publication",
    "Reason",
    "Recommendation",
    "Rendering",
    "RetractionState",
    "Revision",
    "Signatory",
    "Source",
    "Stage",
    "Submission",
    "Topic",
    "Transition",
    "Work",
]
