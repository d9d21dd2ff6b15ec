"""Signals for asking other apps about accounts, without importing those apps."""

from django.dispatch import Signal

# Question: is the email address of this account bound by something that was signed with it, so that nobody changes it
# in a form? Argument: user. Answer: bool. The database refuses the change in any case.
address_bound_wanted = Signal()
