"""Rules of the state machine for what becomes of people: accounts, profiles, departures, vouches, terms of topics."""

from contextlib import suppress

from django.db import IntegrityError, transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from accounts.models import User
from advisors.models import Advisor
from advisors.quorum import vouching
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Author, Topic

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

    @rule(slug=st.sampled_from(("wanda-writer", "ada", "ben")), to=st.sampled_from((None, "outsider", "advisor1")))
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
