"""Everything that processes a text, found in the code, so that a new field, check, importer, look-up or function is
tried too.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from types import GeneratorType, ModuleType

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from articles import rendering
from checks import preflight
from checks.preflight import (
    Draft,
    DraftIngredient,
    DraftProduct,
    DraftSource,
    Term,
    WordLists,
    attribution,
    reading,
    structure,
    wording,
)
from comparison import FieldKind, TextVersion, compare, conflicts, showing
from comparison.marking import Sides
from core.html import sanitise
from core.markup import LONGEST
from core.outgoing.client import Answer
from core.seo import json_ld
from mail import calendar
from sources import lookups
from sources.exporters import FORMATS
from sources.importers import PARSERS, read
from sources.importers.canonical import canonical
from sources.importers.mapping import fields_of
from sources.models import Source
from sources.references import reference
from tests.growth.entries import ANSWERS, ENTRIES
from tests.growth.measuring import Work
from tests.test_architecture import MAY_IMPORT

PACKAGES = (*MAY_IMPORT, "betterment")
# Functions that take one text but do not process it: they ask the database, a disk, the network or the environment, or
# take a name that is written in the code, or a key or a signature of this site.
NO_WORK = {
    *("backups.creating.stored_files", "betterment.env.text", "betterment.env.words", "betterment.env.bucket"),
    *(
        "core.health.check",
        "core.http.with_csp",
        "mail.sending.fills_placeholder",
        "pictures.decoder.repaint",
    ),
    *("pictures.files.run_decoder", "pictures.files.prepare_picture", "core.seo.structured_parts.address"),
    "audit.keys.to_base58",
    *("articles.preview_links.token_hash", "sources.lookups.finding.find"),
    *("advisors.review_desk.access.valid_token", "advisors.invitations.find", "advisors.invitations.token_hash"),
    *("newsletter.emails.forget", "newsletter.addresses.address_has_room"),
    *("articles.picture_uses.showing", "articles.revision_comparison.label"),
}
LISTS = WordLists(
    terms=(Term("sleeping sickness", "insomnia"), Term("e-mail", "email")),
    diseases=("insomnia", "magnesium deficiency"),
    symptoms=("headache",),
    ingredients=(
        DraftIngredient(("magnesium", "Mg"), "mg", Decimal(250), "EFSA"),
        DraftIngredient(("vitamin D",), "µg", Decimal(100), "EFSA"),
    ),
    products=(DraftProduct("Calm Magnesium", "Calm", ("Sleep",)),),
)
SOURCES = tuple(DraftSource(key, "A", doi="10.1000/a", evidence="cohort", year=2001) for key in ("abbasi2012", "key1"))
# What a check caches of the last text.
FORGOTTEN = (structure.outline, attribution._named, wording.syllables)


@dataclass(frozen=True)
class Target:
    """Something that processes a text. `prepare` makes the work.

    `prepare` raises ValidationError if a text is refused before. `most` is the length of the longest text that reaches
    it, in characters.
    """

    name: str
    prepare: Callable[[str], Work]
    most: int = LONGEST


def all_targets() -> list[Target]:
    """Return every target by a name of its own."""
    return [*_fields(), *_functions(), *_importers(), *_lookups(), *_checks(), *_pages(), *_comparisons(), *_sources()]


def _called(function: Callable[..., object], *arguments: object, **named: object) -> Work:
    """Return the work of calling this function: a generator is consumed, and a refusal is a valid result."""

    def work() -> object:
        try:
            answer = function(*arguments, **named)
            return list(answer) if isinstance(answer, GeneratorType) else answer
        except Exception as refusal:
            return refusal

    return work


def _fields() -> Iterator[Target]:
    """Return each kind of text field once: by its class, its length and its validators."""
    seen = set()
    for model in (model for model in apps.get_models() if model.__module__.partition(".")[0] in PACKAGES):
        for field in model._meta.get_fields():
            if not isinstance(field, models.CharField | models.TextField) or field.choices:
                continue
            rules = (str(getattr(getattr(rule, "regex", rule), "pattern", type(rule))) for rule in field.validators)
            kind = (type(field), field.max_length, tuple(rules))
            if kind not in seen:
                seen.add(kind)
                name = f"{type(field).__name__}, {field.max_length} characters, such as {field}"
                yield Target(name, lambda text, field=field: _called(field.clean, text, None))
                scheme = {"assume_scheme": "https"} if isinstance(field, models.URLField) else {}
                if form_field := field.formfield(**scheme):
                    yield Target(f"form of {name}", lambda text, field=form_field: _called(field.clean, text))


def modules() -> Iterator[ModuleType]:
    """Return every module of ours that contains no migration, command, setting or process."""
    for package in map(importlib.import_module, PACKAGES):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part in found.name for part in (".migrations", ".management", ".settings", ".wsgi")):
                yield importlib.import_module(found.name)


def functions() -> dict[str, Callable[..., object]]:
    """Return every public function that can be called with one text, by its full name."""
    return {
        f"{module.__name__}.{name}": inspect.unwrap(function)  # without its cache
        for module in modules()
        for name, function in vars(module).items()
        if getattr(function, "__module__", "") == module.__name__
        and not name.startswith("_")
        and not isinstance(function, type)
        and callable(function)
        and _takes(function)
    }


def _functions() -> Iterator[Target]:
    for name, function in functions().items():
        if name in NO_WORK:
            continue
        # A parameter called `html` outside of the sanitiser's own package is HTML that was stored.
        is_kept = "html" in inspect.signature(function).parameters and not name.startswith("core.")
        given = _kept if is_kept else _encoded if _takes(function) is bytes else str
        yield Target(name, lambda text, function=function, given=given: _called(function, given(text)))


def _takes(function: Callable[..., object]) -> type | None:
    """Return whether this can be called with one text, or one bytes object, and nothing else."""
    first, *others = inspect.signature(inspect.unwrap(function)).parameters.values() or [None]
    if first is None or first.kind is first.KEYWORD_ONLY:
        return None
    if any(
        other.default is other.empty and other.kind not in (other.VAR_KEYWORD, other.VAR_POSITIONAL) for other in others
    ):
        return None
    return {str: str, str | bytes: str, str | None: str, bytes: bytes}.get(first.annotation)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _importers() -> Iterator[Target]:
    for name in PARSERS:
        wrapped = ENTRIES[name]
        yield Target(f"importer {name}", lambda text, wrapped=wrapped: _called(read, wrapped(text)))
        yield Target(f"parser {name}", lambda text, name=name: _called(PARSERS[name], text))
    yield Target("the format of a text", lambda text: _called(read, text))
    yield Target("a text in two formats", lambda text: _called(read, _mixed(text)))


def _mixed(text: str) -> str:
    """Return a text before, in and between a RIS record and a BibTeX entry."""
    return f"{text}\n{ENTRIES['RIS'](text)}\n{text}\n{ENTRIES['BibTeX'](text)}"


def lookup_modules() -> list[str]:
    """Return the names of the modules that ask a register or a page for a work."""
    found = (importlib.import_module(f"sources.lookups.{info.name}") for info in pkgutil.iter_modules(lookups.__path__))
    return sorted(module.__name__.rpartition(".")[2] for module in found if hasattr(module, "item"))


def _lookups() -> Iterator[Target]:
    for name in lookup_modules():
        identifier, answer = ANSWERS[name]
        ask = importlib.import_module(f"sources.lookups.{name}").item

        def prepared(text: str, ask=ask, identifier=identifier, answer=answer) -> Work:
            body = _encoded(answer(text))
            arguments = {"today": date(2026, 11, 28)} if "today" in inspect.signature(ask).parameters else {}
            return _called(ask, identifier, lambda url, **_: Answer(200, {}, body[: 512 * 1024], url), **arguments)

        yield Target(f"look-up {name}", prepared)


@lru_cache(maxsize=32)
def _kept(text: str) -> str:
    """Return a text as it is stored. Raise ValidationError as the sanitiser does."""
    return sanitise(text)


def draft(text: str) -> Draft:
    """Return a draft with the text in all its fields. Raise ValidationError as the sanitiser does."""
    body = _kept(text)
    return Draft(
        title=text,
        standfirst=text,
        key_messages=(text,),
        body=body,
        safety_note=body,
        disclosure="",
        search_description=text,
        authors=("Jane Doe",),
        topics=("Sleep",),
        sources=SOURCES,
        lists=LISTS,
        today=date(2026, 11, 28),
    )


def _checks() -> Iterator[Target]:
    """Return each check by itself, with the sentences already read, because reading them is a target of its own."""
    for family in preflight.FAMILIES:
        for check in family.CHECKS:

            def prepared(text: str, check=check) -> Work:
                said = draft(text)
                for _ in reading.fields(said, "body", "safety_note", "title", "key_messages"):
                    pass

                def work() -> object:
                    for kept in FORGOTTEN:
                        kept.cache_clear()
                    return list(check(said))

                return work

            yield Target(f"check {family.__name__.rpartition('.')[2]}.{check.__name__}", prepared)


def _pages() -> Iterator[Target]:
    numbers = {"abbasi2012": 1, "mah2021": 2}
    yield Target("rendering", lambda text: _called(rendering.render, _kept(text), "", numbers, {"abbasi2012": "A tip"}))

    def warned(text: str) -> Work:
        page = rendering.render(_kept(text), "", numbers).body
        return _called(rendering.with_warnings, page, {1: "retracted"})

    yield Target("rendering with warnings", warned)
    yield Target("JSON-LD", lambda text: _called(json_ld.script, json_ld.graph([{"name": text}])))
    yield Target(
        "calendar",
        lambda text: _called(
            calendar.whole_day,
            uid="a",
            day=date(2026, 1, 1),
            title=text,
            notes=text,
            made_by=text,
            made_at=datetime(2026, 1, 1, tzinfo=UTC),
        ),
    )


def _comparisons() -> Iterator[Target]:
    def versions(old: str, new: str) -> tuple[TextVersion, TextVersion]:
        kinds = {"body": FieldKind.HTML}
        return (
            TextVersion({"title": old, "body": _kept(old)}, kinds, {"a": old}),
            TextVersion({"title": new, "body": _kept(new)}, kinds, {"a": new}),
        )

    others = {
        "itself with a word changed": lambda text: f"{text[: len(text) // 2]} word {text[len(text) // 2 :]}",
        "its other half": lambda text: text[len(text) // 2 :] + "<p>other</p>" + text[: len(text) // 2],
        "the same letters in another order": lambda text: text[::-1],
        "nothing": lambda text: "",
    }
    for name, other in others.items():

        def prepared(text: str, other=other) -> Work:
            old, new = versions(text, other(text))

            def work() -> object:
                for field in compare(
                    TextVersion(old.texts, old.kinds, old.sources), TextVersion(new.texts, new.kinds, new.sources)
                ).fields:
                    showing.merged(field), showing.side_by_side(field)

            return work

        yield Target(f"comparison with {name}", prepared)
        yield Target(
            f"conflict with {name}",
            lambda text, other=other: _called(
                conflicts.difference,
                "body",
                "Text",
                FieldKind.HTML,
                _kept(text),
                _kept(other(text)),
                Sides(),
                _kept(text),
            ),
        )


def _sources() -> Iterator[Target]:
    texts = [
        field
        for field in Source._meta.fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]
    for kind, _ in Source._meta.get_field("work").choices:

        def prepared(text: str, kind=kind) -> Work:
            kept = {field.name: text[: field.max_length] for field in texts}
            return _called(reference, Source(work=kind, year=2020, **kept))

        yield Target(f"reference of a {kind}", prepared)
    item = {"type": "article-journal", "issued": {"raw": "2020"}}
    for ending, format_ in FORMATS.items():
        yield Target(
            f"exporter {ending}",
            lambda text, write=format_.write: _called(
                write, [canonical({**item, "title": text, "author": [text], "publisher": text})]
            ),
        )
    yield Target(
        "fields of a source",
        lambda text: _called(
            fields_of, {"type": text, "title": text, "author": [{"literal": text}], "DOI": text, "URL": text}
        ),
    )


def text_of_size(kind: Callable[[int], str], target: Target) -> Callable[[int], Work | None]:
    """Return the `prepare` function that `measuring.grows_too_fast` needs: the work of a target on one kind of text, by
    its size.
    """

    def prepare(size: int) -> Work | None:
        try:
            return target.prepare(kind(size))
        except ValidationError:
            return None

    return prepare
