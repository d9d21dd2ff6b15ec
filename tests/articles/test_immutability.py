"""Rows that are written once do not change, by the model, the queryset or SQL."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from advisors.models import Comment, Review, Verdict
from articles import workflow
from articles.models import (
    Approval,
    Article,
    Byline,
    Citation,
    Publication,
    Revision,
    Signatory,
    Submission,
    Transition,
)
from core.db import triggers
from core.db.immutable import Immutable
from tests import newsroom
from tests.conftest import ALL_GUARDS

# model -> a text column that the test tries to change
WRITTEN_ONCE = {
    Revision: "title",
    Citation: "reference",
    Byline: "name",
    Approval: "digest",
    Signatory: "name",
    Transition: "actor_name",
    Comment: "text",
}
NEVER_DELETED = (*WRITTEN_ONCE, Article, Submission, Publication, Review)

written_once = pytest.mark.parametrize("model", WRITTEN_ONCE, ids=lambda model: model.__name__)
never_deleted = pytest.mark.parametrize("model", NEVER_DELETED, ids=lambda model: model.__name__)


@pytest.fixture
def chain(cast) -> newsroom.Cast:
    """A published article, one round of which ended with a request for changes and a comment."""
    article = newsroom.changes_requested(cast)
    newsroom.rewrite(cast, article, title="Magnesium and sleep in adults")
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article)
    return cast


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def rows(model) -> list:
    return list(model._base_manager.order_by("pk").values())


# Written once


@written_once
def test_a_changed_row_is_not_saved(chain, model):
    row = model.objects.first()
    setattr(row, WRITTEN_ONCE[model], "changed")
    with pytest.raises(Immutable):
        row.save()


@written_once
def test_a_chosen_column_is_not_saved(chain, model):
    row = model.objects.first()
    with pytest.raises(Immutable):
        row.save(update_fields=[WRITTEN_ONCE[model]])


@written_once
def test_a_new_object_with_the_key_of_an_old_row_does_not_overwrite_it(chain, model):
    old = model.objects.first()
    values = {field.attname: getattr(old, field.attname) for field in model._meta.concrete_fields}
    before = rows(model)
    with pytest.raises(IntegrityError), transaction.atomic():
        model(**{**values, WRITTEN_ONCE[model]: "0" * 64}).save()
    assert rows(model) == before


@written_once
def test_a_row_is_not_deleted(chain, model):
    with pytest.raises((Immutable, ProtectedError)):
        model.objects.first().delete()


@written_once
@pytest.mark.parametrize("verb", ["update", "bulk_update", "update_or_create", "delete"])
def test_a_queryset_changes_nothing(chain, model, verb):
    rows, column = model.objects.all(), WRITTEN_ONCE[model]
    change = {
        "update": lambda: rows.update(**{column: "changed"}),
        "bulk_update": lambda: rows.bulk_update(list(rows), [column]),
        "update_or_create": lambda: rows.update_or_create({column: "changed"}, pk=rows.first().pk),
        "delete": rows.delete,
    }
    with pytest.raises(Immutable):
        change[verb]()


@written_once
def test_an_insert_that_turns_into_an_update_changes_nothing(chain, model):
    row, column = model.objects.first(), WRITTEN_ONCE[model]
    setattr(row, column, "0" * 64)
    with pytest.raises((Immutable, IntegrityError)), transaction.atomic():
        model.objects.bulk_create([row], update_conflicts=True, update_fields=[column], unique_fields=["id"])


@written_once
def test_the_way_that_fixtures_are_loaded_changes_nothing(chain, model):
    """loaddata bypasses Model.save, so only the database protects the row."""
    row = model.objects.first()
    setattr(row, WRITTEN_ONCE[model], "0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save_base(raw=True)


@written_once
def test_sql_changes_nothing(chain, model):
    before = rows(model)
    with pytest.raises(IntegrityError, match="is never changed"):
        sql(f"UPDATE {model._meta.db_table} SET {WRITTEN_ONCE[model]} = %s", "0" * 64)
    assert rows(model) == before


@written_once
def test_sql_does_not_even_write_the_same_value(chain, model):
    table, column = model._meta.db_table, WRITTEN_ONCE[model]
    with pytest.raises(IntegrityError, match="is never changed"):
        sql(f"UPDATE {table} SET {column} = {column}")


# Never deleted


@never_deleted
def test_sql_deletes_nothing(chain, model):
    before = rows(model)
    with pytest.raises(IntegrityError, match="is never deleted"):
        sql(f"DELETE FROM {model._meta.db_table}")
    assert rows(model) == before


@never_deleted
def test_a_queryset_deletes_nothing(chain, model):
    with pytest.raises(Immutable):
        model.objects.all().delete()


@never_deleted
def test_an_object_is_not_deleted(chain, model):
    with pytest.raises((Immutable, ProtectedError)):
        model.objects.first().delete()


@never_deleted
def test_the_statement_that_fires_no_trigger_for_a_row_is_refused_too(chain, model):
    """SQLite: REPLACE deletes conflicting rows, without firing triggers unless PRAGMA recursive_triggers is on.

    PostgreSQL: TRUNCATE fires only triggers FOR EACH STATEMENT.
    """
    table, before = model._meta.db_table, rows(model)
    statements = {
        "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "postgresql": f"TRUNCATE {table} CASCADE",
    }
    connection.check_constraints()  # runs deferred constraints, because of which PostgreSQL would refuse it as well
    with pytest.raises(IntegrityError):
        sql(statements[connection.vendor])
    assert rows(model) == before


# Fixed columns of rows that may be completed


@pytest.mark.parametrize(
    ("model", "column"),
    [
        *((Submission, name) for name in ("article_id", "revision_id", "submitted_by_id", "quorum")),
        *((Publication, name) for name in ("article_id", "approval_id", "published_by_id")),
        *((Review, name) for name in ("submission_id", "advisor_id", "invited_by_id")),
    ],
)
def test_a_fixed_number_stays(cast, model, column):
    article = newsroom.in_review(cast)
    newsroom.published(cast)
    still_open = {Submission: {"article": article}, Review: {"submission__article": article}}
    row = model.objects.filter(**still_open.get(model, {})).first()
    with pytest.raises(IntegrityError, match="is never changed"):
        sql(f"UPDATE {model._meta.db_table} SET {column} = {column} + 1 WHERE id = %s", row.pk)


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (Submission, "submitted_at", timezone.now()),
        (Submission, "reason", "renewal"),
        (Publication, "starts_at", timezone.now() - timedelta(days=1)),
        (Publication, "expires_at", timezone.now() + timedelta(days=9)),
        (Publication, "created_at", timezone.now()),
        (Publication, "kind", "correction"),
        (Publication, "change_note", "Another note."),
        (Review, "invited_at", timezone.now()),
    ],
)
def test_a_fixed_value_stays(cast, model, column, value):
    newsroom.in_review(cast)
    if model is Publication:
        newsroom.published(cast)
    row = model.objects.order_by("-pk").first()
    with pytest.raises(IntegrityError, match="is never changed"), transaction.atomic():
        model._base_manager.filter(pk=row.pk).update(**{column: value})


# Rows that are closed


@pytest.mark.parametrize("outcome", ["", "approved", "recalled"])
def test_a_closed_submission_stays_as_it_ended(cast, outcome):
    article = newsroom.changes_requested(cast)
    closed_at = None if outcome == "" else timezone.now()
    with pytest.raises(IntegrityError, match="a closed submission is never changed"), transaction.atomic():
        article.submissions.update(outcome=outcome, closed_at=closed_at)


@pytest.mark.parametrize("column", ["remarks", "conflict", "verdict", "response", "decline_reason"])
def test_a_review_is_frozen_with_its_verdict(cast, column):
    given = newsroom.verdict(newsroom.in_review(cast).submissions.get().reviews.first())
    with pytest.raises(IntegrityError, match="a verdict once given is never changed"), transaction.atomic():
        Review.objects.filter(pk=given.pk).update(**{column: ""})


def test_a_verdict_is_not_taken_back_whole(cast):
    given = newsroom.verdict(newsroom.in_review(cast).submissions.get().reviews.first())
    with pytest.raises(IntegrityError, match="a verdict once given is never changed"), transaction.atomic():
        Review.objects.filter(pk=given.pk).update(verdict=Verdict.NONE, verdict_at=None, digest="")


@pytest.mark.parametrize("changes", [{"notice": ""}, {"notice": "Other words."}, {"ends_at": None, "notice": ""}])
def test_a_withdrawal_stays_with_its_notice(cast, changes):
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        article.publications.update(**changes)


def test_what_was_called_off_stays_called_off(cast):
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + timedelta(days=1))
    workflow.unschedule(article=article, actor=cast.editor)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        article.publications.update(cancelled_at=None)


# The guards themselves


def test_every_guard_stands(db):
    assert triggers.missing(ALL_GUARDS, connection) == []


@pytest.mark.parametrize("guard", ALL_GUARDS, ids=lambda guard: guard.name)
def test_a_guard_that_is_gone_is_missed(db, guard):
    triggers.remove([guard], connection)
    assert triggers.missing(ALL_GUARDS, connection) == ([guard.name] if connection.vendor in guard.vendors else [])


def test_after_migrate_all_guards_stand_again(db):
    triggers.remove(ALL_GUARDS, connection)
    call_command("migrate", verbosity=0)
    assert triggers.missing(ALL_GUARDS, connection) == []


def test_guards_that_stand_are_replaced_without_complaint(db):
    triggers.install(ALL_GUARDS, connection)
    triggers.install(ALL_GUARDS, connection)
    assert triggers.missing(ALL_GUARDS, connection) == []


def test_every_guard_has_a_name_of_its_own():
    names = [guard.name for guard in ALL_GUARDS]
    assert len(names) == len(set(names))


def test_each_room_installs_its_own_guards():
    installed = [
        guard for app in ("core", "articles", "website", "advisors") for guard in apps.get_app_config(app).guards
    ]
    assert installed == list(ALL_GUARDS)
