"""Sample data for previews of the board's emails. The admin imports this module to register them."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advisors.weekly_digest import DigestNote
from articles.notifications import article_address
from mail import sending


def _about() -> dict:
    return {
        "name": "Dr Ada Sample",
        "title": "Magnesium and sleep: what trials have measured",
        "standfirst": "Some people sleep a little longer with magnesium. For whom that holds, and what is not known.",
        "number": 3,
        "due_on": timezone.localdate() + timedelta(days=14),
        "is_renewal": False,
        "desk": f"{settings.SITE_URL.rstrip('/')}/board/",
    }


def _asking() -> dict:
    return {**_about(), "token": "a-token-that-opens-nothing"}


def _text() -> dict:
    return {**{name: _about()[name] for name in ("title", "number", "due_on")}, "page": article_address(1)}


@sending.sample("review_invitation", _("To an advisor: an invitation to review, with the due date as a calendar file"))
def invitation() -> dict:
    return {
        **_asking(),
        "specialties": ["Sleep", "Minerals"],
        "before": "You approved revision 2 on 3 March 2026.",
        "is_changed": True,
        "by": "Wanda Writer, MSc",
        "note": "The trial that you named is in now, and the dose has its limit.",
    }


@sending.sample("review_due_soon", _("To an advisor: three days before the due date"))
def due_soon() -> dict:
    return {**_asking(), "due_on": timezone.localdate() + timedelta(days=3)}


@sending.sample("review_overdue", _("To an advisor: two days after the due date, then each week, four times at most"))
def overdue() -> dict:
    return {**_asking(), "due_on": timezone.localdate() - timedelta(days=2)}


@sending.sample("review_link", _("To an advisor: a new link, which an editor sends instead of those in earlier emails"))
def review_link() -> dict:
    return _asking()


@sending.sample("verdict_confirmed", _("To an advisor: the verdict that they gave, and on which text"))
def verdict_confirmed() -> dict:
    return {
        **_about(),
        "verdict": "request changes",
        "digest": "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea",
        "verdict_at": timezone.now(),
        "is_final": True,
        "conflict": "",
        "remarks": "A careful text.\nOne claim goes further than its source.",
        "ticks": [("Do the claims match their sources?", "no", ""), ("Are doses and limits right?", "yes", "")],
        "shown": "shown, with my name",
        "comments": [
            (
                "Magnesium makes you sleep longer",
                "Say for whom this holds: all trials were in people over 60.",
                "People over 60 slept 17 minutes longer with magnesium",
            )
        ],
    }


@sending.sample(
    "round_closing", _("To a reviewer who has accepted: another has requested changes, and they may finish")
)
def round_closing() -> dict:
    return _asking()


@sending.sample("round_over", _("To a reviewer who had not answered: the round is over"))
def round_over() -> dict:
    return {
        **_about(),
        "how": "Changes were requested on 3 March 2026, so this revision will not be approved.",
        "reason": "",
    }


@sending.sample("review_released", _("To a reviewer who no longer has to review"))
def review_released() -> dict:
    return {**_about(), "how": "", "reason": "We have not heard from you, and Dr Ben Sample has agreed to read it."}


@sending.sample("due_date_changed", _("To a reviewer who has not answered: the due date has changed"))
def due_date_changed() -> dict:
    before = timezone.localdate() + timedelta(days=7)
    return {**_asking(), "before": before, "reason": "Dr Ben Sample has asked for another week."}


@sending.sample("disclosure_due", _("To an advisor: a month before the yearly disclosure ends, and when it has ended"))
def disclosure_due() -> dict:
    until = timezone.localdate() + timedelta(days=30)
    return {"name": "Dr Ada Sample", "until": until, "page": f"{_about()['desk']}disclosure/"}


@sending.sample("editors_declined", _("To the editors: an advisor has declined"))
def editors_declined() -> dict:
    said = {"reason": "I am on leave until May.", "ask_instead": "Dr Ben Sample"}
    return {**_text(), "advisor": "Dr Ada Sample, PhD", **said}


@sending.sample("editors_advisor_left", _("To the editors: an advisor has left the board during a round"))
def editors_advisor_left() -> dict:
    missing = "1 of 2 approvals; nobody is left who can approve."
    page = f"{article_address(1)}#board"
    return {**_text(), "advisor": "Dr Ada Sample, PhD", "missing": missing, "page": page}


@sending.sample("editors_conflict", _("To the editors: an advisor declared a conflict of interest with the verdict"))
def editors_conflict() -> dict:
    return {
        **_text(),
        "advisor": "Dr Ada Sample, PhD",
        "verdict": "approve",
        "statement": "I own shares in a company that sells magnesium.",
        "missing": "1 of 2 approvals; nobody is left who can approve.",
        "instead": "Dr Ben Sample",
        "page": f"{article_address(1)}#board",
    }


@sending.sample("editors_taken_back", _("To the editors: an advisor has taken back a verdict"))
def editors_taken_back() -> dict:
    return {
        **_text(),
        "advisor": "Dr Ada Sample, PhD",
        "verdict": "approve",
        "verdict_at": timezone.now(),
        "missing": "0 of 2 approvals; Dr Ada Sample and Dr Ben Sample can still approve.",
        "page": f"{article_address(1)}#board",
    }


def _terms() -> dict:
    """Return the changed terms of a sample round."""
    reason = "The third reviewer is ill, and the text is a short correction."
    return {"by": "Edith Editor", "before": 3, "quorum": 2, "dropped": ["Sleep"], "added": [], "reason": reason}


@sending.sample("round_terms_changed", _("To the advisors in a round: an editor has changed its terms"))
def round_terms_changed() -> dict:
    return {**_about(), **_terms()}


@sending.sample("editors_terms_changed", _("To the editors and the writer: the terms of a round were changed"))
def editors_terms_changed() -> dict:
    missing = "1 of 2 approvals; Dr Ben Sample can still approve."
    return {**_text(), **_terms(), "missing": missing, "page": f"{article_address(1)}#board"}


@sending.sample("editors_consent_withdrawn", _("To the editors: an advisor no longer agrees to be named"))
def editors_consent_withdrawn() -> dict:
    said = "Their approval does not count until they agree again. 1 of 2 approvals; nobody is left who can approve."
    page = article_address(1)
    return {"advisor": "Dr Ada Sample, PhD", "rounds": [(_about()["title"], said, f"{page}#board")], "page": page}


@sending.sample("editors_reopened", _("To the editors: an advisor who had declined will review the text after all"))
def editors_reopened() -> dict:
    return {**_text(), "advisor": "Dr Ada Sample, PhD"}


@sending.sample("editors_more_time", _("To the editors: a reviewer asks for more time"))
def editors_more_time() -> dict:
    return {**_text(), "advisor": "Dr Ada Sample, PhD", "page": f"{article_address(1)}#board"}


@sending.sample("editors_proposed", _("To the editors: a writer has proposed reviewers"))
def editors_proposed() -> dict:
    return {
        "title": _about()["title"],
        "by": "Wanda Writer",
        "names": ["Dr Ada Sample, PhD", "Dr Ben Sample, RD"],
        "page": f"{article_address(1)}#board",
    }


@sending.sample("proposals_decided", _("To whoever proposed reviewers: an editor has decided"))
def proposals_decided() -> dict:
    return {
        "title": _about()["title"],
        "by": "Edith Editor",
        "names": "Dr Ada Sample and Dr Ben Sample",
        "many": 2,
        "is_confirmed": True,
        "is_withdrawn": False,
        "outcome": "confirmed",
        "reason": "",
        "missing": [],
        "is_open": False,
        "page": f"{article_address(1)}#board",
    }


@sending.sample("editors_quorum", _("To the editors: the board has approved"))
def editors_quorum() -> dict:
    signed = ["Dr Ada Sample, PhD", "Dr Ben Sample, RD"]
    return {**_text(), "signed": signed, "is_renewal": False, "given": [_given(name, "approve") for name in signed]}


@sending.sample("changes_requested", _("To the editors and the writer: changes are requested"))
def changes_requested() -> dict:
    return {
        **_text(),
        "by": "Dr Ada Sample, PhD",
        "reason": "Say for whom this holds.\nAll trials were in people over 60.",
        "still_answering": "Changes are requested, and Dr Ben Sample, RD may still answer until 14 March 2026. "
        "The text can be changed as soon as they have answered, and after that day at the latest.",
        "given": [_given("Dr Ada Sample, PhD", "request changes")],
    }


@sending.sample("round_ended", _("To the editors and the writer: everybody has answered, or an editor did not wait"))
def round_ended() -> dict:
    names = {"Dr Ada Sample, PhD": "request changes", "Dr Ben Sample, RD": "approve"}
    return {
        **_text(),
        "by": "Edith Editor",
        "reason": "",
        "given": [_given(name, verdict) for name, verdict in names.items()],
    }


def _given(name: str, verdict: str) -> dict:
    """Return a reviewer's sample answers in the form in which `emails.verdicts_of` returns them."""
    return {
        "name": name,
        "verdict": verdict,
        "conflict": "",
        "ticks": [
            ("Do the claims match their sources?", "yes", ""),
            ("Are doses and limits right?", "no", "The limit for adults is right; the one for children is missing."),
        ],
        "remarks": "",
    }


@sending.sample("editors_overdue", _("To the editors: two days after the due date, who has not answered"))
def editors_overdue() -> dict:
    due_on = timezone.localdate() - timedelta(days=2)
    return {**_text(), "due_on": due_on, "names": ["Dr Ada Sample, PhD", "Dr Ben Sample, RD"]}


@sending.sample("editors_weekly", _("To the editors: each Monday, unless there is nothing to report"))
def editors_weekly() -> dict:
    title, page, now = _about()["title"], article_address(1), timezone.now()
    return {
        "overdue": [(title, "Dr Ada Sample, PhD", now - timedelta(days=4), page)],
        "unassigned": [("Caffeine and bedtime", 1, 2, page)],
        "proposed": [("Creatine and memory", 2, now - timedelta(days=3), page)],
        "ready": [("Melatonin for jet lag", now - timedelta(days=1), page)],
        "renewals": [("L-theanine and attention", now - timedelta(days=350), page)],
        "links": [("Creatine and memory", "https://example.org/gone", page)],
        "notes": [DigestNote("Seal of the log", "Keep this email.", "example.org/log\n12\n47DEQpj8HBSa+/TImW+5JA=")],
    }
