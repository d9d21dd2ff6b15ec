"""Corruptions of the files of pictures: those of the scene that are exchanged or removed, and the parts of the line."""

EXCHANGED, MISSING = "is not the one that was approved", "is missing"
FILES = ("hero", "inline", "advisor_photo", "author_photo")
