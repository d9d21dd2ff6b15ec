"""Rules of the state machine for the clock: it moves on, is set back by minutes to days, and is set right again."""

from datetime import datetime, timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule


class ChangesOfTheClock:
    """The rules. `right_time` is what the clock would show if nobody had set it back."""

    behind = timedelta(0)

    @property
    def right_time(self) -> datetime:
        return timezone.now() + self.behind

    @rule(minutes=st.sampled_from((1, 30, 60, 600, 16 * 24 * 60)))
    def time_passes(self, minutes):
        self.now.shift(timedelta(minutes=minutes))

    @precondition(lambda machine: machine.chain.upcoming)
    @rule(before=st.sampled_from((0, 1)))
    def it_is_about_to_start(self, before):
        """Move the clock to the start of the next scheduled publication, or a microsecond before."""
        start = min(self.chain.upcoming.values())
        self.now.move_to(max(timezone.now(), start - timedelta(microseconds=before)))

    @rule(minutes=st.sampled_from((1, 45, 60, 601, 24 * 60, 5 * 24 * 60, 15 * 24 * 60)))
    def the_clock_is_set_back(self, minutes):
        self.behind += timedelta(minutes=minutes)
        self.now.shift(-timedelta(minutes=minutes))

    @precondition(lambda machine: machine.behind)
    @rule()
    def the_clock_is_set_right(self):
        self.now.shift(self.behind)
        self.behind = timedelta(0)
