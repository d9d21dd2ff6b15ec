"""Open the archive (zip) that a manuscript is, within limits that its directory cannot lie about. Pure."""

import io
import lzma
import struct
import zlib
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from manuscripts.reading.records import CannotReadManuscript

MOST_BYTES = 60_000_000  # of an uploaded file
MOST_UNPACKED = 200_000_000  # of all parts together
MOST_PARTS = 4_000
MOST_XML = 30_000_000  # of one part with text; 300 pages take about three million
AT_ONCE = 1 << 16
# What zipfile and the decompressors raise for damaged, encrypted and unknown content.
DAMAGED = (
    *(BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, IndexError),
    *(zlib.error, lzma.LZMAError, struct.error),
)


class Archive:
    """The parts of an archive by name. Each is unpacked when it is read, and counted while it is unpacked."""

    def __init__(self, data: bytes) -> None:
        """Read the directory of the archive. Raise CannotReadManuscript if it is damaged or too full."""
        try:
            self._zip = ZipFile(io.BytesIO(data))
        except DAMAGED as error:
            raise CannotReadManuscript(_("The file is damaged: it cannot be unpacked.")) from error
        self._left = MOST_UNPACKED
        entries = self._zip.infolist()
        if len(entries) > MOST_PARTS:
            message = _("The file has more than %(count)s parts inside. Save it anew in Word, without attachments.")
            raise CannotReadManuscript(message % {"count": f"{MOST_PARTS:,}"})
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, name: str, most: int = MOST_XML) -> bytes:
        """Return the content of a part, or b"" if there is no such part.

        Raise CannotReadManuscript if it is encrypted, damaged or larger than `most` bytes, or if everything that was
        read so far is larger than MOST_UNPACKED.
        """
        if name not in self.names:
            return b""
        most = min(most, self._left)
        chunks, size = [], 0
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(AT_ONCE):
                    size += len(chunk)
                    if size > most:
                        raise CannotReadManuscript(too_large(most))
                    chunks.append(chunk)
        except DAMAGED as error:
            raise CannotReadManuscript(_("The file is damaged or protected: it cannot be unpacked.")) from error
        self._left -= size
        return b"".join(chunks)


def too_large(most: int) -> str:
    """Return the sentence that refuses a file with more than this number of bytes."""
    message = _(
        "Unpacked, the file is larger than we read (%(size)s MB). Take the pictures out, or divide the manuscript."
    )
    return message % {"size": f"{most / 1_000_000:,.0f}"}
