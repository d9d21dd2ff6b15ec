"""What the readers' search looks in: derived from revisions, thrown away and made again at will (articles.search)."""

from django.db import models

from articles.models.revisions import Revision


class SearchEntry(models.Model):
    """The words of a revision that was put in force at some time, in the parts that weigh differently.

    The database keeps its own index of them: a generated `tsvector` on PostgreSQL; on SQLite an FTS5 table that
    triggers keep (migration 0002). A row here shows nothing: whether readers see the revision is asked at each search.
    """

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    # The article of its revision: a search within a topic looks up what is filed there before anything else.
    article_key = models.BigIntegerField(null=True, editable=False)
    title = models.TextField()
    standfirst = models.TextField(blank=True)
    messages = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word of a title, a standfirst or a key message: what a mistyped word may have meant."""

    word = models.CharField(max_length=40, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


class SearchGram(models.Model):
    """Three letters that follow each other in a SearchWord: what a mistyped word still shares with the right one."""

    gram = models.CharField(max_length=3)
    word = models.CharField(max_length=40)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["gram", "word"], name="search_gram_once")]

    def __str__(self) -> str:
        return f"{self.gram} in {self.word}"
