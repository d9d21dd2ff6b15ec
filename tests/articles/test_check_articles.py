"""`manage.py check_articles` runs the editorial checks on any set of articles, and prints text or JSON."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests import newsroom

VAGUE = newsroom.content()["body"] + "<p>Read on <a href='https://example.org/'>click here</a>.</p>"
UNKNOWN = newsroom.content()["body"] + "<p>Said.<sup data-cite='nobody1999'></sup></p>"


def told(capsys, *args, **options):
    call_command("check_articles", *args, **options)
    return capsys.readouterr().out


def test_it_tells_what_it_finds_with_the_passage_and_the_totals(cast, capsys):
    newsroom.draft(cast, "vague", body=VAGUE)
    newsroom.draft(cast, "whole")
    out = told(capsys)
    assert "STR03 warning: A link does not say where it leads. “click here”" in out
    assert "2 articles: 0 blockers, 1 warning, " in out
    assert "STR03 1." in out


def test_it_fails_where_something_blocks(cast, capsys):
    newsroom.draft(cast, "unknown", body=UNKNOWN)
    with pytest.raises(CommandError, match=r"^1 blockers in 1 articles\.$") as failure:
        call_command("check_articles")
    assert failure.value.returncode == 1


def test_the_set_is_chosen_by_address_stage_and_topic(cast, capsys):
    newsroom.draft(cast, "vague", body=VAGUE)
    newsroom.in_review(cast)
    assert told(capsys, "vague").startswith("Magnesium and sleep (vague)")
    assert "1 articles:" in told(capsys, stage="in_review")
    assert "2 articles:" in told(capsys, topic="sleep")
    assert "0 articles:" in told(capsys, topic="skin")


def test_an_address_that_is_not_there_is_named(cast):
    with pytest.raises(CommandError, match="no article at: elsewhere"):
        call_command("check_articles", "elsewhere")


def test_live_articles_are_checked_as_readers_see_them(cast, capsys):
    article = newsroom.published(cast, body=VAGUE)
    newsroom.rewrite(cast, article)
    assert "STR03 warning" not in told(capsys)
    out = told(capsys, live=True)
    assert "STR03 warning" in out
    assert "Answered: It stands as it is." in out


def test_a_source_retracted_since_blocks_a_live_article(cast, capsys):
    newsroom.published(cast)
    type(cast.source).objects.update(retraction_state="retracted")
    with pytest.raises(CommandError, match="1 blockers"):
        call_command("check_articles", live=True)


def test_as_json_it_holds_every_finding_and_the_totals(cast, capsys):
    newsroom.draft(cast, "vague", body=VAGUE)
    data = json.loads(told(capsys, json=True, check=["STR03"]))
    assert data["totals"] == {"blocker": 0, "warning": 1, "advice": 0}
    assert data["checks"] == {"STR03": 1}
    (article,) = data["articles"]
    assert article["slug"] == "vague"
    assert article["findings"][0]["passage"] == "click here"
    assert article["findings"][0]["waived"] == ""
