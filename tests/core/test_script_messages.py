"""The catalogue brings the translations of the words in our scripts."""

from django.test import Client
from django.utils.translation import override

from tests.catalogues import write_catalogue

CATALOGUE = "/admin/jsi18n/"


def test_the_catalogue_brings_the_translations_of_scripts(settings, tmp_path):
    write_catalogue(tmp_path, "de", {"Reload": "Neu laden"}, domain="djangojs")
    settings.LOCALE_PATHS = [tmp_path]
    with override("de"):
        answer = Client().get(CATALOGUE)
    assert '"Reload": "Neu laden"' in answer.content.decode()


def test_browsers_may_keep_the_catalogue_and_ask_whether_it_has_changed():
    client = Client()
    answer = client.get(CATALOGUE)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert not answer.cookies and "Cookie" not in answer.headers.get("Vary", "")
    assert client.get(CATALOGUE, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
