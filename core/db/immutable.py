"""Models and querysets that refuse to change or delete rows, in addition to the guards in the database."""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from django.db import models

_Row = TypeVar("_Row", bound=models.Model, covariant=True)


class Immutable(Exception):
    """Raised on an attempt to change or delete a row that must not be changed or deleted."""


class ImmutableQuerySet(models.QuerySet[_Row]):
    """A queryset that can read and insert rows. Its methods to update or delete rows raise Immutable."""

    def _refuse(self) -> NoReturn:
        raise Immutable(f"A {self.model._meta.verbose_name} is written once and kept.")

    def update(self, **values: object) -> int:
        self._refuse()

    def bulk_update(self, objs: Iterable[_Row], fields: Iterable[str], batch_size: int | None = None) -> int:
        self._refuse()

    def update_or_create(
        self,
        defaults: Mapping[str, object] | None = None,
        create_defaults: Mapping[str, object] | None = None,
        **kwargs: object,
    ) -> tuple[_Row, bool]:
        self._refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse()

    async def aupdate(self, **values: object) -> int:
        self._refuse()

    async def adelete(self) -> tuple[int, dict[str, int]]:
        self._refuse()


class UndeletableQuerySet(models.QuerySet[_Row]):
    """A queryset of rows that may be updated. Deleting them raises Immutable."""

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable(f"A {self.model._meta.verbose_name} is never deleted.")


class UndeletableModel(models.Model):
    """An abstract model whose rows may be inserted and updated. Deleting a row raises Immutable."""

    objects = UndeletableQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise Immutable(f"A {self._meta.verbose_name} is never deleted.")


class ImmutableModel(models.Model):
    """An abstract model whose rows may only be inserted. Saving a row again or deleting it raises Immutable."""

    objects = ImmutableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable(f"A {self._meta.verbose_name} is written once and kept.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise Immutable(f"A {self._meta.verbose_name} is never deleted.")
