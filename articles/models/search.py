"""The indexes of the searches. They are derived from revisions and can be rebuilt at any time (articles.search)."""

from django.db import models

from articles.models.articles import Article
from articles.models.revisions import Revision


class SearchEntry(models.Model):
    """The text of a revision that was published at some time, in the parts that the search weights differently.

    The database has an index of its own: a generated `tsvector` on PostgreSQL; on SQLite an FTS5 table that triggers
    maintain (migration 0002). A row does not make the revision visible: each search checks what readers may see.
    """

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    # The article that the revision belongs to, so that a search within a topic can begin with that topic's articles.
    article_key = models.BigIntegerField(null=True, editable=False)
    title = models.TextField()
    standfirst = models.TextField(blank=True)
    messages = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class SearchDraft(models.Model):
    """The words of an article's working copy, for the newsroom's search alone. Readers' searches never read it.

    The database has an index of its own, as for SearchEntry. A row says nothing about who may see the article: each
    search begins with the articles that the user may open.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="search_draft")
    words = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.words[:60]


class SearchWord(models.Model):
    """A word of a title, a standfirst or a key message, which the search may suggest for a mistyped word."""

    word = models.CharField(max_length=40, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


class SearchGram(models.Model):
    """Three consecutive letters of a SearchWord, used to find the words that a mistyped word resembles."""

    gram = models.CharField(max_length=3)
    word = models.CharField(max_length=40)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["gram", "word"], name="search_gram_once")]

    def __str__(self) -> str:
        return f"{self.gram} in {self.word}"
