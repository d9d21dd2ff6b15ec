"""The evidence behind the names on a page: vouches, consents and disclosures of the board, and people's former names.

All of it is read once, because there are few people and many articles.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from advisors.disclosures import Interest, in_words
from advisors.models import (
    AccountCorrection,
    Advisor,
    Corrected,
    Disclosure,
    NameConsent,
    Question,
    Review,
    Signature,
    Vouch,
)
from advisors.quorum.given import disclosed
from articles.models import Approval, Author, Erasure, PersonDecision
from articles.models.same_person import Persons, persons


class Board:
    """The vouches, consents and disclosures of all advisors, present and former, and all names and portraits.

    By the primary key of the advisor, `names` holds every name, with credentials, that an advisor has had. By the
    primary key of the author, `portraits` and `accounts` hold every portrait and account that an author has had; the
    account is None for a time without one.
    """

    def __init__(self) -> None:
        self.vouches: dict[int, list[Vouch]] = defaultdict(list)
        self.consents: dict[int, list[NameConsent]] = defaultdict(list)
        self.disclosures: dict[int, list[Disclosure]] = defaultdict(list)
        for vouch in Vouch.objects.order_by("pk"):
            self.vouches[vouch.advisor_id].append(vouch)
        for consent in NameConsent.objects.order_by("pk").defer("words"):
            self.consents[consent.advisor_id].append(consent)
        made = Disclosure.objects.order_by("made_at", "pk")
        for disclosure in made.prefetch_related("answers__topics", "answers__products"):
            self.disclosures[disclosure.advisor_id].append(disclosure)
        self.by_key = {one.pk: one for several in self.disclosures.values() for one in several}
        self.disclosed = {pk: disclosed(one) for pk, one in self.by_key.items()}
        self.names: dict[int, set[str]] = defaultdict(set)
        for rows in (Advisor.objects.all(), Advisor.history.all()):
            for key, name, credentials in rows.order_by().values_list("id", "name", "credentials"):
                self.names[key].add(f"{name}, {credentials}" if credentials else name)
        self.portraits: dict[int, set[str]] = defaultdict(set)
        self.accounts: dict[int, set[int | None]] = defaultdict(set)
        for rows in (Author.objects.all(), Author.history.all()):
            for key, photo, user in rows.order_by().values_list("id", "photo", "user"):
                self.portraits[key].add(photo)
                self.accounts[key].add(user)
        moved = AccountCorrection.objects.confirmed().filter(corrected=Corrected.AUTHOR)
        for key, user in moved.values_list("author", "old_account"):
            self.accounts[key].add(user)
        # The accounts and authors whose names were erased. Their reviews still contain the names, and their histories
        # are gone: former portraits, and times without an account (advisors.personal_data.erasing).
        done = Erasure.objects.filter(record__isnull=False)
        self.erased = set(done.exclude(account=None).values_list("account", flat=True))
        erased_authors = Q(pk__in=done.exclude(author=None).values("author")) | Q(user__in=self.erased)
        self.erased_authors = set(Author.objects.filter(erased_authors).values_list("pk", flat=True))
        for key in self.erased_authors:
            self.accounts[key].add(None)
        self._words: dict[int, str] = {}
        self._persons = None if PersonDecision.objects.exists() else Persons()

    def persons(self, approval: Approval) -> Persons:
        """Return which accounts were known to belong to the same person at the time of an approval.

        Makes a query if anybody has ever decided that two accounts belong to the same person.
        """
        return persons(before=approval) if self._persons is None else self._persons

    def vouched_for(self, review: Review, signature: Signature, approval: Approval) -> bool:
        """Return whether, before an approval, somebody had vouched for the name, account and email address that signed.

        A vouch by the advisor or by the editor who added the advisor to the board does not count.
        """
        return any(
            vouch.account_id == signature.account_id
            and vouch.address == signature.account_email
            and vouch.signed_name_id == signature.signed_name_id
            and (vouch.last_approval_id is None or vouch.last_approval_id < approval.pk)
            and vouch.vouched_by_id not in (signature.account_id, review.advisor.added_by_id)
            for vouch in self.vouches[review.advisor_id]
        )

    def agreed(self, review: Review, approval: Approval) -> bool:
        """Return whether the advisor had consented to be named, and not withdrawn the consent, before an approval."""
        said = [
            consent.is_given
            for consent in self.consents[review.advisor_id]
            if consent.last_approval_id is None or consent.last_approval_id < approval.pk
        ]
        return bool(said) and said[-1]

    def words(self, review: Review) -> set[str]:
        """Return the disclosure texts, as readers see them, any of which may stand beside a verdict.

        This is the text of the disclosure that the review names. If the review names none, these are the texts of all
        disclosures that the advisor has made. Return {""} if there are none.
        """
        made = self.disclosures[review.advisor_id]
        return {self._said(one) for one in made if review.disclosure_id in (None, one.pk)} or {""}

    def _said(self, disclosure: Disclosure) -> str:
        if disclosure.pk not in self._words:
            self._words[disclosure.pk] = in_words(_interests(disclosure.answers.all()))
        return self._words[disclosure.pk]


def _interests(answers: Iterable) -> dict[Question, Interest]:
    """Return the answers of a disclosure, without the topics and products that they name."""
    given = {Question(answer.question): Interest(answer.statement) for answer in answers}
    return {question: given.get(question, Interest()) for question in Question}
