"""The newsroom's admin. Declarative: it asks permissions and workflow, and decides nothing itself."""

from articles.admin.articles import ArticleAdmin
from articles.admin.library import SourceAdmin
from articles.admin.links import LinkAdmin
from articles.admin.notices import RetractionNoticeAdmin
from articles.admin.pictures import PictureAdmin
from articles.admin.reports import ErrorReportAdmin
from articles.admin.start import panels
from articles.admin.topics_and_authors import AuthorAdmin, TopicAdmin
from articles.admin.wordlists import ConditionAdmin, PreferredTermAdmin

__all__ = [
    "ArticleAdmin",
    "AuthorAdmin",
    "ConditionAdmin",
    "ErrorReportAdmin",
    "LinkAdmin",
    "PictureAdmin",
    "PreferredTermAdmin",
    "RetractionNoticeAdmin",
    "SourceAdmin",
    "TopicAdmin",
    "panels",
]
