"""The sealed log of what was approved and published, the seals and keys, and the signed records of public versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Approval, Publication, Transition
from core.db.immutable import ImmutableModel, UndeletableModel

HEX = r"^([0-9a-f]{64})+$"


class Event(models.TextChoices):
    """The events that the log has a leaf for."""

    APPROVAL = "approval", _("approval")
    PUBLICATION = "publication", _("publication")
    SCHEDULING = "scheduling", _("scheduling")
    CORRECTION = "correction", _("correction")
    REINSTATEMENT = "reinstatement", _("reinstatement")
    CALLING_OFF = "calling_off", _("calling off")
    WITHDRAWAL = "withdrawal", _("withdrawal")
    END = "end", _("end")
    NOTICE_CORRECTION = "notice_corrected", _("correction of a notice")


PUBLISHING = (Event.PUBLICATION, Event.SCHEDULING, Event.CORRECTION, Event.REINSTATEMENT)


class Leaf(ImmutableModel):
    """One event in the append-only log, a leaf of a Merkle tree (RFC 6962). Only `audit.log` adds rows.

    `position` counts from 0 without gaps. `data` is the event in canonical JSON (audit.leaves), without names of
    people. `hashes` holds the hashes of the leaf and of each perfect subtree that it completes, the smallest first, as
    hexadecimal digits: two hashes on average, so that a few rows suffice for any root or proof. The foreign keys lead
    to the rows that the event is about.
    """

    position = models.BigIntegerField(primary_key=True)
    event = models.CharField(max_length=16, choices=Event)
    data = models.TextField()
    hashes = models.TextField()
    # Without a constraint, so that the entry stays even if its row is gone, which check_integrity reports.
    transition = models.OneToOneField(
        Transition, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="leaf"
    )
    approval = models.ForeignKey(
        Approval, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="leaves"
    )
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="leaves"
    )

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        verbose_name = _("entry in the sealed log")
        verbose_name_plural = _("entries in the sealed log")
        constraints = [
            models.CheckConstraint(condition=Q(event__in=Event.values), name="leaf_event"),
            models.CheckConstraint(condition=Q(hashes__regex=HEX), name="leaf_hashes_are_hex"),
            models.CheckConstraint(
                condition=Q(approval__isnull=False) | Q(publication__isnull=False), name="leaf_is_of_an_event"
            ),
            models.UniqueConstraint(fields=["publication"], condition=Q(event="end"), name="leaf_one_end"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.get_event_display()}"


class SigningKey(UndeletableModel):
    """A public key with the period in which it signs. The private key is in a file outside the database (audit.keys).

    `revoked_at` is set if somebody else may have the private key. Signatures made with it then prove nothing.
    """

    public_key = models.CharField(max_length=60, unique=True)  # a Multikey
    valid_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("signing key")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(retired_at__isnull=False), name="signing_key_revoked_means_retired"
            ),
        ]

    def __str__(self) -> str:
        return self.public_key


class Seal(ImmutableModel):
    """A signed head of the log (C2SP checkpoint): the number of leaves at one moment, and the root of their tree.

    `root` is in hexadecimal digits. `note` is the text of the checkpoint with its signature.
    """

    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    signing_key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="seals")
    note = models.TextField()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("seal of the log")
        verbose_name_plural = _("seals of the log")
        constraints = [
            models.UniqueConstraint(fields=["size", "signing_key"], name="seal_once"),
            models.CheckConstraint(condition=Q(size__gte=1), name="seal_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


class SignedRecord(ImmutableModel):
    """The signed record of a version that readers saw: a Verifiable Credential, as the bytes that were signed.

    `number` is the number of the version on the article's public record. `renderer` is the version of the code that
    rendered the body whose digest the record contains. A new renderer needs a new record.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="signed_records")
    number = models.PositiveIntegerField()
    renderer = models.PositiveSmallIntegerField()
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="records")
    data = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("signed record")
        constraints = [
            models.UniqueConstraint(fields=["publication", "renderer", "seal"], name="signed_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}, version {self.number}"
