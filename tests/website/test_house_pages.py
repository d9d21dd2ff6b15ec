"""What readers, mail programs and machines see of the house settings: each place uses them, and the defaults change
nothing.
"""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from accounts.second_factor import MFAAdapter
from advisors.emails import due_date_file
from articles.models import Approval, Revision
from core.house import memory
from core.house.defaults import FDA_ONE
from core.house.publishing import publish
from core.outgoing.client import user_agent
from mail import sending
from newsletter import emails as newsletter_emails
from newsletter import subscribing
from newsletter.consent import CURRENT, WORDS, current, words_of
from newsletter.models import Subscriber
from tests import mailing, newsroom
from tests.cached_worker import HOST, Worker, transaction_ends
from tests.houses import NAME, put
from tests.pictures.photos import photograph

OLD = "The Betterment Project"
ESCAPED = NAME.replace("&", "&amp;")


def addresses(article) -> list[str]:
    path = article.get_absolute_url()
    of_the_site = ("search", "topics", "authors", "corrections", "experts", "products", "policies", "newsletter")
    pages = [path, *(f"{path}{part}/" for part in ("record", "versions/1", "report")), "/", "/no-such-page/"]
    return [*pages, *(f"/{name}/" for name in of_the_site), "/account/sign-in/"]


def test_every_page_bears_the_name_of_the_house_and_the_old_one_nowhere(cast, client):
    article = newsroom.published(cast)
    put(cast.admin, name=NAME)
    for address in addresses(article):
        page = client.get(address).content.decode()
        assert ESCAPED in re.search(r"<title>(.*?)</title>", page)[1], address
        assert f"{ESCAPED}</a>" in page, address
        assert OLD not in page, address


def test_feeds_citation_and_structured_data_bear_the_name(cast, client):
    article = newsroom.published(cast)
    put(cast.admin, name=NAME, about="All about it.", contact="desk@example.org")
    assert f"<title>{ESCAPED}</title>" in client.get(reverse("website:feed_atom")).content.decode()
    assert client.get(reverse("website:feed_json")).json()["title"] == NAME
    page = client.get(article.get_absolute_url()).content.decode()
    assert f"{ESCAPED}. Published" in page
    home = client.get("/").content.decode()
    graph = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', home, re.S)[1])["@graph"]
    publisher = next(node for node in graph if node["@type"] == "Organization")
    assert (publisher["name"], publisher["email"]) == (NAME, "desk@example.org")
    assert next(node for node in graph if node["@type"] == "WebSite")["name"] == NAME
    assert '<meta property="og:description" content="All about it.">' in home


def test_footer_and_statement_follow_their_texts(cast, client):
    put(cast.admin, motto="Read on.", advice_heading="Mind.", advice="Ask <somebody>.", contact="desk@example.org",
        fda_one=f"{FDA_ONE} So it is.")  # fmt: skip
    page = client.get("/").content.decode()
    assert '<p class="footer-motto">Read on.</p>' in page
    assert "<strong>Mind.</strong> Ask &lt;somebody&gt;.</p>" in page
    assert '<a href="mailto:desk@example.org">desk@example.org</a>' in page
    assert f"{FDA_ONE} So it is." in render_to_string("products/_fda.html")


def test_error_pages_bear_the_last_known_name_and_ask_no_database(cast, django_assert_num_queries):
    put(cast.admin, name=NAME)
    memory.house()
    memory.forget()
    with django_assert_num_queries(0):
        for name in ("500.html", "503.html", "400.html", "403_csrf.html"):
            page = render_to_string(name)
            assert page.count(ESCAPED) == 2 and OLD not in page


def test_health_authenticator_calendar_and_robot_bear_the_name(cast, client):
    review = newsroom.in_review(cast).submissions.get().reviews.first()
    put(cast.admin, name=NAME)
    assert client.get("/readyz").json()["site"] == NAME
    assert MFAAdapter().get_totp_issuer() == NAME
    assert user_agent().startswith("tudeShneHealth/1.0 (+http")
    assert "PRODID:-//Étude & Söhne\\, Health//Reviews//EN" in due_date_file(review)[1]


def test_the_admin_bears_the_name(cast, client):
    put(cast.admin, name=NAME)
    client.force_login(cast.editor)
    page = client.get(reverse("admin:index")).content.decode()
    assert f'<div id="site-name"><a href="/admin/">{ESCAPED}</a></div>' in page and f"· {ESCAPED}</title>" in page
    assert OLD not in page


# --- Emails


def test_emails_come_from_the_house_and_answers_go_to_its_contact(cast, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    put(cast.admin, name=NAME, sender_name="Desk, Étude", sender_address="desk@example.org", contact="us@example.org")
    sending.send("account_invitation", sending.SAMPLES["account_invitation"][1](), "reader@example.org")
    row = Email.objects.get()
    assert row.from_email == '"Desk, Étude" <desk@example.org>' and row.headers["Reply-To"] == "us@example.org"
    assert f"--\n{NAME}\n" in row.message and ESCAPED in row.html_message
    message = sending.build_message(row).message()
    assert message["From"].endswith("<desk@example.org>") and "\n" not in str(message["From"])


def test_the_list_of_the_newsletter_is_named_in_one_header(cast):
    put(cast.admin, name=NAME)
    subscribing.ask(address="reader@example.org", consent=current()[0])
    assert newsletter_emails.headers(Subscriber.objects.get())["List-Id"].startswith(f'"{NAME}" <newsletter.')


# --- Consent


def test_a_new_consent_holds_for_those_who_sign_up_from_then_on(cast):
    subscribing.ask(address="first@example.org", consent=current()[0])
    put(cast.admin, consent="Send me everything.")
    new = current()
    subscribing.ask(address="second@example.org", consent=new[0])
    put(cast.admin, consent="Send me nothing.")
    kept = {row.address: (row.consent_version, row.consent_words) for row in Subscriber.objects.all()}
    assert kept == {
        "first@example.org": (CURRENT, WORDS[CURRENT]),
        "second@example.org": ("house-1", "Send me everything."),
    }
    assert words_of("house-1") == "Send me everything." and words_of("house-9") is None and words_of("1999") is None


def test_a_version_that_leaves_the_consent_alone_keeps_its_name(cast):
    put(cast.admin, consent="Send me everything.")
    put(cast.admin, consent="Send me everything.", motto="Read on.")
    assert current() == ("house-1", "Send me everything.")
    put(cast.admin, motto="Read on.")
    assert current() == (CURRENT, WORDS[CURRENT])


def test_the_consent_names_the_house(cast, client):
    put(cast.admin, name=NAME)
    version, words = current()
    assert version == "house-1" and f"newsletter of {NAME} by" in words
    page = client.get("/newsletter/").content.decode()
    assert 'value="house-1"' in page and f"newsletter of {ESCAPED} by" in page


# --- Colours and logo


def test_by_default_a_page_loads_no_stylesheet_and_no_logo_of_the_house(cast, client):
    page = client.get("/").content.decode()
    put(cast.admin, motto="")
    assert client.get("/").content.decode() == page
    assert "/house/" not in page and '<rect width="32" height="32" fill="#0d5c53"/>' in page
    assert client.get("/house/1/colours.css").status_code == 404


def test_own_colours_come_as_a_stylesheet_for_light_and_dark(cast, client):
    put(cast.admin, accent="#7a1f5c")
    page = client.get("/").content.decode()
    assert '<link rel="stylesheet" href="/house/1/colours.css">' in page and 'fill="#7a1f5c"' in page
    assert page.index("css/tokens.css") < page.index("/house/1/colours.css")
    answer = client.get("/house/1/colours.css")
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.content.decode() == (
        ":root { --accent: #7a1f5c; }\n@media (prefers-color-scheme: dark) { :root { --accent: #86d0c1; } }\n"
    )
    put(cast.admin, accent="#0d5c53")
    assert client.get("/house/1/colours.css").content == answer.content
    assert "/house/" not in client.get("/").content.decode()


def test_the_icon_is_drawn_in_the_accent_colour(cast, client):
    drawn = Path(settings.BASE_DIR, "static/icons/mark.svg").read_text(encoding="utf-8")
    assert '<link rel="icon" href="/static/icons/mark.svg">' in client.get("/").content.decode()
    put(cast.admin, accent="#7a1f5c")
    page = client.get("/").content.decode()
    assert '<link rel="icon" href="/house/1/mark.svg">' in page and '/house/1/mark.svg"' in page.split("ld+json")[1]
    answer = client.get("/house/1/mark.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.decode() == drawn.replace("#0d5c53", "#7a1f5c") != drawn
    assert client.get("/house/2/mark.svg").status_code == 404


def test_a_logo_stands_in_the_header_and_in_structured_data(cast, client):
    data = photograph(kind="PNG")
    put(cast.admin, logo=data, logo_extension="png", logo_width=60, logo_height=40)
    page = client.get("/").content.decode()
    assert '<img src="/house/1/logo.png" alt="" width="60" height="40">' in page
    assert '<link rel="icon" href="/house/1/logo.png">' in page and '/house/1/logo.png"' in page.split("ld+json")[1]
    answer = client.get("/house/1/logo.png")
    assert (answer.content, answer.headers["Content-Type"]) == (data, "image/png")
    for wrong in ("/house/1/logo.svg", "/house/1/logo.webp", "/house/2/logo.png", f"/house/{10**30}/logo.png"):
        assert client.get(wrong).status_code == 404


# --- The promise, and what it costs


def test_no_approval_knows_of_the_house(cast, capsys):
    article = newsroom.published(cast)
    before = list(Revision.objects.values_list("pk", "digest"))
    put(cast.admin, name=NAME, motto="Read on.", fda_one=f"{FDA_ONE} So it is.")
    assert list(Revision.objects.values_list("pk", "digest")) == before
    assert Approval.objects.get(revision__article=article).digest == before[0][1]
    call_command("check_integrity")
    assert "every one shows what its reviewers approved" in capsys.readouterr().out


def test_a_page_makes_no_query_for_the_house_once_it_is_known(cast, client):
    article = newsroom.published(cast)
    put(cast.admin, name=NAME)
    memory.remember(memory.house())
    with CaptureQueriesContext(connection) as queries:
        client.get(article.get_absolute_url())
    assert [query["sql"] for query in queries if "core_houseversion" in query["sql"]] == []


@pytest.fixture
def transactions_apart(db):
    """Make the triggers treat later changes as those of another transaction."""
    return transaction_ends


def test_a_kept_page_shows_the_new_house_within_a_second(cast, settings, transactions_apart):
    settings.ALLOWED_HOSTS = [HOST]
    article, worker = newsroom.published(cast), Worker()
    worker.get(article.get_absolute_url())
    assert worker.get(article.get_absolute_url()).was_kept
    memory.remember(memory.house())  # this process has the old values, and no code in it saved the new version
    transactions_apart()
    put_elsewhere(cast)
    worker.later()
    assert f"· {ESCAPED}</title>" in worker.get(article.get_absolute_url()).text


def put_elsewhere(cast) -> None:
    """Publish a version from another process, of which this process is not told."""
    publish(by=cast.admin, base=0, values={"name": NAME})
