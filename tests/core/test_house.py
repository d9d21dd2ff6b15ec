"""The house settings: versions that never change, defaults for empty values, and the rules for values."""

import re
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, connection, transaction

from core.db.immutable import Immutable
from core.house import contrast, defaults, memory
from core.house.memory import HouseMemory
from core.house.publishing import StaleHouse, publish
from core.house.values import House, parse_sender, phrase
from core.models import HouseVersion
from newsletter.consent import CURRENT, WORDS
from tests.houses import NAME, put

TOKENS = Path(settings.BASE_DIR, "static/css/tokens.css").read_text(encoding="utf-8")


def tokens() -> list[dict[str, str]]:
    """Return the colours of tokens.css for the light or the dark scheme."""
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)")
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part)) for part in (light, dark)]


# --- Defaults


def test_the_default_colours_and_grounds_are_those_of_the_stylesheet():
    for place, there in enumerate(tokens()):
        for name, values in {**contrast.GROUNDS, **contrast.ON_DEEP}.items():
            assert there[name] == values[place]
        for name, values in defaults.COLOURS.items():
            assert there[name.replace("_", "-")] == values[place]


def test_the_defaults_reach_the_contrast_that_is_asked_of_others():
    assert contrast.low_contrasts(House().colours) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    # Published examples: black on white, and the two greys on either side of 4.5:1.
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
    ],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert contrast.ratio(one, other) == contrast.ratio(other, one) == pytest.approx(expected, abs=0.005)


def test_the_default_consent_is_the_first_version_word_for_word():
    assert House().consent == WORDS[CURRENT]


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("News <news@example.org>", ("News", "news@example.org")),
        ('"News, Inc." <news@example.org>', ("News, Inc.", "news@example.org")),
        ("news@example.org", ("", "news@example.org")),
    ],
)
def test_a_sender_has_a_name_and_an_address(sender, expected):
    assert parse_sender(sender) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("The News", "The News"), ("News, Inc.", '"News, Inc."'), ("Étude", "Étude")]
)
def test_a_name_with_special_characters_is_quoted_in_a_header(name, expected):
    assert phrase(name) == expected


def test_a_sender_of_the_environment_keeps_its_name(settings):
    house = House(own={"name": "Other"})
    assert house.sender_name == "Other"
    settings.DEFAULT_FROM_EMAIL = "Post room <post@example.org>"
    assert house.sender == "Post room <post@example.org>"


# --- Versions


def test_a_new_version_is_in_force_and_the_old_one_stays(cast):
    first = put(cast.admin, name="First")
    second = put(cast.admin, name="Second", motto="Read.")
    assert memory.house().name == "Second" and memory.house().motto == "Read."
    assert HouseVersion.objects.get(number=1).house.name == "First"
    assert (first.number, second.number, second.made_by) == (1, 2, cast.admin)
    assert second.changed == "name motto"


def test_a_value_that_equals_the_default_follows_the_default(cast):
    house = House()
    version = put(cast.admin, name=house.name, about=house.about, consent=house.consent, accent=house.value("accent"))
    assert version.house.own == {} and version.changed == ""


def test_a_version_is_never_changed_nor_deleted(cast):
    version = put(cast.admin, name="First")
    for change in (version.save, version.delete, HouseVersion.objects.all().delete):
        with pytest.raises(Immutable):
            change()
    with pytest.raises(Immutable):
        HouseVersion.objects.update(name="Other")


@pytest.mark.parametrize("statement", ["UPDATE core_houseversion SET name = 'Other'", "DELETE FROM core_houseversion"])
def test_the_database_itself_refuses_to_change_a_version(cast, statement):
    put(cast.admin, name="First")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_whoever_started_from_an_earlier_version_is_refused(cast):
    put(cast.admin, name="First")
    with pytest.raises(StaleHouse):
        publish(by=cast.admin, base=0, values={"name": "Other"})
    assert HouseVersion.objects.get().name == "First"


def test_of_two_who_save_at_once_the_second_is_refused_by_the_database(cast, monkeypatch):
    put(cast.admin, name="First")
    # Returns what somebody reads who asks before the first one's commit.
    monkeypatch.setattr(type(HouseVersion.objects), "newest", lambda versions: None)
    with pytest.raises(StaleHouse):
        publish(by=cast.admin, base=0, values={"name": "Other"})
    assert [version.name for version in HouseVersion.objects.all()] == ["First"]


# --- What is refused


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("fda_one", "Not evaluated by anybody.", "statutory"),
        ("fda_one", defaults.FDA_MANY, "statutory"),
        ("fda_many", defaults.FDA_MANY.replace("not intended", "intended"), "statutory"),
        ("accent", "#8fbfb8", "contrast"),
        ("accent_strong_dark", "#083f39", "contrast"),
        ("deep", "#7a8f8a", "contrast"),
        ("accent", "red", "colour"),
        ("accent", "#0d5c53;} body{display:none", "max_length"),
        ("sender_name", "News <thief@example.org>", "plain"),
        ("name", 'News" <thief@example.org>', "plain"),
        ("sender_address", "news", "invalid"),
        ("sender_address", "News <news@example.org>", "invalid"),
        ("contact", "a@example.org, b@example.org", "invalid"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(cast, field, value, code):
    with pytest.raises(ValidationError) as refusal:
        put(cast.admin, **{field: value})
    assert code in [error.code for error in refusal.value.error_dict[field]]
    assert not HouseVersion.objects.exists()


def test_a_refused_colour_says_with_what_and_by_how_much(cast):
    with pytest.raises(ValidationError) as refusal:
        put(cast.admin, accent="#8fbfb8")
    words = " ".join(refusal.value.message_dict["accent"])
    assert "On paper (#fdfcf9) it reaches a contrast of 1.98:1; readers need 4.5:1." in words


def test_words_may_stand_around_the_statement_of_law(cast):
    put(cast.admin, fda_one=f"{defaults.FDA_ONE} (Dies ist ein Nahrungsergänzungsmittel.)")
    assert memory.house().fda_one.endswith("mittel.)")


@pytest.mark.parametrize("control", ["\r\n", "\n", "\x00", "\u2028"])
def test_no_control_character_gets_into_a_name(cast, control):
    version = put(cast.admin, name=f"News{control}Bcc: thief", sender_name=f"News{control}Bcc: thief")
    for value in (version.name, version.sender_name, memory.house().sender):
        assert control not in value


# --- What a process remembers


def test_a_process_reads_them_once(cast, django_assert_num_queries):
    put(cast.admin, name="First")
    with django_assert_num_queries(1):
        assert [memory.house().name for _ in range(3)] == ["First"] * 3


def test_a_new_version_of_the_site_makes_a_process_read_them_anew(cast):
    process = HouseMemory()
    process.at_site_version("1")
    assert process.house().name == "The Betterment Project"
    publish(by=cast.admin, base=0, values={"name": "First"})
    process.at_site_version("1")
    assert process.house().name == "The Betterment Project"
    process.at_site_version("2")
    assert process.house().name == "First"


def test_a_process_without_a_page_cache_reads_them_anew_after_a_second(cast, monkeypatch):
    process = HouseMemory()
    process.house()
    publish(by=cast.admin, base=0, values={"name": "First"})
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 1.1)
    assert process.house().name == "First"


def test_a_reading_that_a_change_overtook_is_not_kept(cast, monkeypatch):
    process, in_force = HouseMemory(), HouseVersion.objects.in_force

    def overtaken(queryset):
        found = in_force()
        publish(by=cast.admin, base=0, values={"name": "First"})
        process.forget()
        monkeypatch.undo()
        return found

    monkeypatch.setattr(type(HouseVersion.objects), "in_force", overtaken)
    assert process.house().name == "The Betterment Project"
    assert process.house().name == "First"


def test_the_last_known_stand_while_the_database_is_silent(cast, monkeypatch, caplog):
    def silent(queryset):
        raise OperationalError("gone")

    put(cast.admin, name="First")
    process = HouseMemory()
    process.house()
    process.forget()
    monkeypatch.setattr(type(HouseVersion.objects), "in_force", silent)
    assert process.house().name == "First" and HouseMemory().house() == House()
    assert "the last known ones stay in use" in caplog.text


def test_two_names_of_header_and_text_agree(cast):
    put(cast.admin, name=NAME)
    assert memory.house().sender == f'"{NAME}" <newsroom@localhost>'
