"""Signals by which the picture library asks who uses a picture, without knowing the apps that do.

Receivers answer by their return values. The signals are sent with `send`, never with `send_robust`: an exception must
not make a picture look unused, since unused pictures may be deleted.
"""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, kw_only=True)
class PictureUse:
    """An article that uses a picture, as listed on the page of the picture.

    `url` is the address that its title links to. `stage` is the code of its stage and `stage_label` the text for it,
    both empty if this person may not see it. `note` says how the article uses the picture, and `public_url` is the
    public page, empty if there is none or if `url` is that page.
    """

    title: str
    url: str
    note: str
    stage: str = ""
    stage_label: str = ""
    public_url: str = ""


@dataclass(frozen=True, kw_only=True)
class PictureUses:
    """A receiver's answer to `uses_wanted`; `sees_all` says that the person may see every use."""

    uses: list[PictureUse]
    sees_all: bool


# Question: does anything show this picture, or did it ever? Arguments: picture. Answer: bool. A picture is never
# deleted if one answer is True.
any_use_wanted = Signal()

# Question: what shows this picture, or did, as far as this person may know? Arguments: picture, user, most (how many
# uses of a kind are listed at most). Answer: PictureUses.
uses_wanted = Signal()

# Question: which pictures are shown, or were, in what this person may read? Arguments: user. Answer: a set of stored
# names ("pictures/<hash>.jpg").
used_names_wanted = Signal()
