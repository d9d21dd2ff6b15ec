"""How the source library speaks upward, to apps that it does not know."""

from django.dispatch import Signal

# Inside the transaction that changes the retraction state of sources, and that holds the locks on their rows: sources
# that were retracted or doubted, and those that no longer are. What a receiver raises undoes the change.
# Arguments: changes (a sequence of sources.retractions.StateChange).
# Answer: the keys of the articles that were taken off the schedule because of it, by the source's key ({3: {7}}), or
# None.
retraction_states_changed = Signal()

# Question: does a text that can no longer change cite this source? Then the source keeps its key.
# Arguments: source. Answer: bool.
citations_wanted = Signal()
