"""The user model, and the abstract model of the public profiles of authors and advisors."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.fields import LineField, ProseField
from core.redirects.fields import AddressField
from pictures.fields import PictureField


class UserManager(BaseUserManager):
    """Creates users, and finds them by email address regardless of case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Create and return a user; raise ValueError if `email` is empty.

        Without a `password`, the user cannot sign in until they have chosen one.
        """
        if not email:
            raise ValueError("Users sign in with their email address, so it cannot be empty.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Create and return a superuser; raise ValueError if `email` is empty.

        The rules of the board's review apply to superusers too.
        """
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, email: str) -> "User":
        """Return the user with this email address, regardless of case; raise User.DoesNotExist if there is none."""
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: a writer, an advisor or an editor. Users who leave are deactivated, never deleted."""

    email = models.EmailField(
        _("email address"),
        unique=True,
        help_text=_("Once something was signed with the account, only a correction by two people can change it."),
    )
    name = LineField(
        _("name"), max_length=120, help_text=_("As colleagues know you. The history of articles shows it.")
    )
    is_staff = models.BooleanField(_("may enter the newsroom"), default=False)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick this instead of deleting an account.")
    )
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now, editable=False)
    sessions_ended = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("How often all sessions were ended at once.")
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case_unique"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: object, **kwargs: object) -> None:
        """Save the user with the email address in lower case."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def roles(self) -> list[str]:
        """Return the names of the user's roles, sorted. Each call makes one query."""
        return sorted(self.groups.values_list("name", flat=True))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return the hash that a session is bound to: if the hash changes, the session ends.

        Django's own hash covers only the password. This one also covers the roles, `is_active`, `is_staff`,
        `is_superuser` and `sessions_ended`.
        """
        rights = [self.is_active, self.is_staff, self.is_superuser, self.sessions_ended, *self.roles()]
        bound_to = "\n".join([self.password, *map(str, rights)])
        return salted_hmac("accounts.User.session", bound_to, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Profile(models.Model):
    """Abstract base of the public profiles of authors and advisors."""

    name = LineField(_("name"), max_length=120)
    slug = AddressField(_("address"), max_length=80, unique=True, help_text=_("The last part of its web address."))
    credentials = LineField(
        _("credentials"), max_length=120, blank=True, help_text=_("Shown after the name: “PhD, RD”.")
    )
    job_title = LineField(_("job title"), max_length=160, blank=True)
    affiliation = LineField(_("affiliation"), max_length=160, blank=True)
    biography = ProseField(_("biography"), max_length=2000, blank=True)
    photo = PictureField(_("photo"), blank=True)
    orcid = LineField(
        _("ORCID"),
        max_length=19,
        blank=True,
        validators=[RegexValidator(r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$", _("Write the ORCID as 0000-0002-1825-0097."))],
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name_with_credentials(self) -> str:
        """Return the name, followed by the credentials if there are any."""
        return f"{self.name}, {self.credentials}" if self.credentials else self.name
