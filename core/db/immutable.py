"""Models and querysets that refuse to change or delete rows, in addition to the guards in the database."""

from django.db import models


class Immutable(Exception):
    """Raised by code that would change or delete an immutable row."""


class ImmutableQuerySet(models.QuerySet):
    """A queryset that reads and inserts, and raises Immutable for every change of existing rows."""

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
    """A queryset of rows that may be updated; deleting raises Immutable."""

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable(f"A {self.model._meta.verbose_name} is never deleted.")


class UndeletableModel(models.Model):
    """An abstract model of the approval chain: rows may be updated, and deleting raises Immutable."""

    objects = UndeletableQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise Immutable(f"A {self._meta.verbose_name} is never deleted.")


class ImmutableModel(models.Model):
    """An abstract model of the approval chain: rows are inserted; changing or deleting them raises Immutable."""

    objects = ImmutableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise Immutable(f"A {self._meta.verbose_name} is written once and kept.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise Immutable(f"A {self._meta.verbose_name} is never deleted.")
