"""The newsroom's admin. Permissions and stages are decided in articles.permissions and articles.workflow, not here."""

from articles.admin import searching, unsaved
from articles.admin.articles import ArticleAdmin
from articles.admin.dashboard import panels
from articles.admin.links import LinkAdmin
from articles.admin.sources.source_admin import SourceAdmin
from articles.admin.templates import ArticleTemplateAdmin
from articles.admin.topics_and_authors import AuthorAdmin, TopicAdmin

__all__ = [
    "ArticleAdmin",
    "ArticleTemplateAdmin",
    "AuthorAdmin",
    "LinkAdmin",
    "SourceAdmin",
    "TopicAdmin",
    "panels",
    "searching",
    "unsaved",
]
