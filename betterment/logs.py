"""What must not be read in a log."""

import logging
import re
from typing import Any

# Addresses that let in whoever has them: the token behind /preview/ (the admin's own /preview/ ends there), that
# behind /board/r/, which opens one review, those by which somebody takes or leaves the newsletter, and the one by which
# somebody chooses a password.
SECRET = re.compile(r"(/preview/|/board/r/|/newsletter/(?:confirm|unsubscribe)/|/account/choose/)[^/\s?\"']{8,}")
HIDDEN = r"\1…"


def hidden(text: Any) -> Any:
    """Text without the secrets that addresses hold; what is no text as it is."""
    return SECRET.sub(HIDDEN, text) if isinstance(text, str) else text


class HideSecrets(logging.Filter):
    """For handlers: writes every line without the tokens of shared previews and of reviews."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(hidden(value) for value in record.args)
        elif isinstance(record.args, dict):
            record.args = {name: hidden(value) for name, value in record.args.items()}
        return True
