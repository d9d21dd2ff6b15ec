"""Signals for asking other apps where they use a picture, without importing those apps.

Receivers answer by their return values. The signals are sent with `send`, never with `send_robust`: an exception must
not make a picture look unused, because unused pictures may be deleted.
"""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, kw_only=True)
class PictureUse:
    """An article that uses a picture, as listed on the page of the picture.

    The title of the article links to `url`. `stage` is the code of the article's stage and `stage_label` is its name;
    both are "" if the user may not see the stage. `note` says how the article uses the picture. `public_url` is the URL
    of the public page, or "" if there is none or `url` is already that URL.
    """

    title: str
    url: str
    note: str
    stage: str = ""
    stage_label: str = ""
    public_url: str = ""


@dataclass(frozen=True, kw_only=True)
class PictureUses:
    """A receiver's answer to `uses_wanted`. `sees_all` is true if the user may see every use."""

    uses: list[PictureUse]
    sees_all: bool


# Asks whether anything shows this picture, or ever did. Arguments: picture. Answer: bool. If any answer is True, the
# picture must not be deleted.
any_use_wanted = Signal()

# Asks for the present and past uses of this picture that the user may see. Arguments: picture, user, most (the highest
# number of uses of each kind to list). Answer: PictureUses.
uses_wanted = Signal()

# Asks for the pictures that are or were shown in articles that the user may read. Arguments: user. Answer: a set of
# stored names ("pictures/<hash>.jpg").
used_names_wanted = Signal()
