"""The picture library in the admin."""

from pictures.admin.pictures import PictureAdmin

__all__ = ["PictureAdmin"]
