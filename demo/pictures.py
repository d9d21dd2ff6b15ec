"""The pictures of the demonstration, from the folder `content/`."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from demo.texts import CONTENT
from pictures.files import PreparedFile, prepare_picture

Picture = Callable[[str, str], PreparedFile]


@contextmanager
def prepared_pictures() -> Iterator[Picture]:
    """Context manager: yield a function that returns a picture by its folder in `content/` and its file name.

    Every picture goes through the decoder, as an upload does. The decoder runs as a separate process, one picture at a
    time, while the caller writes to the database. The function raises ValidationError for a picture that the decoder
    refuses, and KeyError for one that does not exist.
    """
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        prepared = {path: pool.submit(_prepared, path) for path in in_order_of_use()}
        yield lambda folder, name: prepared[CONTENT / folder / name].result()
    finally:
        pool.shutdown(cancel_futures=True)


def in_order_of_use() -> list[Path]:
    """Return the paths of all picture files in the order in which they are needed: people, products, articles."""
    return [path for pattern in ("people/*.webp", "products/*.webp", "*/hero.webp") for path in CONTENT.glob(pattern)]


def _prepared(path: Path) -> PreparedFile:
    return PreparedFile(prepare_picture(path.read_bytes()))
