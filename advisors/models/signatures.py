"""Signatures: who gave a verdict, how they were authenticated, and everything that the verdict rested on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.sessions import Means
from advisors.models.reviews import Review
from articles.models.names import UnderName
from articles.models.revisions import HEX_DIGEST
from articles.names.commitments import new_salt
from core.fields import LineField, ProseField


class Signature(UnderName):
    """The account that gave a verdict, how it was authenticated, and the advisor's details at that moment.

    What readers see of a reviewer is copied from here. Later changes of the profile or the account do not reach it; a
    confirmed name change (articles.models.NameChange) changes only how readers see the name. The photo is the name of a
    stored picture, which has the digest of the file in it, and stored pictures never change.
    """

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="signature")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    means = models.CharField(max_length=16, choices=Means)
    account_email = models.EmailField()
    # The address to which the link was sent that the advisor used. Empty if they had signed in.
    link_email = models.EmailField(blank=True)
    credentials = LineField(max_length=120, blank=True)
    job_title = LineField(max_length=160, blank=True)
    affiliation = LineField(max_length=160, blank=True)
    disclosure = ProseField(max_length=2000, blank=True)
    photo = models.ImageField(max_length=150, blank=True)
    # What was given with the verdict (advisors.quorum.given): the primary keys of the comments and of the answers to
    # warnings at that time, and the digest of everything.
    comments = models.JSONField(default=list)
    waivers = models.JSONField(default=list)
    given_digest = models.CharField(max_length=64)
    # With it, the sealed log holds the digest (advisors.quorum.given.committed). Never published.
    salt = models.CharField(max_length=32, default=new_salt, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(given_digest__regex=HEX_DIGEST), name="signature_digest_is_sha256"),
            models.CheckConstraint(condition=Q(salt__regex=r"^[0-9a-f]{32}$"), name="signature_salt"),
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
