"""The functions of `core.times` as filters, which are available in every template (settings.TEMPLATES)."""

from django import template

from core import times

register = template.Library()
for function in (times.day, times.weekday, times.clock, times.moment, times.zoned, times.deadline):
    register.filter(function.__name__, function)
