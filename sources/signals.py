"""Signals by which the source library informs and asks apps that it may not import."""

from django.dispatch import Signal

# Sent when the retraction state of sources changes, in the same transaction and with their rows locked. An exception in
# a receiver undoes the change.
# Arguments: changes (a sequence of sources.retractions.StateChange).
# Answer: None, or the primary keys of the articles that the receiver unscheduled because of the change, by the primary
# key of the source ({3: {7}}).
retraction_states_changed = Signal()

# Sent to ask whether a revision cites a source. If so, its key can no longer be changed.
# Arguments: source. Answer: bool.
citations_wanted = Signal()
