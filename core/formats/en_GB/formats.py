"""Columns and read-only fields of the admin print a day and a moment as `core.times` does."""

from core.times import CLOCK, DAY, MOMENT

DATE_FORMAT = SHORT_DATE_FORMAT = DAY
TIME_FORMAT = CLOCK
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = MOMENT
