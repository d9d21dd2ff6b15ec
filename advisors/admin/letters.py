"""What goes by letter, in the admin."""

from betterment import post_office_admin

__all__ = ["post_office_admin"]
