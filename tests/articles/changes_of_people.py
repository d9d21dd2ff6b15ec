"""Rules of the state machine for what becomes of people: accounts, profiles, departures, vouches, terms of topics."""

from contextlib import suppress

from django.db import IntegrityError, transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from accounts.models import User
from advisors.corrections import asking, deciding, links
from advisors.models import AccountCorrection, Advisor, PersonFlag
from advisors.quorum import vouching
from advisors.same_person import deciding as same_person
from advisors.same_person.likeness import pair_of
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Author, Topic
from articles.models.persons import sides_of

members = st.integers(0, 3)


class ChangesOfPeople:
    """The rules. What the database refuses is undone; the chain is proved after each step all the same."""

    def change(self, row: Advisor | Author | User | Topic, **values: object) -> None:
        """Save these values in a row as the admin would, unless the database refuses it."""
        for name, value in values.items():
            setattr(row, name, value)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            row.refresh_from_db()
        if isinstance(row, User):  # each request reads the account of its user again
            same = [name for name, person in self.people.items() if person.pk == row.pk]
            self.people.update(dict.fromkeys(same, User.objects.get(pk=row.pk)))

    def member(self, place: int) -> Advisor:
        return Advisor.objects.select_related("user").get(pk=self.cast.advisors[place].pk)

    @rule(place=members, to=st.sampled_from(("editor", "outsider", "colleague", "advisor1")))
    def an_account_is_moved(self, place, to):
        self.change(self.member(place), user=self.people[to])

    @rule(
        place=members, name=st.sampled_from(("Prof Famous", "Dr Ada", "Dr Ben")), job=st.sampled_from(("", "President"))
    )
    def a_profile_is_changed(self, place, name, job):
        self.change(self.member(place), name=name, job_title=job, disclosure="No interests to declare.")

    @rule(place=members, address=st.sampled_from(("a@example.org", "b@example.org")))
    def an_address_is_changed(self, place, address):
        self.change(self.member(place).user, email=address)

    @rule(place=members, of=st.sampled_from(("board", "account")))
    def an_advisor_leaves_or_comes_back(self, place, of):
        member = self.member(place)
        row = member if of == "board" else member.user
        self.change(row, is_active=not row.is_active)

    @rule(place=members, actor=st.sampled_from(("editor", "admin", "admin", "writer", "advisor1")))
    def somebody_vouches(self, place, actor):
        with suppress(InvalidTransition, NotPermitted):
            vouching.vouch(advisor=self.member(place), actor=self.people[actor], how="Met.")

    @rule(
        place=members,
        what=st.sampled_from(("account", "account", "address")),
        to=st.sampled_from(("outsider", "outsider", "colleague", "advisor1")),
        actor=st.sampled_from(("editor", "editor", "admin", "writer")),
        end=st.sampled_from(("link", "link", "link", "admin", "refused", "withdrawn", "waiting")),
    )
    def an_account_is_corrected(self, place, what, to, actor, end):
        """Ask for a correction of an advisor, and confirm, refuse or withdraw it, or leave it waiting."""
        member, people = self.member(place), self.people
        with suppress(InvalidTransition, NotPermitted):
            if what == "account":
                row = asking.ask_for_account(
                    subject=member, new_account=people[to], reason="Moved.", actor=people[actor]
                )
            else:
                address = f"{to}-{place}@uni.example"
                row = asking.ask_for_address(
                    account=member.user, new_address=address, reason="Moved.", actor=people[actor]
                )
            self.a_correction_ends(row, end)

    @rule(slug=st.sampled_from(("wanda-writer", "ada")), to=st.sampled_from(("outsider", "colleague")))
    def the_account_of_an_author_is_corrected(self, slug, to):
        with suppress(InvalidTransition, NotPermitted):
            author = Author.objects.select_related("user").get(slug=slug)
            row = asking.ask_for_account(
                subject=author, new_account=self.people[to], reason="Moved.", actor=self.people["editor"]
            )
            self.a_correction_ends(row, "link")

    @precondition(lambda machine: AccountCorrection.objects.waiting().exists())
    @rule(end=st.sampled_from(("link", "admin", "withdrawn", "expired")))
    def a_waiting_correction_ends(self, end):
        with suppress(InvalidTransition, NotPermitted):
            self.a_correction_ends(AccountCorrection.objects.waiting().order_by("pk").first(), end)

    def a_correction_ends(self, row: AccountCorrection, end: str) -> None:
        if end == "link":
            deciding.confirm_by_link(token=links.token_for(row))
        elif end == "admin":
            deciding.confirm_as_administrator(correction=row, actor=self.people["admin"], how="They called.")
        elif end == "refused":
            deciding.refuse_by_link(token=links.token_for(row))
        elif end == "withdrawn":
            deciding.withdraw(correction=row, actor=self.people["editor"])
        elif end == "expired":
            asking.record_expired()
        for place, advisor in enumerate(self.cast.advisors, 1):
            self.people[f"advisor{place}"] = User.objects.get(advisor=advisor.pk)

    @rule(
        first=st.sampled_from(("advisor1", "advisor2", "advisor3", "writer", "outsider")),
        second=st.sampled_from(("advisor2", "advisor3", "advisor4", "colleague", "ghost")),
        is_same=st.sampled_from((True, True, False)),
        actor=st.sampled_from(("admin", "admin", "editor", "writer")),
    )
    def two_accounts_are_decided_on(self, first, second, is_same, actor):
        keys = [f"u{self.people[name].pk}" for name in (first, second) if name != "ghost"]
        if second == "ghost":
            keys.append(f"a{Author.objects.get(slug='ghost').pk}")
        if len(set(keys)) < 2:
            return
        pair = pair_of(*keys)
        flag, _ = PersonFlag.objects.get_or_create(pair=pair, defaults=sides_of(pair))
        with suppress(InvalidTransition, NotPermitted):
            same_person.decide(flag=flag, is_same=is_same, note="Asked them.", actor=self.people[actor])

    @rule(
        slug=st.sampled_from(("wanda-writer", "ada", "ben", "ghost")),
        to=st.sampled_from((None, "outsider", "advisor1")),
    )
    def an_author_is_linked_anew(self, slug, to):
        self.change(Author.objects.get(slug=slug), user=self.people.get(to))

    @rule(needs=st.booleans(), quorum=st.sampled_from((None, 2, 3)))
    def a_topic_changes_its_terms(self, needs, quorum):
        self.change(Topic.objects.get(slug="sleep"), needs_specialist=needs, review_quorum=quorum)

    @rule(place=members)
    def an_advisor_becomes_a_specialist_or_ceases_to_be_one(self, place):
        topic, member = Topic.objects.get(slug="sleep"), self.member(place)
        is_one = member.specialties.filter(pk=topic.pk).exists()
        (member.specialties.remove if is_one else member.specialties.add)(topic)
