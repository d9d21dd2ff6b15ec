"""The filter for stored HTML in templates. Usage: `{% load markup %}{{ product.description|as_html }}`."""

from django import template

from core.html import as_html

register = template.Library()
register.filter("as_html", as_html)
