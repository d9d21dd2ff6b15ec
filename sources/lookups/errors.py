"""What can come of asking for a work, besides the work."""


class LookupFailed(Exception):
    """A work could not be looked up. The message is one sentence or two for the writer who asked."""


class LookupUnavailable(LookupFailed):
    """Raised where nobody could be asked, or where what came back cannot be read: nothing is known of the work."""


class NotFound(LookupFailed):
    """Raised where the register answered and does not know the work, or where the identifier is none."""
