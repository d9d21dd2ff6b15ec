"""The approval chain (Article → Revision → Submission → Approval → Publication) and the models around it."""

from articles.models.articles import Article, ArticleSource, Authorship, Recommendation, Stage, Topic
from articles.models.assignments import Assignment
from articles.models.autosaves import Autosave
from articles.models.content import Content
from articles.models.erasures import Erasure, ErasureRecord
from articles.models.links_in_text import LinkInText
from articles.models.names import NameChange, NameChangeDecision, SignedName
from articles.models.notices import NoticeCorrection, Told, with_notices
from articles.models.people import Author
from articles.models.persons import PersonDecision
from articles.models.previews import Presence, PreviewLink
from articles.models.publications import ChangeKind, Publication, Transition
from articles.models.revisions import Byline, Citation, Rendering, Revision
from articles.models.search import SearchDraft, SearchEntry, SearchGram, SearchWord
from articles.models.submissions import Approval, Outcome, Reason, RoundTerms, Signatory, Submission, TermsChange
from articles.models.templates import ArticleTemplate
from articles.models.waivers import Waiver

__all__ = [
    "Approval",
    "Article",
    "ArticleSource",
    "ArticleTemplate",
    "Assignment",
    "Author",
    "Authorship",
    "Autosave",
    "Byline",
    "ChangeKind",
    "Citation",
    "Content",
    "Erasure",
    "ErasureRecord",
    "LinkInText",
    "NameChange",
    "NameChangeDecision",
    "NoticeCorrection",
    "Outcome",
    "PersonDecision",
    "Presence",
    "PreviewLink",
    "Publication",
    "Reason",
    "Recommendation",
    "Rendering",
    "Revision",
    "RoundTerms",
    "SearchDraft",
    "SearchEntry",
    "SearchGram",
    "SearchWord",
    "Signatory",
    "SignedName",
    "Stage",
    "Submission",
    "TermsChange",
    "Told",
    "Topic",
    "Transition",
    "Waiver",
    "with_notices",
]
