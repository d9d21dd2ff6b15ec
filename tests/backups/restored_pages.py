"""Print, as JSON, the digest of every page that readers can reach. Tests run this on a database of its own."""

import hashlib
import json
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterment.settings")

import django  # noqa: E402

django.setup()

from django.test import Client  # noqa: E402

LINK = re.compile(r'(?:href="|src="|<loc>https?://[^/<]+)(/[^"<#]*)')
# Each kind of database has its own search, with passages of its own.
OTHERS = ("/static/", "/admin/", "/board/", "/search/?")


def pages() -> dict[str, str]:
    """Return the digest of each page by its address, from the homepage on."""
    client, todo, found = Client(), ["/", "/sitemap.xml", "/feeds/articles.atom", "/search/"], {}
    while todo:
        address = todo.pop().replace("&amp;", "&")
        if address in found:
            continue
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = f"{answer.status_code} {hashlib.sha256(body).hexdigest()}"
        if answer["Content-Type"].startswith(("text/html", "application/xml")):
            todo += [link for link in LINK.findall(body.decode()) if not link.startswith(OTHERS)]
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(pages()))
