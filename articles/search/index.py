"""Maintain the search index: a row for each published revision, written in the transaction that publishes it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Field, Model
from django.db.models.signals import post_save

from articles.models import Content, Publication, Revision, SearchEntry, SearchGram, SearchWord
from articles.search.queries import COMMON, WORD, grams
from core.fields import HtmlField
from core.html import text_of

SHORTEST, LONGEST = 4, 40  # letters of a word that is indexed for corrections
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
    """Connect the receiver that indexes a revision in the transaction that publishes it."""
    post_save.connect(_published, sender=Publication, dispatch_uid="articles.search")


def index(
    revisions: Iterable[Revision],
    entry_model: type[Model] = SearchEntry,
    word_model: type[Model] = SearchWord,
    gram_model: type[Model] | None = SearchGram,
) -> int:
    """Store the index rows of these revisions that are missing; return the number of revisions.

    A migration passes historical models. Database errors are passed on.
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


def _words_of(revision: Content, field: Field) -> str:
    value = getattr(revision, field.name)
    return text_of(value) if isinstance(field, HtmlField) else value


def keep_words(
    words: Iterable[str], word_model: type[Model] = SearchWord, gram_model: type[Model] | None = SearchGram
) -> None:
    """Store the words that are new, with their trigrams, for corrections. Make only one query if no word is new."""
    words = set(words)
    new = sorted(words.difference(word_model._default_manager.filter(word__in=words).values_list("word", flat=True)))
    word_model._default_manager.bulk_create((word_model(word=word) for word in new), ignore_conflicts=True)
    if gram_model:
        rows = (gram_model(gram=gram, word=word) for word in new for gram in sorted(grams(word)))
        gram_model._default_manager.bulk_create(rows, ignore_conflicts=True)


def words_of(text: str) -> set[str]:
    """Return the words of a title, a standfirst or a message that a correction may offer. Pure."""
    return {
        word
        for word in WORD.findall(text.lower())
        if SHORTEST <= len(word) <= LONGEST and word not in COMMON and not word.isdigit()
    }


@transaction.atomic
def rebuild() -> int:
    """Rebuild the index from the publications; return the number of revisions in it."""
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    SearchGram.objects.all().delete()
    published = Publication.objects.filter(cancelled_at=None).values("approval__revision")
    keys = list(Revision.objects.filter(pk__in=published).order_by("pk").values_list("pk", flat=True))
    return sum(
        index(Revision.objects.filter(pk__in=keys[start : start + BATCH])) for start in range(0, len(keys), BATCH)
    )


def _published(sender: type[Publication], instance: Publication, created: bool, raw: bool = False, **_: object) -> None:
    if created and not raw:
        index([instance.approval.revision])
