"""The formats of `core.times`, so that columns and read-only fields of the admin print dates in the same way."""

from core.times import CLOCK, DAY, MOMENT

DATE_FORMAT = SHORT_DATE_FORMAT = DAY
TIME_FORMAT = CLOCK
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = MOMENT
