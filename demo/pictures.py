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
    """Context manager: give a function that returns a picture by its folder in `content/` and the name of its file.

    Every picture goes through the decoder as an upload does, which runs as a process of its own: here as many at a time
    as there are processors, while the caller writes to the database. The function raises ValidationError as
    `prepare_picture` does.
    """
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        prepared = {path: pool.submit(_prepared, path) for path in in_order_of_use()}
        yield lambda folder, name: prepared[CONTENT / folder / name].result()
    finally:
        pool.shutdown(cancel_futures=True)


def in_order_of_use() -> list[Path]:
    """Return the files of all pictures: of people, of products, of articles."""
    return [path for pattern in ("people/*.webp", "products/*.webp", "*/hero.webp") for path in CONTENT.glob(pattern)]


def _prepared(path: Path) -> PreparedFile:
    return PreparedFile(prepare_picture(path.read_bytes()))
