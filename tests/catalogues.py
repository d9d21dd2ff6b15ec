"""Made-up translations, so that a test can run in another language."""

import struct
from collections.abc import Mapping
from pathlib import Path

MAGIC = 0x950412DE


def write_catalogue(folder: Path, language: str, words: Mapping[str, str], domain: str = "django") -> None:
    """Write a compiled message catalogue for `language` into `folder`, which has to be one of LOCALE_PATHS.

    `words` maps messages to their translations. The format is MO (GNU gettext manual, section 10.3).
    The domain of messages in scripts is "djangojs".
    """
    entries = [("", "Content-Type: text/plain; charset=UTF-8\n"), *sorted(words.items())]
    places, texts = [], b""
    start = 28 + 16 * len(entries)
    for column in zip(*entries, strict=True):
        for text in column:
            places.append((len(text.encode()), start + len(texts)))
            texts += text.encode() + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(entries), 28, 28 + 8 * len(entries), 0, 28 + 16 * len(entries))
    path = folder / language / "LC_MESSAGES" / f"{domain}.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(head + b"".join(struct.pack("<2I", *place) for place in places) + texts)
