"""A finding's message is translated, and a waiver recognises the finding in every language."""

from django.utils.translation import override

from checks.preflight.findings import Finding, Level, translated


def finding(text: str = "Monday", **params: object) -> Finding:
    return Finding("STR01", Level.WARNING, translated(text, **params), "")


def test_a_waiver_recognises_its_finding_in_every_language():
    with override("de"):
        german = finding()
    assert german.message == "Montag"
    assert german.mark == finding().mark


def test_a_percent_sign_in_a_passage_stays_as_it_is():
    assert finding("“%(words)s” has no source.", words="5%(s) of 100%").message == "“5%(s) of 100%” has no source."
    assert finding("100% of it").message == "100% of it"
