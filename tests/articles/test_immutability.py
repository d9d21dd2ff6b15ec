"""Rows that are written once do not change, by the model, the queryset or SQL."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Model, ProtectedError, TextField
from django.utils import timezone

from advisors.models import LinkAccess, Review, Verdict
from articles import workflow
from articles.models import Publication, Submission
from core.db import triggers
from core.db.immutable import Immutable
from tests import newsroom
from tests.articles.every_kept_row import NEVER_DELETED, WRITTEN_ONCE, write_every_row
from tests.conftest import ALL_GUARDS


@pytest.fixture
def kept(cast, settings, tmp_path) -> None:
    """A site with a row of every model whose rows are kept."""
    write_every_row(settings, tmp_path, cast)


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def rows(model: type[Model]) -> list:
    return list(model._base_manager.order_by("pk").values())


def column_of(model: type[Model]) -> str:
    """Return a column that the tests try to change: of text if there is one."""
    fields = [field for field in model._meta.concrete_fields if not (field.primary_key or field.unique)]
    texts = [field for field in fields if isinstance(field, CharField | TextField)]
    return (texts or fields)[0].name


def changed(row: Model) -> Model:
    """Return the row with another value in that column, if it is of text."""
    column = column_of(type(row))
    if isinstance(getattr(row, column), str):
        setattr(row, column, "0" * min(row._meta.get_field(column).max_length or 64, 64))
    return row


LISTS = (WRITTEN_ONCE, NEVER_DELETED)
Try = Callable[[type[Model]], object]


def let_through(models: Iterable[type[Model]], attempt: Try, match: str = "") -> list[str]:
    """Return the models for which the attempt was not refused, was refused with other words, or changed a row."""
    found = []
    for model in models:
        before = rows(model)
        try:
            with transaction.atomic():
                attempt(model)
            found.append(model._meta.label)
        except (Immutable, ProtectedError, IntegrityError) as refusal:
            if match not in str(refusal):
                found.append(f"{model._meta.label}: {refusal}")
        if rows(model) != before:
            found.append(f"{model._meta.label} has changed")
    return found


def test_every_model_has_a_row_in_these_tests(kept):
    assert [model._meta.label for model in NEVER_DELETED if not model._base_manager.exists()] == []


def test_the_guards_and_the_models_name_the_same_tables_that_only_grow(db):
    guarded = {guard.table for guard in ALL_GUARDS if guard.name == f"{guard.table}_no_update"}
    joins = [{field.m2m_db_table() for model in models for field in model._meta.local_many_to_many} for models in LISTS]
    assert guarded - joins[1] == {model._meta.db_table for model in WRITTEN_ONCE}
    assert joins[0] <= guarded


# Written once


def test_a_changed_row_is_not_saved(kept):
    def save(model):
        changed(model.objects.first()).save()

    assert let_through(WRITTEN_ONCE, save, "written once") == []


def test_a_chosen_column_is_not_saved(kept):
    def save(model):
        model.objects.first().save(update_fields=[column_of(model)])

    assert let_through(WRITTEN_ONCE, save, "written once") == []


def test_a_new_object_with_the_key_of_an_old_row_does_not_overwrite_it(kept):
    def save(model):
        old = model.objects.first()
        values = {field.attname: getattr(old, field.attname) for field in model._meta.concrete_fields}
        changed(model(**values)).save()

    assert let_through(WRITTEN_ONCE, save) == []


def test_a_row_is_not_deleted(kept):
    assert let_through(WRITTEN_ONCE, lambda model: model.objects.first().delete()) == []


@pytest.mark.parametrize("verb", ["update", "bulk_update", "update_or_create", "delete"])
def test_a_queryset_changes_nothing(kept, verb):
    def change(model):
        rows, column = model.objects.all(), column_of(model)
        {
            "update": lambda: rows.update(**{column: "changed"}),
            "bulk_update": lambda: rows.bulk_update(list(rows), [column]),
            "update_or_create": lambda: rows.update_or_create({column: "changed"}, pk=rows.first().pk),
            "delete": rows.delete,
        }[verb]()

    assert let_through(WRITTEN_ONCE, change, "written once") == []


def test_an_insert_that_turns_into_an_update_changes_nothing(kept):
    def insert(model):
        row, key = changed(model.objects.first()), model._meta.pk.name
        model.objects.bulk_create([row], update_conflicts=True, update_fields=[column_of(model)], unique_fields=[key])

    assert let_through(WRITTEN_ONCE, insert) == []


def test_the_way_that_fixtures_are_loaded_changes_nothing(kept):
    """loaddata bypasses Model.save, so only the database protects the row."""
    assert let_through(WRITTEN_ONCE, lambda model: changed(model.objects.first()).save_base(raw=True)) == []


def test_sql_does_not_even_write_the_same_value(kept):
    def update(model):
        column = model._meta.get_field(column_of(model)).column
        sql(f"UPDATE {model._meta.db_table} SET {column} = {column}")

    assert let_through(WRITTEN_ONCE, update, "is never changed") == []


# Never deleted


def test_sql_deletes_nothing(kept):
    def delete(model):
        sql(f"DELETE FROM {model._meta.db_table}")

    kept_for_a_time = {LinkAccess: "is kept for a stated time"}
    assert let_through(set(NEVER_DELETED) - set(kept_for_a_time), delete, "is never deleted") == []
    for model, said in kept_for_a_time.items():
        assert let_through([model], delete, said) == []


def test_a_queryset_deletes_nothing(kept):
    assert let_through(NEVER_DELETED, lambda model: model.objects.all().delete()) == []


def test_an_object_is_not_deleted(kept):
    assert let_through(NEVER_DELETED, lambda model: model.objects.first().delete()) == []


def test_the_statement_that_fires_no_trigger_for_a_row_is_refused_too(kept):
    """SQLite: REPLACE deletes conflicting rows, without firing triggers unless PRAGMA recursive_triggers is on.

    PostgreSQL: TRUNCATE fires only triggers FOR EACH STATEMENT.
    """
    statements = {
        "sqlite": "INSERT OR REPLACE INTO {0} SELECT * FROM {0}",
        "postgresql": "TRUNCATE {0} CASCADE",
    }
    connection.check_constraints()  # runs deferred constraints, because of which PostgreSQL would refuse it as well

    def replace(model):
        sql(statements[connection.vendor].format(model._meta.db_table))

    assert let_through(NEVER_DELETED, replace) == []


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


def test_postgresql_keeps_the_whole_name_of_every_trigger():
    names = {trigger.name for guard in ALL_GUARDS for trigger in guard.triggers("postgresql")}
    assert [name for name in names if len(name.encode()) > 63] == []


def test_each_room_installs_its_own_guards():
    installed = [
        guard
        for app in ("core", "articles", "website", "advisors", "audit")
        for guard in apps.get_app_config(app).guards
    ]
    assert installed == list(ALL_GUARDS)
