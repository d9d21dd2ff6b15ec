"""Exceptions that the domain raises to refuse an action. The message is shown to the user who requested the action."""


class InvalidTransition(Exception):
    """Raised if an action is not possible in the current state: wrong stage, nothing to act on, too late."""


class NotPermitted(InvalidTransition):
    """Raised if the user lacks the permission for the action."""
