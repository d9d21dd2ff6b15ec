"""The newsroom's admin. Declarative: it asks permissions and workflow, and decides nothing itself."""

from articles.admin.articles import ArticleAdmin
from articles.admin.library import AuthorAdmin, SourceAdmin, TopicAdmin
from articles.admin.pictures import PictureAdmin
from articles.admin.start import panels

__all__ = ["ArticleAdmin", "AuthorAdmin", "PictureAdmin", "SourceAdmin", "TopicAdmin", "panels"]
