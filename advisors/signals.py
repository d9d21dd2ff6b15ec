"""How the board tells its own room what somebody did, inside the transaction: what is written then stands or falls.

That somebody was asked is told by Django's own `post_save` of a new Review, whichever way it was made.
"""

from django.dispatch import Signal

# A review was declined, taken up again, released, asked for again, or more time is asked for. Arguments: step
# (ReviewStep).
stepped = Signal()

# An advisor has given the verdict, and the board has not decided on it yet. Arguments: review, actor.
verdict_given = Signal()

# Somebody has proposed advisors for an article, in one act. Arguments: article, members (PanelMember), actor.
proposed = Signal()

# Proposals have been decided on, or taken back by somebody else, in one act. Arguments: article, members (PanelMember,
# as they stand now), actor.
proposals_decided = Signal()
