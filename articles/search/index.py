"""Maintain the search indexes.

The readers' index has a row for each published revision, written in the transaction that publishes it. The newsroom's
has a row for each article with the words of its newest revision, written in the transaction that saves it.
"""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Field, Max, Model, QuerySet
from django.db.models.signals import post_save

from articles.models import Article, Content, Publication, Revision, SearchDraft, SearchEntry, SearchGram, SearchWord
from articles.search.queries import COMMON, WORD, grams
from core.fields import HtmlField
from core.html import text_of

SHORTEST, LONGEST = 4, 40  # letters of a word that is indexed for spelling suggestions
BATCH = 200
# Content fields that weigh more than the body, with their column in SearchEntry, and fields that are not searched, with
# the reason. The words of every other field are searched as part of the body.
OWN_COLUMNS = {"title": "title", "standfirst": "standfirst", "key_messages": "messages"}
NOT_SEARCHED = {
    "disclosure": "It is about the publisher, and says much the same in every article.",
    "hero_image": "A picture has no words.",
    "hero_alt": "It describes the picture; readers who see the picture would not find the word on the page.",
    "hero_caption": "It is about the picture and not about the subject.",
    "hero_credit": "It names who made the picture.",
    "search_description": "Readers do not see it on the page.",
}
BODY_FIELDS = [
    field for field in Content._meta.fields if field.name not in OWN_COLUMNS and field.name not in NOT_SEARCHED
]


def watch() -> None:
    """Connect the receivers that index a revision in the transactions that publish it and that save it."""
    post_save.connect(_published, sender=Publication, dispatch_uid="articles.search")
    post_save.connect(_saved, sender=Revision, dispatch_uid="articles.search.drafts")


def index(
    revisions: Iterable[Revision],
    entry_model: type[Model] = SearchEntry,
    word_model: type[Model] = SearchWord,
    gram_model: type[Model] | None = SearchGram,
) -> int:
    """Index these revisions, skipping those indexed before; return how many were given.

    `entry_model`, `word_model` and `gram_model` are for migrations, which pass historical models. Database errors
    propagate.
    """
    entries, words = [], set()
    names_article = any(field.name == "article_key" for field in entry_model._meta.fields)  # a migration's may lack it
    for revision in revisions:
        columns = {column: getattr(revision, name) for name, column in OWN_COLUMNS.items()}
        entry = entry_model(
            revision_id=revision.pk,
            **columns,
            body="\n".join(_words_of(revision, field) for field in BODY_FIELDS).strip(),
            **({"article_key": revision.article_id} if names_article else {}),
        )
        entries.append(entry)
        words |= words_of(" ".join(columns.values()))
    entry_model._default_manager.bulk_create(entries, ignore_conflicts=True)  # a revision never changes
    keep_words(words, word_model, gram_model)
    return len(entries)


def index_drafts(revisions: Iterable[Revision]) -> int:
    """Index these revisions, each the newest of its article, in place of older ones; return how many were given."""
    drafts = [SearchDraft(article_id=revision.article_id, words=words_of_draft(revision)) for revision in revisions]
    SearchDraft.objects.bulk_create(drafts, update_conflicts=True, unique_fields=["article"], update_fields=["words"])
    return len(drafts)


def words_of_draft(revision: Content) -> str:
    """Return the text of a working copy, with each field that is searched on lines of its own, the title first."""
    fields = [field for field in Content._meta.fields if field.name in OWN_COLUMNS]
    return "\n".join(filter(None, (_words_of(revision, field) for field in (*fields, *BODY_FIELDS))))


def _words_of(revision: Content, field: Field) -> str:
    value = getattr(revision, field.name)
    return text_of(value) if isinstance(field, HtmlField) else value


def keep_words(
    words: Iterable[str], word_model: type[Model] = SearchWord, gram_model: type[Model] | None = SearchGram
) -> None:
    """Store the new ones among these words, with their trigrams, for spelling suggestions. One query if none is new."""
    words = set(words)
    new = sorted(words.difference(word_model._default_manager.filter(word__in=words).values_list("word", flat=True)))
    word_model._default_manager.bulk_create((word_model(word=word) for word in new), ignore_conflicts=True)
    if gram_model:
        rows = (gram_model(gram=gram, word=word) for word in new for gram in sorted(grams(word)))
        gram_model._default_manager.bulk_create(rows, ignore_conflicts=True)


def words_of(text: str) -> set[str]:
    """Return the words of a title, standfirst or message for spelling suggestions, in lower case. Pure."""
    return {
        word
        for word in WORD.findall(text.lower())
        if SHORTEST <= len(word) <= LONGEST and word not in COMMON and not word.isdigit()
    }


@transaction.atomic
def rebuild() -> int:
    """Rebuild both indexes from the revisions; return the number of those that readers' searches can find."""
    SearchDraft.objects.all().delete()
    newest = Article.objects.annotate(newest=Max("revisions")).exclude(newest=None).values_list("newest", flat=True)
    _in_batches(newest, index_drafts)
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    SearchGram.objects.all().delete()
    published = Publication.objects.filter(cancelled_at=None).values("approval__revision")
    return _in_batches(published, index)


def _in_batches(wanted: QuerySet, index_batch: Callable[[QuerySet[Revision]], int]) -> int:
    """Index the revisions with these primary keys, BATCH at a time; return how many there are."""
    keys = list(Revision.objects.filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True))
    return sum(
        index_batch(Revision.objects.filter(pk__in=keys[start : start + BATCH])) for start in range(0, len(keys), BATCH)
    )


def _published(sender: type[Publication], instance: Publication, created: bool, raw: bool = False, **_: object) -> None:
    if created and not raw:
        index([instance.approval.revision])


def _saved(sender: type[Revision], instance: Revision, created: bool, raw: bool = False, **_: object) -> None:
    if created and not raw:
        index_drafts([instance])
