"""All data that is stored about one advisor, as sections of rows, for the advisor to see and to export."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from advisors.models import (
    AccountCorrection,
    Advisor,
    ChecklistAnswer,
    ChecklistItem,
    Comment,
    CommentMark,
    CorrectionOutcome,
    DisclosedAnswer,
    Disclosure,
    LinkAccess,
    NameConsent,
    PanelMember,
    PersonFlag,
    RemarksWithheld,
    Review,
    ReviewDraft,
    ReviewStep,
    ReviewToken,
    ScheduledEmail,
    Signature,
    Vouch,
)
from articles.models import (
    Autosave,
    Erasure,
    ErasureRecord,
    NameChange,
    NameChangeDecision,
    PersonDecision,
    Signatory,
    SignedName,
)

CHUNK = 200  # rows that are read from the database at once
ARTICLE = {
    "article_title": "review__submission__revision__title",
    "revision_number": "review__submission__revision__number",
}

NAME = {"name": "signed_name__name"}


@dataclass(frozen=True)
class KeptRows:
    """A section: the rows of `model` in which one of the paths `by_advisor` or `by_user` leads to the advisor.

    `name` is its key in the export, and `label` its heading. `named` adds columns from related rows, `{name: path}`.
    `left_out` are columns that are not exported because they would give access, such as the hashes of tokens.

    An account from before a correction may be that of somebody else, so `by_user` leads only to the present account.
    Of a former one, there are those rows that belong to what the advisor signed: `by_former` is the path to the account
    and the path to an advisor to whom the row belongs, and `by_name` leads to a name that they signed under.
    """

    name: str
    label: str | Promise
    model: type[Model]
    by_advisor: tuple[str, ...] = ()
    by_user: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    by_former: tuple[str, str] | None = None
    by_name: tuple[str, ...] = ()

    def rows(self, advisor: Advisor) -> QuerySet[Model, dict[str, object]]:
        """Return the rows of this advisor as dictionaries, the oldest first."""
        condition = Q()
        for path in self.by_advisor:
            condition |= Q(**{path: advisor.pk})
        for path in self.by_user:
            condition |= Q(**{path: advisor.user_id})
        if self.by_former:
            condition |= Q(pk__in=self._of_former_accounts(advisor, *self.by_former))
        signed = Signature.objects.filter(review__advisor=advisor).order_by()
        for path in self.by_name:
            condition |= Q(**{f"{path}__in": signed.values("signed_name")})
            condition |= Q(**{f"{path}__in": signed.values("signed_name__shown_as")})
        columns = [column.attname for column in self.model._meta.concrete_fields if column.name not in self.left_out]
        rows = self.model._base_manager.filter(condition).order_by("pk")  # with the verdicts that were taken back
        return rows.values(*columns, **{name: F(path) for name, path in self.named.items()})

    def _of_former_accounts(self, advisor: Advisor, account: str, owner: str) -> QuerySet[Model, dict[str, object]]:
        former = AccountCorrection.objects.confirmed().filter(advisor=advisor).order_by().values("old_account")
        return self.model._base_manager.filter(**{f"{account}__in": former, owner: advisor}).values("pk")


SECTIONS = (
    KeptRows("account", _("Account"), User, by_user=("pk",), left_out=frozenset({"password", "sessions_ended"})),
    KeptRows("profile", _("Profile"), Advisor, by_advisor=("pk",), by_user=("user", "added_by")),
    KeptRows(
        *("specialties", _("Specialties"), Advisor.specialties.through),
        by_advisor=("advisor",),
        named={"topic_name": "topic__name"},
    ),
    KeptRows(
        *("profile_history", _("Earlier versions of the profile"), Advisor.history.model),
        by_advisor=("id",),
        by_user=("user", "added_by", "history_user"),
    ),
    KeptRows(
        *("specialties_history", _("Earlier specialties"), apps.get_model("advisors", "HistoricalAdvisor_specialties")),
        by_advisor=("advisor",),
        named={"topic_name": "topic__name"},
    ),
    KeptRows("names", _("Names signed under"), SignedName, by_user=("account", "author__user"), by_name=("pk",)),
    KeptRows(
        *("name_changes", _("Changes of the name"), NameChange),
        by_user=("after__account", "before__author__user", "asked_by"),
        by_name=("before", "after"),
        named={"name_before": "before__name", "name_after": "after__name"},
    ),
    KeptRows(
        *("name_decisions", _("Decisions on changes of names"), NameChangeDecision),
        by_user=("change__after__account", "change__before__author__user", "decided_by"),
        by_name=("change__before", "change__after"),
    ),
    KeptRows(
        "autosaves", _("Articles typed and not saved"), Autosave, (), ("user",), {"article_title": "article__title"}
    ),
    KeptRows("erasures", _("Erasures asked for"), Erasure, (), ("account", "author__user", "asked_by")),
    KeptRows(
        *("erasure_records", _("Erasures carried out"), ErasureRecord),
        by_user=("erasure__account", "erasure__author__user", "done_by"),
    ),
    KeptRows("vouches", _("Vouches for identities"), Vouch, ("advisor",), ("account", "vouched_by"), NAME),
    KeptRows(
        *("corrections", _("Corrections of accounts"), AccountCorrection),
        by_advisor=("advisor",),
        by_user=("old_account", "new_account", "asked_by"),
    ),
    KeptRows(
        *("correction_outcomes", _("Outcomes of these corrections"), CorrectionOutcome),
        by_advisor=("correction__advisor",),
        by_user=("by", "correction__old_account", "correction__new_account", "correction__asked_by"),
    ),
    KeptRows(
        *("person_flags", _("Accounts that may be theirs too"), PersonFlag),
        by_user=("first_account", "second_account", "first_author__user", "second_author__user"),
    ),
    KeptRows(
        *("person_decisions", _("Decisions on such accounts"), PersonDecision),
        by_user=("first_account", "second_account", "first_author__user", "second_author__user", "decided_by"),
    ),
    KeptRows("consents", _("Consents to name and portrait"), NameConsent, ("advisor",), ("made_by",)),
    KeptRows("disclosures", _("Disclosures of interests"), Disclosure, ("advisor",)),
    KeptRows("disclosed_answers", _("Answers of disclosures"), DisclosedAnswer, ("disclosure__advisor",)),
    KeptRows(
        *("disclosed_topics", _("Topics named in disclosures"), DisclosedAnswer.topics.through),
        by_advisor=("disclosedanswer__disclosure__advisor",),
        named={"topic_name": "topic__name"},
    ),
    KeptRows(
        *("disclosed_products", _("Products named in disclosures"), DisclosedAnswer.products.through),
        by_advisor=("disclosedanswer__disclosure__advisor",),
        named={"product_name": "product__name"},
    ),
    KeptRows(
        *("panels", _("Articles proposed or chosen for"), PanelMember),
        by_advisor=("advisor",),
        by_user=("proposed_by", "decided_by", "ended_by"),
        named={"article_title": "article__title"},
    ),
    KeptRows(
        *("reviews", _("Reviews and verdicts"), Review),
        by_advisor=("advisor",),
        by_user=("invited_by",),
        named={name: path.removeprefix("review__") for name, path in ARTICLE.items()},
    ),
    KeptRows(
        "verdict_signatures", _("Signatures of verdicts"), Signature, ("review__advisor",), ("account",), NAME | ARTICLE
    ),
    KeptRows("review_log", _("Log of reviews"), ReviewStep, ("review__advisor",), ("by",), ARTICLE),
    KeptRows("drafts", _("Typed and not sent"), ReviewDraft, ("review__advisor",), (), ARTICLE),
    KeptRows("checklist_answers", _("Answers to check-lists"), ChecklistAnswer, ("review__advisor",), (), ARTICLE),
    KeptRows(
        *("comments", _("Comments"), Comment, (), ("written_by",), ARTICLE),
        by_former=("written_by", "review__advisor"),
    ),
    KeptRows(
        *("comment_states", _("Comments resolved or opened again"), CommentMark, (), ("marked_by",)),
        by_former=("marked_by", "comment__review__advisor"),
    ),
    KeptRows("remarks_withheld", _("Remarks withheld"), RemarksWithheld, ("review__advisor",), ("withheld_by",)),
    KeptRows(
        *("signatures", _("Signed approvals"), Signatory),
        by_user=("user",),
        named=NAME,
        by_former=("user", "approval__submission__reviews__advisor"),
    ),
    KeptRows(
        *("links", _("Links sent by email"), ReviewToken, ("review__advisor",), (), ARTICLE),
        left_out=frozenset({"token_hash"}),
    ),
    KeptRows("accesses", _("Accesses by these links"), LinkAccess, ("token__review__advisor",)),
    KeptRows("emails", _("Scheduled emails"), ScheduledEmail, ("review__advisor",), ("recipient",)),
    KeptRows("checklist_changes", _("Changes of check-lists"), ChecklistItem.history.model, (), ("history_user",)),
)


def counts(advisor: Advisor) -> list[tuple[str, int]]:
    """Return the label and the number of rows of each section. Makes one query for each section."""
    return [(str(section.label), section.rows(advisor).count()) for section in SECTIONS]


def as_json(advisor: Advisor) -> Iterator[str]:
    """Yield the parts of a JSON document with all sections. At most CHUNK rows are in memory at a time.

    Times are in ISO 8601 with their offset from UTC.
    """
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    yield f'{{"written_at": {encoder.encode(timezone.now())}'
    for section in SECTIONS:
        yield f',\n"{section.name}": ['
        for place, row in enumerate(section.rows(advisor).iterator(chunk_size=CHUNK)):
            yield f"{',' if place else ''}\n{json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)}"
        yield "]"
    yield "}\n"
