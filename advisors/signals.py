"""How the board tells its own room what an advisor did, inside the transaction: what is written then stands or falls.

That somebody was asked is told by Django's own `post_save` of a new Review, whichever way it was made.
"""

from django.dispatch import Signal

# An advisor has declined. Arguments: review, actor.
declined = Signal()

# An advisor has given the verdict, and the board has not decided on it yet. Arguments: review, actor.
verdict_given = Signal()
