"""Functions of the picture library: permissions, adding a picture, and the sizes of pictures in HTML."""

import re

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.exceptions import NotPermitted
from pictures.files import PreparedFile, prepare_picture
from pictures.models import Picture

# In pixels: the sanitiser keeps width and height up to this value (core.html), and WebP allows at most 16,383.
LONGEST_SIDE = 10_000

# The name of a stored picture within HTML.
STORED = re.compile(r"pictures/[0-9a-f]{64}\.[a-z]{3,4}")
_IMG = re.compile(r'<img src="([^"]*)"((?: alt="[^"]*")?)(?: width="[0-9]+")?(?: height="[0-9]+")?>')


def may_edit(user: PermissionsMixin | AnonymousUser, picture: Picture) -> bool:
    """Return whether this user may edit and archive a picture: their own, or any if they may edit all articles."""
    if not user.has_perm("pictures.change_picture"):
        return False
    return picture.uploaded_by_id == user.pk or user.has_perm("articles.edit_all_articles")


def add(
    *, actor: PermissionsMixin | AnonymousUser, file: File, alternative_text: str, credit: str, caption: str = ""
) -> tuple[Picture, bool]:
    """Add a picture to the library and queue its renditions; return the picture and whether it is new.

    If the library has the file already, return the existing picture with its own texts. Raise NotPermitted if the actor
    may not add pictures. Raise ValidationError if the file is not an acceptable picture (`prepare_picture` lists the
    codes), if a side has more than LONGEST_SIDE pixels (picture_sides), if the picture is in the library and archived
    (picture_archived), or if a text is missing or too long.
    """
    if not actor.has_perm("pictures.add_picture"):
        raise NotPermitted(_("%(person)s may not add pictures.") % {"person": actor})
    prepared = file if isinstance(file, PreparedFile) else PreparedFile(prepare_picture(file.read()))
    if max(prepared.width, prepared.height) > LONGEST_SIDE:
        raise ValidationError(
            _("This picture has a side of more than %(limit)s pixels. Crop it, or save it smaller."),
            code="picture_sides",
            params={"limit": f"{LONGEST_SIDE:,}"},
        )
    if known := find(prepared):
        return known, False
    picture = Picture(  # type: ignore[misc]  # pictures does not import the user model
        image=prepared, alternative_text=alternative_text, caption=caption, credit=credit, uploaded_by=actor
    )
    picture.full_clean(exclude=["image"])
    try:
        # The file is saved first, outside the transaction, so that there is never a row without a file.
        name = Picture._meta.get_field("image").generate_filename(picture, prepared.name)
        picture.image.storage.save(name, ContentFile(prepared.read()))
        with transaction.atomic():
            picture.save()
    except IntegrityError:
        known = find(prepared)
        if known is None:
            raise
        return known, False  # somebody added the same file concurrently
    return picture, True


def find(prepared: PreparedFile) -> Picture | None:
    """Return the picture in the library that has the same content, or None if there is none.

    Raise ValidationError (picture_archived) if that picture is archived.
    """
    known = Picture.objects.filter(image=f"pictures/{prepared.name}").first()
    if known and known.is_archived:
        raise ValidationError(
            _(
                "This picture is in the archive (“%(picture)s”) and cannot be used any more. The person who added it, "
                "or an editor, can take it out of the archive."
            ),
            code="picture_archived",
            params={"picture": known},
        )
    return known


def with_true_sizes(html: str) -> str:
    """Return sanitised `html` with the width and height of each stored picture set to those in the library.

    Pages derive the list of renditions from the width (pictures.renditions), so it has to be correct. A stored picture
    that is not in the library loses its width and height. Makes one query, or none if the HTML has no stored picture.
    """
    prefix = settings.MEDIA_URL
    names = {match[1].removeprefix(prefix) for match in _IMG.finditer(html) if match[1].startswith(prefix)}
    names = {name for name in names if STORED.fullmatch(name)}
    if not names:
        return html
    rows = Picture.objects.filter(image__in=names).values_list("image", "width", "height")
    sizes = {name: (width, height) for name, width, height in rows}

    def sized(match: re.Match[str]) -> str:
        name = match[1].removeprefix(prefix)
        if name not in names:
            return match[0]
        size = ' width="{}" height="{}"'.format(*sizes[name]) if name in sizes else ""
        return f'<img src="{match[1]}"{match[2]}{size}>'

    return _IMG.sub(sized, html)
