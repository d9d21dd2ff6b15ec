"""When periodic jobs are due: at even intervals, at a time of day of the newsroom, or when there is something to do."""

from datetime import UTC, datetime, time, timedelta

import pytest

from jobs.schedules import Daily, Every, Whenever

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def moments(schedule, start: datetime, number: int) -> list[str]:
    """Return the next times in UTC, if each run ends a second after it was due."""
    due, found = schedule.first(start), []
    for _ in range(number):
        found.append(f"{due:%d %H:%M}")
        due = schedule.following(due, due + timedelta(seconds=1), None)
    return found


def test_an_interval_is_counted_from_the_time_that_was_due_and_not_from_the_end_of_the_run():
    assert Every(5 * MINUTE).following(NOON, NOON + 2 * MINUTE, None) == NOON + 5 * MINUTE


def test_one_run_makes_up_for_all_that_were_missed():
    assert Every(5 * MINUTE).following(NOON, NOON + 62 * MINUTE, None) == NOON + 65 * MINUTE


def test_a_run_that_ends_just_when_the_next_is_due_is_followed_by_the_one_after():
    assert Every(5 * MINUTE).following(NOON, NOON + 5 * MINUTE, None) == NOON + 10 * MINUTE


def test_an_interval_begins_at_once():
    assert Every(5 * MINUTE).first(NOON) == NOON


def test_a_time_of_day_is_of_the_newsrooms_clock(settings):
    settings.TIME_ZONE = "America/New_York"
    assert moments(Daily(time(2, 20)), NOON, 2) == ["30 07:20", "01 07:20"]


def test_a_time_of_day_that_is_still_to_come_is_today(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    assert moments(Daily(time(14, 0)), NOON, 1) == ["29 13:00"]


def test_the_day_of_the_newsroom_counts_where_utc_has_another(settings):
    settings.TIME_ZONE = "Pacific/Auckland"  # it is 1.00 on the 30th there
    assert moments(Daily(time(2, 20)), NOON, 1) == ["29 13:20"]


def test_a_time_that_does_not_exist_as_clocks_are_put_forward_runs_once_on_that_day(settings):
    settings.TIME_ZONE = "Europe/Berlin"  # on 28 March 2027 it goes from 2.00 to 3.00
    assert moments(Daily(time(2, 20)), datetime(2027, 3, 27, tzinfo=UTC), 3) == ["27 01:20", "28 01:20", "29 00:20"]


def test_a_time_that_exists_twice_as_clocks_are_put_back_runs_once_on_that_day(settings):
    settings.TIME_ZONE = "Europe/Berlin"  # on 31 October 2027 it goes from 3.00 to 2.00
    start = datetime(2027, 10, 29, 12, tzinfo=UTC)
    assert moments(Daily(time(2, 20)), start, 3) == ["30 00:20", "31 00:20", "01 01:20"]


def test_a_time_of_day_that_was_missed_for_days_runs_once(settings):
    settings.TIME_ZONE = "UTC"
    due = datetime(2026, 11, 20, 2, 20, tzinfo=UTC)
    assert Daily(time(2, 20)).following(due, NOON, None) == datetime(2026, 11, 30, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, NOON + HOUR),
        (NOON + 10 * MINUTE, NOON + 10 * MINUTE),
        (NOON + 10 * HOUR, NOON + HOUR),
        (NOON - HOUR, NOON + timedelta(seconds=1)),  # never twice within one second
    ],
)
def test_a_job_that_waits_for_something_runs_then_and_in_any_case_once_an_hour(wanted, expected):
    asked = []
    schedule = Whenever(lambda covered: asked.append(covered) or wanted)
    assert schedule.following(NOON - HOUR, NOON, NOON - MINUTE) == expected
    assert asked == [NOON - MINUTE]
