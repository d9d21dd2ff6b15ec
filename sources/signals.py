"""Signals by which the source library informs and asks apps that it may not import."""

from django.dispatch import Signal

# Sent when the retraction state of sources changes, in the same transaction and with their rows locked. An exception
# in a receiver undoes the change.
# Arguments: changes (a sequence of sources.retractions.StateChange).
# Answer: primary keys of the articles that the receiver took off the schedule because of it, by the source's primary
# key ({3: {7}}), or None.
retraction_states_changed = Signal()

# Sent to ask whether a revision cites a source, which then keeps its key.
# Arguments: source. Answer: bool.
citations_wanted = Signal()
