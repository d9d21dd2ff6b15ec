"""The admin of users, who sign in with their email address, are invited by email, and are deactivated, not deleted."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import invitations, second_factor, sessions
from accounts.models import User
from accounts.signals import address_bound_wanted
from core.admin import search
from core.admin.conflicts import ConflictDetection
from core.admin.lookups import DeclaredLookups
from core.admin.search import SearchedModel, SearchedPage

# An address in allauth's own table would be a second way to sign in, and nobody may read the secrets of authenticators.
# Roles are made by migrations: if one were renamed here, its members would no longer need a second factor.
for model in (EmailAddress, Authenticator, Group):
    admin.site.unregister(model)


class NewUserForm(ModelForm):
    """The form for a new user. It has no password, because the invited person chooses one."""

    class Meta:
        model = User
        fields = ("email", "name", "is_staff", "groups")


@admin.register(User)
class UserAdmin(ConflictDetection, DeclaredLookups, DjangoUserAdmin):
    """Users, with actions to invite them again, end their sessions, and remove their second factor."""

    add_form = NewUserForm
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Signing in"), {"fields": ("second_factor", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "name", "is_staff", "groups"),
                "description": _("An email tells them that they have an account, and lets them choose a password."),
            },
        ),
    )
    readonly_fields = ("second_factor", "last_login", "date_joined")
    list_display = ("name", "email", "roles", "second_factor", "is_active", "last_login")
    list_filter = ("groups", "is_active", "is_superuser")
    search_fields = ("name", "email")
    ordering = ("name",)
    filter_horizontal = ("groups",)
    actions = ("invite_again", "end_sessions", "remove_second_factor")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Return the names of the fields that nobody edits here: for an account that has signed something, also its
        email address.
        """
        asked = obj is not None and address_bound_wanted.send(sender=User, user=obj)
        is_bound = asked and any(answer for _receiver, answer in asked)
        return (*super().get_readonly_fields(request, obj), *(("email",) if is_bound else ()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups", "authenticator_set")

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """Return the names of the user's roles, or a dash."""
        return ", ".join(group.name for group in user.groups.all()) or "–"

    @admin.display(description=_("second factor"))
    def second_factor(self, user: User) -> str:
        """Return the kinds of second factors that the user has set up, or a dash."""
        kinds = {row.get_type_display() for row in user.authenticator_set.all() if row.type in second_factor.FACTORS}
        return ", ".join(sorted(kinds)) or "–"

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            invitations.invite(user=obj, actor=request.user)

    @admin.action(description=_("Send the invitation again"), permissions=["change"])
    def invite_again(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Send the invitation again to these users."""
        for user in users:
            try:
                invitations.invite(user=user, actor=request.user)
            except invitations.InvitationRefused as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, gettext("%(user)s gets another email with a new link.") % {"user": user})

    @admin.action(description=_("End all sessions, on all their devices"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """End all sessions of these users."""
        for user in users:
            sessions.end_all(user=user)
        self.message_user(request, gettext("Their sessions are over. They can sign in again."))

    @admin.action(description=_("Take away the second factor (device lost)"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Remove the second factors of these users."""
        for user in users:
            if second_factor.remove(user=user, by=str(request.user)):
                self.message_user(
                    request,
                    gettext("%(user)s no longer has a second factor, is signed out, and gets an email about it.")
                    % {"user": user},
                )
            else:
                self.message_user(request, gettext("%(user)s has no second factor.") % {"user": user}, messages.WARNING)


search.add(SearchedModel(User, ("name", "email"), lambda user: user.email, 80, recent=lambda model, user, most: {}))
search.add_pages(
    SearchedPage(_("The newsroom"), "admin:index", "", _("start home dashboard")),
    SearchedPage(_("Your sign-in"), "mfa_index", "", _("second factor passkey security")),
    SearchedPage(_("Change password"), "account_change_password"),
)
