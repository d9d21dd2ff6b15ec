"""What the rest of a sentence must be like for a form of words in it to be a health claim. Pure."""

from enum import Enum


class Needs(Enum):
    """The condition on the rest of the sentence under which a form is an explicit claim."""

    NOTHING = "the words are a claim by themselves"
    OURS = "something of ours acts, or nobody named; otherwise the words are no claim"
    OURS_OR_WARN = "something of ours acts, or nobody named; otherwise the words are a looser claim"
    OURS_NOUN = "something of ours acts, or is named beside it; otherwise the words are a heading"
    WARN = "nothing, but the words are only ever a looser claim"
    FRAGMENT = "the sentence is a title or a line of a label; otherwise nothing is claimed"
