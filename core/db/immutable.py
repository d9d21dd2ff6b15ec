"""Rows that are written once: refused in the model and the queryset, besides the database's own guard."""

from django.db import models


class Immutable(Exception):
    """Raised when a row that is written once would be changed or deleted."""


class ImmutableQuerySet(models.QuerySet):
    """Reads and inserts; refuses every change of rows that exist."""

    def _refuse(self) -> None:
        raise Immutable(f"A {self.model._meta.verbose_name} is written once and kept.")

    def update(self, **values: object) -> int:
        self._refuse()

    def bulk_update(self, objs, fields, batch_size=None) -> int:
        self._refuse()

    def update_or_create(self, defaults=None, create_defaults=None, **kwargs):
        self._refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse()

    async def aupdate(self, **values: object) -> int:
        self._refuse()

    async def adelete(self) -> tuple[int, dict[str, int]]:
        self._refuse()


class UndeletableQuerySet(models.QuerySet):
    """For rows that may be completed later but never go."""

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable(f"A {self.model._meta.verbose_name} is never deleted.")


class UndeletableModel(models.Model):
    """A row of the chain: it may be completed, it is never deleted."""

    objects = UndeletableQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise Immutable(f"A {self._meta.verbose_name} is never deleted.")


class ImmutableModel(models.Model):
    """A row of the chain that is written once."""

    objects = ImmutableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise Immutable(f"A {self._meta.verbose_name} is written once and kept.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise Immutable(f"A {self._meta.verbose_name} is never deleted.")
