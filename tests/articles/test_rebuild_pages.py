"""`rebuild_pages` renders again, once, what an older renderer made, and leaves the text as it is."""

from io import StringIO

from django.core.management import call_command

from articles.models import Rendering
from articles.rendering import RENDERER
from tests import newsroom
from tests.audit.tampering import unguarded


def told(*words: str) -> str:
    out = StringIO()
    call_command("rebuild_pages", *words, verbosity=0, stdout=out)
    return out.getvalue().strip()


def test_old_pages_are_made_anew_once(cast):
    revision = newsroom.published(cast).revisions.first()
    page = Rendering.objects.get(revision=revision)
    with unguarded():
        Rendering.objects.update(renderer=RENDERER - 1, body="<p>as it was made once</p>")

    assert told("--dry-run") == "Would render 1 pages anew."
    assert Rendering.objects.get().body == "<p>as it was made once</p>"
    assert told() == "Rendered 1 pages anew."
    assert Rendering.objects.get().body == page.body
    assert told() == "Rendered 0 pages anew."
