"""Static files have the names that production gives them."""

import re
import shutil

import pytest
from django.contrib.staticfiles import finders

from core.staticfiles import HashedStaticFilesStorage

OURS = ("articles/", "advisors/", "js/")
# Every way of importing another module, and more than Django's own pattern finds: without a semicolon, and over several
# lines.
IMPORTED = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{0,2}/[^"']+)["']""")
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


@pytest.fixture(scope="module")
def hashed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return our scripts as production serves them, by their plain names."""
    folder = tmp_path_factory.mktemp("static")
    storage = HashedStaticFilesStorage(location=folder, base_url="/static/")
    paths = {}
    for finder in finders.get_finders():
        for name, source in finder.list([]):
            if name.endswith(".js") and name.startswith(OURS):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source.path(name), folder / name)
                paths[name] = (storage, name)
    renamed = {name: new for name, new, _ in storage.post_process(paths) if new.endswith(".js")}
    return {name: (folder / renamed[name]).read_text() for name in paths}


def test_modules_import_each_other_under_their_hashed_names(hashed):
    imported = {(name, other) for name, text in hashed.items() for other in IMPORTED.findall(text)}
    assert {name for name, _ in imported} >= {"js/forms/local_copy.js", "articles/presence.js", "advisors/review.js"}
    assert [(name, other) for name, other in imported if not HASHED.search(other)] == []
