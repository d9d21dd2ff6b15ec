"""How the library of pictures asks who uses a picture, without knowing the apps that do.

All three are questions, whose answers are the receivers' return values. They are sent with `send`, never with
`send_robust`: an answer that fails must not make a picture look unused, since an unused picture may be deleted.
"""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, kw_only=True)
class PictureUse:
    """One text that uses a picture, as the page of the picture lists it.

    `url` is the page that its title links to. `stage` is the code of its stage and `stage_label` what people read,
    both empty where the person who asks has nothing to do with it. `note` says how it uses the picture, and
    `public_url` is the page that readers see, empty where there is none or `url` is that page.
    """

    title: str
    url: str
    note: str
    stage: str = ""
    stage_label: str = ""
    public_url: str = ""


@dataclass(frozen=True, kw_only=True)
class PictureUses:
    """A receiver's answer to `uses_wanted`. `sees_all`: the person who asks may know of every use there is."""

    uses: list[PictureUse]
    sees_all: bool


# Question: does anything show this picture, or did it ever, whoever asks? Arguments: picture. Answer: bool. A picture
# for which one answer is True is never deleted.
any_use_wanted = Signal()

# Question: what shows this picture, or did, as far as this person may know? Arguments: picture, user, most (how many
# uses of a kind are listed at most). Answer: PictureUses.
uses_wanted = Signal()

# Question: which pictures are shown, or were, in what this person may read? Arguments: user. Answer: a set of stored
# names ("pictures/<hash>.jpg").
used_names_wanted = Signal()
