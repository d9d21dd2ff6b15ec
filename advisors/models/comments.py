"""Comments of advisors on an article, replies to them, and changes of their state."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advisors.models.reviews import Review
from articles.models import Revision
from articles.names.shown import NameNow
from core.db.immutable import ImmutableModel
from core.fields import LineField, ProseField


class Comment(ImmutableModel):
    """A comment on a passage, a block or the whole article, or a reply to a comment (`parent`).

    `block` is the index of the block with the passage, counted from 0 among the children of the rendered body as in
    `comparison`. `start` is the offset of the passage in the text of that block, in characters. Both are None for a
    comment on the whole article. `suggestion` is the wording that the advisor suggests for the passage.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_by_name = LineField(max_length=120)
    passage = ProseField(
        max_length=1000, blank=True, help_text=_("The passage that it is about, copied from the text.")
    )
    block = models.PositiveIntegerField(null=True, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    text = ProseField(max_length=5000)
    suggestion = ProseField(max_length=2000, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    written_by_shown = NameNow("written_by_name", "written_by_id")

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None) | Q(block__isnull=False), name="comment_start_is_in_a_block"
            ),
            models.CheckConstraint(condition=Q(suggestion="") | ~Q(passage=""), name="comment_suggestion_of_a_passage"),
        ]

    def __str__(self) -> str:
        return str(self.text)[:80]


class CommentState(models.TextChoices):
    RESOLVED = "resolved", _("resolved")
    OPEN = "open", _("open again")
    TAKEN = "taken", _("wording used")


class CommentMark(ImmutableModel):
    """A change of a comment's state. The newest change determines the state; a comment that has none is open."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="marks")
    state = models.CharField(max_length=8, choices=CommentState)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_by_name = LineField(max_length=120)
    marked_at = models.DateTimeField(default=timezone.now)
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("The revision with the suggested wording."),
    )
    marked_by_shown = NameNow("marked_by_name", "marked_by_id")

    class Meta:
        ordering = ["-marked_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=CommentState.values), name="comment_mark_state")]

    def __str__(self) -> str:
        return gettext("%(state)s by %(name)s") % {"state": self.get_state_display(), "name": self.marked_by_shown}
