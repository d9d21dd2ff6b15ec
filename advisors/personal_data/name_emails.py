"""The emails about name changes, with their samples: to the person, and to whoever can confirm.

They contain no name and no reason, because emails are kept and forwarded; the page that they link to shows both names
to those who may see them.
"""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from advisors.emails import queue
from advisors.models import Advisor
from advisors.quorum import vouching
from articles.models import Author, NameChange, NameChangeDecision
from articles.names.changes import refusal
from articles.notifications import editors
from mail import sending


def asked(changes: Sequence[NameChange]) -> int:
    """Tell the person that their request was received, and ask those who can confirm it; return the number of emails.

    `changes` are those of one request. An author without an account gets no email.
    """
    change = changes[0]
    account = change.after.account
    queued = queue("name_change_asked", {"page": sending.site_url()}, [account] if account else [])
    page = sending.site_url() + reverse("admin:articles_name_decide", args=[change.pk])
    return queued + queue("name_change_to_confirm", {"page": page}, _who_can_confirm(change))


def decided(decision: NameChangeDecision) -> int:
    """Tell the person, or whoever asked for an author without an account, whether a request was confirmed or declined.

    Return the number of emails. Whoever takes back their own request gets none.
    """
    change = decision.change
    if decision.decided_by_id == change.asked_by_id:
        return 0
    context = {"is_confirmed": decision.is_confirmed, "page": sending.site_url(), "profile": _profile_to_read(change)}
    return queue("name_change_decided", context, [change.after.account or change.asked_by])


def _profile_to_read(change: NameChange) -> str:
    """Return the address of the profile whose biography may still have the former name, or an empty string.

    An advisor changes it at the desk, and an editor changes that of an author in the admin.
    """
    account = change.after.account_id
    if account and Advisor.objects.filter(user=account).exclude(biography="").exists():
        return sending.site_url() + reverse("board:profile")
    own = Q(user=account) if account else Q(pk=change.before.author_id)
    author = Author.objects.filter(own).exclude(biography="").first()
    return sending.site_url() + reverse("admin:articles_author_change", args=[author.pk]) if author else ""


def _who_can_confirm(change: NameChange) -> list[User]:
    """Return the editors who can confirm a change or, if there are none, the administrators who can."""
    advisor = Advisor.objects.filter(user=change.after.account_id).first() if change.after.account_id else None

    def able(people: Sequence[User]) -> list[User]:
        return [one for one in people if not refusal(change, one) and not (advisor and vouching.refusal(advisor, one))]

    administrators = User.objects.filter(is_active=True, is_superuser=True).exclude(email="").order_by("pk")
    return able(editors()) or able(list(administrators))


@sending.sample("name_change_asked", _("To the person: their request for another name was received"))
def name_change_asked() -> dict:
    return {"page": sending.site_url()}


@sending.sample(
    "name_change_to_confirm", _("To those who can confirm it: somebody asks to be shown under another name")
)
def name_change_to_confirm() -> dict:
    return {"page": f"{sending.site_url()}/admin/"}


@sending.sample("name_change_decided", _("To the person: their request for another name was confirmed or declined"))
def name_change_decided() -> dict:
    return {"is_confirmed": True, "page": sending.site_url(), "profile": f"{sending.site_url()}/board/profile/"}
