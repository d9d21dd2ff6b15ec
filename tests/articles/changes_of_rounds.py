"""Rules of the state machine for what changes in a round: due date, terms, end, releases, verdicts taken back."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from advisors import panel
from advisors.models import Review, Verdict
from advisors.quorum import taking_back
from articles import workflow
from articles.models import Publication, Told
from articles.notices import correcting
from articles.round_changes import due_date, terms

editors = st.sampled_from(("editor", "editor", "writer"))


class ChangesOfRounds:
    """The rules. Those that nobody may use at that moment are refused and change nothing."""

    @precondition(lambda machine: machine.at("in_review", "changes_requested"))
    @rule(data=st.data(), actor=editors, days=st.integers(-2, 20), verb=st.sampled_from(("due", "end", "release")))
    def an_editor_hurries_or_waits(self, data, actor, days, verb):
        article, day = self.one_at(data, "in_review", "changes_requested"), timezone.localdate() + timedelta(days=days)
        if verb == "due":
            self.press(due_date.change_due_date, article=article, actor=actor, due_on=day)
        elif verb == "end":
            self.press(workflow.end_round, article=article, actor=actor, reason="It cannot wait.")
        elif review := Review.objects.filter(submission__article=self.articles[article]).last():
            self.press(panel.release, review=review, actor=actor, reason="Late.")

    @precondition(lambda machine: machine.at("in_review"))
    @rule(data=st.data(), actor=editors, quorum=st.integers(1, 4), has_specialists=st.booleans())
    def an_editor_changes_the_terms(self, data, actor, quorum, has_specialists):
        article = self.one_at(data, "in_review")
        topics = list(self.articles[article].topics.all()) if has_specialists else []
        arguments = {"quorum": quorum, "specialists": topics, "reason": "The claim is bold."}
        self.press(terms.change_terms, article=article, actor=actor, **arguments)

    @precondition(lambda machine: any(row["notice"] for row in machine.chain.publications()))
    @rule(data=st.data(), actor=editors, words=st.sampled_from(("A dose was too high.", "A dose was too low.")))
    def an_editor_corrects_a_notice(self, data, actor, words):
        told = data.draw(st.sampled_from(list(Publication.objects.withdrawn().order_by("pk"))))
        article = [one.pk for one in self.articles].index(told.article_id)
        noted = {"publication": told.pk, "about": Told.WITHDRAWAL, "words": words}
        self.press(correcting.correct_notice, article=article, actor=actor, **noted)

    @precondition(lambda machine: any(review["verdict"] for review in machine.chain.reviews))
    @rule(data=st.data())
    def an_advisor_takes_a_verdict_back(self, data):
        given = Review.with_taken_back.exclude(verdict=Verdict.NONE).select_related("submission")
        review = data.draw(st.sampled_from(list(given.order_by("submission__outcome", "taken_back_at", "pk"))))
        self.press(taking_back.take_back, review=review, actor=self.reviewer(data, review))
