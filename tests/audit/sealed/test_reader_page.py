"""The page that explains signed records to readers, and the way to it."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from django.test import Client
from django.urls import reverse

from audit import records, verify
from tests import newsroom

PAGE = reverse("audit:how_to_check")


def test_the_page_says_what_is_proved_and_what_is_not_and_asks_no_query(db, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(PAGE).content.decode()
    assert "What it proves" in page and "That the text is true" in page
    assert {reverse("audit:program"), reverse("audit:keys"), reverse("audit:checkpoint")} <= set(
        re.findall(r'href="([^"]+)"', page)
    )


def test_the_command_on_the_page_is_one_that_the_program_understands(client, db):
    command = re.search(r"<code>python verify.py (.+?)</code>", client.get(PAGE).content.decode())
    options = set(re.findall(r"--\w+", command[1]))
    understood = set(re.findall(r'add_argument\("(--\w+)"', Path(verify.__file__).read_text(encoding="utf-8")))
    assert options and options <= understood


def test_the_command_on_the_page_checks_the_files_under_the_names_with_which_they_are_saved(
    cast, signing, client, tmp_path
):
    article = newsroom.published(cast)
    records.sign_missing()
    files = [reverse(f"audit:{kind}", args=[article.slug, 1]) for kind in ("record", "content", "body", "names")]
    for address in (*files, reverse("audit:program"), reverse("audit:keys")):
        response = client.get(address)
        name = re.search(r'filename="(.+)"', response.headers["Content-Disposition"])[1]
        (tmp_path / name).write_bytes(response.content)

    command = re.search(r"<code>python (.+?)</code>", client.get(PAGE).content.decode())[1]
    arguments = shlex.split(command.replace("ARTICLE", article.slug).replace("NUMBER", "1"))
    done = subprocess.run([sys.executable, "-I", *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Proved: ") == 6 and "Not checked" not in done.stdout


def test_the_record_of_an_article_leads_there_and_the_sitemap_has_it(cast, signing):
    article = newsroom.published(cast)
    records.sign_missing()
    browser = Client()
    record = browser.get(reverse("website:record", args=[article.slug])).content.decode()
    assert f'<a href="{PAGE}">' in record  # a page to read, not a file to save
    assert PAGE in b"".join(browser.get(reverse("website:sitemap_pages"))).decode()
