"""The chain: Article → Revision → Submission → Approval → Publication, and what a text stands on.

Imports go one way: this room knows `betterment`, `accounts` and `products`, never `advisors`.
"""

from articles.models.articles import Article, ArticleSource, Authorship, Recommendation, Stage, Topic
from articles.models.content import Content
from articles.models.links_in_text import LinkInText
from articles.models.people import Author
from articles.models.pictures import Picture
from articles.models.previews import Presence, PreviewLink
from articles.models.publications import ChangeKind, Publication, Transition
from articles.models.reports import ErrorReport, ReportAct, ReportAnswer, ReportEvent, ReportState
from articles.models.revisions import Byline, Citation, Rendering, Revision
from articles.models.search import SearchEntry, SearchGram, SearchWord
from articles.models.sources import Evidence, RetractionState, Source, Work
from articles.models.submissions import Approval, Outcome, Reason, Signatory, Submission
from articles.models.waivers import Waiver
from articles.models.watch import (
    Link,
    LinkAnswer,
    LinkFinding,
    LinkState,
    Nature,
    RegisterAnswer,
    RetractionNotice,
    SourceLookup,
    Speaker,
)
from articles.models.wordlists import Condition, ConditionKind, PreferredTerm

__all__ = [
    "Approval",
    "Article",
    "ArticleSource",
    "Author",
    "Authorship",
    "Byline",
    "ChangeKind",
    "Citation",
    "Condition",
    "ConditionKind",
    "Content",
    "ErrorReport",
    "Evidence",
    "Link",
    "LinkAnswer",
    "LinkFinding",
    "LinkInText",
    "LinkState",
    "Nature",
    "Outcome",
    "Picture",
    "PreferredTerm",
    "Presence",
    "PreviewLink",
    "Publication",
    "Reason",
    "Recommendation",
    "RegisterAnswer",
    "Rendering",
    "ReportAct",
    "ReportAnswer",
    "ReportEvent",
    "ReportState",
    "RetractionNotice",
    "RetractionState",
    "Revision",
    "SearchEntry",
    "SearchGram",
    "SearchWord",
    "Signatory",
    "Source",
    "SourceLookup",
    "Speaker",
    "Stage",
    "Submission",
    "Topic",
    "Transition",
    "Waiver",
    "Work",
]
