"""How the domain refuses what somebody asks for. The message is written for the person who pressed the button."""


class InvalidTransition(Exception):
    """Raised when an action does not fit the thing as it stands: wrong stage, nothing to act on, too late."""


class NotPermitted(InvalidTransition):
    """Raised when this person may not do this."""
