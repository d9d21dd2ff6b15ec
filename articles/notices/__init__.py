"""Corrections of what editors have told readers about a change or a withdrawal."""
