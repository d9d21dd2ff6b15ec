"""Compare two versions of a text by field, with their sources and their byline. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import ValidationError

from comparison.aligning import UNCHANGED, PassageChange, align
from comparison.blocks import Block, block_of_value, blocks_of_html, blocks_of_text, split
from comparison.words import Segment, segments


class FieldKind(StrEnum):
    """The way in which a field is compared: line by line, as HTML, or as a whole (a picture's name)."""

    TEXT = "text"
    HTML = "html"
    VALUE = "value"


def read(text: str, kind: FieldKind) -> list[Block]:
    """Return the passages of a field. HTML that cannot be read safely is compared as plain text."""
    if kind == FieldKind.VALUE:
        return block_of_value(text)
    if kind == FieldKind.HTML:
        try:
            return blocks_of_html(text)
        except ValidationError:
            pass
    return blocks_of_text(text)


@dataclass
class TextVersion:
    """One version: text and kind of each field by name, reference of each source by citation key, and names in the
    byline.

    Passages are read when they are first needed and then cached, so they are read once even if one version is compared
    with several others.
    """

    texts: Mapping[str, str]
    kinds: Mapping[str, FieldKind] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    byline: Sequence[str] = ()
    _blocks: dict[str, list[Block]] = field(default_factory=dict, repr=False)

    def kind(self, name: str) -> FieldKind:
        return self.kinds.get(name, FieldKind.TEXT)

    def blocks(self, name: str) -> list[Block]:
        if name not in self._blocks:
            self._blocks[name] = read(self.texts.get(name, ""), self.kind(name))
        return self._blocks[name]


@dataclass(frozen=True)
class FieldChange:
    """A field whose value differs. If all its passages are unchanged, only the markup around them differs."""

    name: str
    changes: tuple[PassageChange, ...]

    @property
    def is_only_markup(self) -> bool:
        return all(change.state == UNCHANGED and not change.moved for change in self.changes)

    @property
    def words_added(self) -> int:
        return sum(change.words_added for change in self.changes)

    @property
    def words_removed(self) -> int:
        return sum(change.words_removed for change in self.changes)


@dataclass(frozen=True)
class SourceChange:
    """A source that both versions cite with different references."""

    key: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Comparison:
    """The differences between two versions. Fields are in the order in which the versions list them.

    `sources_added` and `sources_removed` are citation keys; `authors_added` and `authors_removed` are names in the
    byline.
    """

    fields: tuple[FieldChange, ...] = ()
    sources_added: tuple[str, ...] = ()
    sources_removed: tuple[str, ...] = ()
    sources_changed: tuple[SourceChange, ...] = ()
    authors_added: tuple[str, ...] = ()
    authors_removed: tuple[str, ...] = ()
    is_byline_reordered: bool = False

    def __bool__(self) -> bool:
        return any(vars(self).values())

    @property
    def has_other_byline(self) -> bool:
        return bool(self.authors_added or self.authors_removed or self.is_byline_reordered)

    @property
    def words_added(self) -> int:
        return sum(change.words_added for change in self.fields)

    @property
    def words_removed(self) -> int:
        return sum(change.words_removed for change in self.fields)


def compare(old: TextVersion, new: TextVersion, moves: bool = True) -> Comparison:
    """Return the changes from `old` to `new`. Without `moves`, a moved passage counts as one removed and one added."""
    names = dict.fromkeys((*old.texts, *new.texts))
    authors_added = tuple(name for name in new.byline if name not in old.byline)
    authors_removed = tuple(name for name in old.byline if name not in new.byline)
    return Comparison(
        fields=tuple(
            FieldChange(name, align(old.blocks(name), new.blocks(name), moves))
            for name in names
            if old.texts.get(name, "") != new.texts.get(name, "")
        ),
        sources_added=tuple(key for key in new.sources if key not in old.sources),
        sources_removed=tuple(key for key in old.sources if key not in new.sources),
        sources_changed=tuple(_other_references(old, new)),
        authors_added=authors_added,
        authors_removed=authors_removed,
        is_byline_reordered=not authors_added and not authors_removed and [*old.byline] != [*new.byline],
    )


def _other_references(old: TextVersion, new: TextVersion) -> Iterator[SourceChange]:
    for key, reference in new.sources.items():
        if key in old.sources and old.sources[key] != reference:
            yield SourceChange(key, segments(tuple(split(old.sources[key])), tuple(split(reference))))
