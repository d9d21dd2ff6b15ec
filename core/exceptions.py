"""Exceptions by which the domain refuses an action. The message is shown to the person who asked for it."""


class InvalidTransition(Exception):
    """Raised when an action is not possible in the present state: wrong stage, nothing to act on, too late."""


class NotPermitted(InvalidTransition):
    """Raised when the person lacks the permission for the action."""
