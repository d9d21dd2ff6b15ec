"""A session ends with a change of role or password, when the account is switched off, and by an action in the admin."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts import sessions
from accounts.roles import EDITORS, WRITERS
from tests.accounts.people import NEW, give_password


def switched_off(user):
    user.is_active = False
    user.save()


def no_longer_staff(user):
    user.is_staff = False
    user.save()


def superuser_now(user):
    user.is_superuser = True
    user.save()


def editor_now(user):
    user.groups.add(Group.objects.get(name=EDITORS))


def no_writer_any_more(user):
    user.groups.remove(Group.objects.get(name=WRITERS))


def ended(user):
    sessions.end_all(user=user)


@pytest.mark.parametrize(
    "change",
    [switched_off, no_longer_staff, superuser_now, editor_now, no_writer_any_more, give_password, ended],
    ids=lambda change: change.__name__,
)
def test_a_session_ends_when(cast, change):
    theirs, other = Client(), Client()
    theirs.force_login(cast.writer)
    other.force_login(cast.colleague)
    assert theirs.get("/account/").status_code == 200

    change(cast.writer)
    assert theirs.get("/account/").status_code == 302
    assert theirs.post("/admin/sources/source/add/", {}).status_code == 302
    assert other.get("/account/").status_code == 200


def test_a_session_goes_on_when_a_name_changes(cast):
    theirs = Client()
    theirs.force_login(cast.writer)
    cast.writer.name = "Wanda Married"
    cast.writer.save()
    assert theirs.get("/account/").status_code == 200


def test_an_administrator_ends_them_in_the_admin(client, cast):
    theirs = Client()
    theirs.force_login(cast.writer)
    client.force_login(cast.admin)
    client.post("/admin/accounts/user/", {"action": "end_sessions", "_selected_action": [cast.writer.pk]})
    assert theirs.get("/account/").status_code == 302
    cast.writer.refresh_from_db()
    theirs.force_login(cast.writer)
    assert theirs.get("/account/").status_code == 200


def test_a_superuser_who_changes_their_own_password_in_the_admin_stays_signed_in(client, cast):
    client.force_login(cast.admin)
    new = {**NEW, "usable_password": "true"}
    client.post(f"/admin/accounts/user/{cast.admin.pk}/password/", new)
    assert client.get("/admin/").status_code == 200


def test_the_user_of_a_request_is_whoever_has_signed_in(rf, cast):
    request = rf.get("/admin/")
    request.user = cast.writer
    assert sessions.signed_in(request) == cast.writer


def test_a_request_without_a_sign_in_has_no_user(rf):
    request = rf.get("/admin/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        sessions.signed_in(request)
