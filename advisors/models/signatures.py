"""Signatures: what stood behind a verdict at the moment at which it was given."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.sessions import Means
from advisors.models.reviews import Review
from core.db.immutable import ImmutableModel
from core.fields import LineField, ProseField


class Signature(ImmutableModel):
    """The account that gave a verdict, how it was authenticated, and the advisor's details at that moment.

    What readers see of a reviewer is copied from here. Later changes of the profile or the account do not reach it. The
    photo is the name of a stored picture, which has the digest of the file in it, and stored pictures never change.
    """

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="signature")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    means = models.CharField(max_length=16, choices=Means)
    account_email = models.EmailField()
    # The address to which the link was sent that the advisor used. Empty if they had signed in.
    link_email = models.EmailField(blank=True)
    name = LineField(max_length=120)
    slug = models.SlugField(max_length=80)
    credentials = LineField(max_length=120, blank=True)
    job_title = LineField(max_length=160, blank=True)
    affiliation = LineField(max_length=160, blank=True)
    disclosure = ProseField(max_length=2000, blank=True)
    photo = models.ImageField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(means__in=Means.values), name="signature_means"),
            models.CheckConstraint(
                condition=Q(means=Means.LINK) & ~Q(link_email="") | ~Q(means=Means.LINK) & Q(link_email=""),
                name="signature_link_names_its_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    @property
    def means_in_words(self) -> str:
        """Return how the advisor was authenticated, with the address to which a link was sent."""
        if self.means == Means.LINK:
            return _("opened the link in an email to %(address)s") % {"address": self.link_email}
        return str(Means(self.means).label)
