"""The roles that the migrations create, and how people sign in."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from articles.permissions import may
from tests import newsroom

# Everything that a role may do, by app. Anything that is missing here is forbidden.
PERMISSIONS = {
    "Writers": {
        "articles": """
            add_article change_article view_article
            add_authorship change_authorship delete_authorship view_authorship
            add_articlesource change_articlesource delete_articlesource view_articlesource
            view_recommendation view_topic view_author view_articletemplate add_waiver view_waiver
        """,
        "sources": """
            add_source change_source delete_source view_source
            view_retractionnotice view_sourcelookup view_link view_linkanswer
        """,
        "pictures": "add_picture change_picture view_picture",
        "checks": "view_preferredterm view_condition",
        "advisors": "view_advisor add_panelmember view_panelmember view_checklistitem",
        "products": "view_product view_productpicture view_ingredient view_productingredient",
    },
    "Scientific advisors": {
        "advisors": "view_review view_checklistitem",
    },
    "Editors": {
        "articles": """
            add_article change_article view_article edit_all_articles publish_article
            add_authorship change_authorship delete_authorship view_authorship
            add_articlesource change_articlesource delete_articlesource view_articlesource
            add_recommendation change_recommendation delete_recommendation view_recommendation
            add_topic change_topic delete_topic view_topic
            add_author change_author view_author
            add_articletemplate change_articletemplate delete_articletemplate view_articletemplate
            add_waiver view_waiver
        """,
        "sources": """
            add_source change_source delete_source view_source
            add_retractionnotice view_retractionnotice view_sourcelookup view_link view_linkanswer
        """,
        "pictures": "add_picture change_picture delete_picture view_picture",
        "checks": """
            add_preferredterm change_preferredterm delete_preferredterm view_preferredterm
            add_condition change_condition delete_condition view_condition
        """,
        "website": "view_errorreport change_errorreport",
        "advisors": """
            add_advisor change_advisor view_advisor
            add_panelmember change_panelmember delete_panelmember view_panelmember
            view_accountcorrection view_personflag
            view_review view_disclosure view_scheduledemail add_remarkswithheld view_remarkswithheld
            add_checklistitem change_checklistitem delete_checklistitem view_checklistitem
        """,
        "products": """
            add_product change_product delete_product view_product
            add_productpicture change_productpicture delete_productpicture view_productpicture
            add_ingredient change_ingredient delete_ingredient view_ingredient
            add_productingredient change_productingredient delete_productingredient view_productingredient
        """,
        "newsletter": "view_subscriber unsubscribe_subscriber erase_subscriber export_subscriber",
        "policies": "add_policy change_policy delete_policy view_policy",
        "core": "add_redirect change_redirect delete_redirect view_redirect",
        "post_office": "view_email",
    },
}


@pytest.mark.django_db
def test_the_migrations_make_these_roles_and_no_other():
    assert set(Group.objects.values_list("name", flat=True)) == set(PERMISSIONS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", PERMISSIONS)
def test_a_role_may_do_just_this(role):
    granted = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    expected = {(app, codename) for app, names in PERMISSIONS[role].items() for codename in names.split()}
    assert set(granted) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row", ["article", "revision", "submission", "approval", "signatory", "publication", "transition", "review"]
)
def test_no_role_may_delete_what_belongs_to_the_chain(row):
    assert not Group.objects.filter(permissions__codename=f"delete_{row}").exists()


@pytest.mark.parametrize("verb", ["approve", "request_changes"])
def test_an_advisor_has_no_say_before_their_verdict(cast, verb):
    assert not may(cast.advisors[0].user, verb, newsroom.in_review(cast))


def test_a_superuser_does_not_approve(cast):
    assert not may(cast.admin, "approve", newsroom.in_review(cast))


def test_a_superuser_has_an_editors_rights(cast):
    article = newsroom.in_review(cast)
    verbs = ("edit", "submit", "recall", "request_changes", "publish", "schedule", "withdraw", "reinstate")
    assert all(may(cast.admin, verb, article) for verb in verbs)


def test_a_verb_that_does_not_exist_is_an_error(cast):
    with pytest.raises(KeyError):
        may(cast.admin, "bless", newsroom.draft(cast))


@pytest.mark.parametrize("typed", ["writer@example.org", "Writer@Example.ORG", " WRITER@example.org "])
def test_people_sign_in_by_e_mail_in_any_case(cast, typed):
    cast.writer.set_password(newsroom.PASSWORD)
    cast.writer.save()
    assert authenticate(username=typed, password=newsroom.PASSWORD) == cast.writer


def test_an_address_is_kept_in_small_letters(db):
    assert User.objects.create_user("Wanda@Example.ORG").email == "wanda@example.org"


def test_an_address_is_used_once_in_any_case(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("WRITER@example.org")


def test_the_database_itself_refuses_an_address_in_another_case(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="WRITER@example.org", name="Somebody else")])


def test_a_form_says_that_an_address_is_taken(cast):
    with pytest.raises(ValidationError):
        User(email="WRITER@example.org", name="Somebody else", password="!").full_clean()


def test_a_user_needs_an_address(db):
    with pytest.raises(ValueError, match="email address"):
        User.objects.create_user("")


def test_who_is_switched_off_does_not_sign_in(cast):
    cast.writer.set_password(newsroom.PASSWORD)
    cast.writer.is_active = False
    cast.writer.save()
    assert authenticate(username=cast.writer.email, password=newsroom.PASSWORD) is None
