"""The digests of renditions. A rendition is named after its picture, so its name does not prove its content."""

from django.db import models


class RenditionDigest(models.Model):
    """The SHA-256 of a rendition's file as the decoder made it, by the name of the file."""

    name = models.CharField(max_length=150, unique=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
