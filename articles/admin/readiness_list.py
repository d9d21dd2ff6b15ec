"""The list beside an article's form of what the board needs to read it, with what is there and what is missing.

It follows the same draft as the editorial checks, so that it changes while the writer types and after each save. It is
a list for writers, not a rule: what prevents a submission are the findings (articles.readiness).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from articles.citations import marks_in
from articles.models import Article, Stage
from checks.preflight import Draft, Finding
from checks.preflight.structure import INSTRUCTION_MARKS
from core.html import text_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FEWEST_KEY_MESSAGES = 2
SAID_BY_THE_LIST = "STR04"  # the findings on missing parts, which the list shows in a calmer way


@dataclass(frozen=True)
class ReadinessItem:
    """One part of an article. `target` is the id of its field or section in the form; `hint` says what to write.

    A part with an instruction of a template is open.
    """

    name: "StrOrPromise"
    target: str
    is_done: bool
    hint: "StrOrPromise"


@dataclass(frozen=True)
class ReadinessList:
    """The parts of an article, in the order in which writers fill them in."""

    items: Sequence[ReadinessItem]

    @property
    def done(self) -> int:
        """Return how many parts are there."""
        return sum(item.is_done for item in self.items)

    @property
    def is_complete(self) -> bool:
        """Return whether every part is there."""
        return self.done == len(self.items)


def readiness_list(article: Article | None, draft: Draft, found: Iterable[Finding]) -> ReadinessList | None:
    """Return the list for a draft with its findings, or None if nobody is working towards a submission.

    `article` is None for one that is not stored yet; it has no reviewers. Makes no queries but those of `is_locked`.
    """
    if article and (article.stage not in (Stage.DRAFT, Stage.CHANGES_REQUESTED) or article.is_locked):
        return None
    ids = {finding.id for finding in found}
    cited = {key for html in (draft.body, draft.safety_note) for keys in marks_in(html) for key in keys}
    is_cited = any(source.key in cited for source in draft.sources)
    items = [
        ReadinessItem(_("Title"), "id_title", _is_written(draft.title), _("Say what the article is about.")),
        ReadinessItem(
            _("Standfirst"),
            "id_standfirst",
            _is_written(draft.standfirst),
            _("In one or two sentences: what the reader will learn."),
        ),
        ReadinessItem(_("Text"), "id_body", _is_written(text_of(draft.body)), _("Write the body.")),
        ReadinessItem(
            _("Key messages"),
            "id_key_messages",
            _is_written("\n".join(draft.key_messages), FEWEST_KEY_MESSAGES),
            _("Two to five whole sentences, each on its own line."),
        ),
        ReadinessItem(
            _("Sources"),
            "article_sources-group",
            is_cited,
            _("Cite the attached sources in the text.") if draft.sources else _("Attach sources, and cite them."),
        ),
        ReadinessItem(
            _("Safety note"),
            "id_safety_note",
            _is_written(text_of(draft.safety_note)) and "SAF03" not in ids,
            _("Who should not take it, interactions, the upper limit."),
        ),
        ReadinessItem(
            _("Disclosure"),
            "id_disclosure",
            _is_written(draft.disclosure),
            _("What we sell or earn in connection with it, or that it is nothing."),
        ),
        ReadinessItem(_("Topics"), "id_topics", bool(draft.topics), _("They set who has to review, and by when.")),
        ReadinessItem(_("Byline"), "authorships-group", bool(draft.authors), _("Put at least one author on it.")),
        ReadinessItem(
            _("Reviewers"),
            "panel-group",
            article is not None and "REV01" not in ids,
            _("Propose or choose members of the board, and save."),
        ),
    ]
    return ReadinessList(items)


def _is_written(words: str, fewest: int = 1) -> bool:
    """Return whether a part has at least so many lines, and no instruction of a template among them."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return len(lines) >= fewest and not any(line.startswith(INSTRUCTION_MARKS) for line in lines)


def shown_with_list(found: Iterable[Finding], listed: ReadinessList | None) -> list[Finding]:
    """Return the findings to show below the list: all but those on missing parts, which the list names."""
    return [finding for finding in found if not listed or finding.id != SAID_BY_THE_LIST]
