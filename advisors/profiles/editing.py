"""The part of an advisor's public profile that the advisor can edit.

Only editors can change the name and credentials, because they appear in the approvals that the advisor signs.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import Advisor
from articles.exceptions import NotPermitted

OWN = ("job_title", "affiliation", "biography", "orcid")


def update_profile(*, advisor: Advisor, actor: User, **words: str) -> Advisor:
    """Change the advisor's own fields (`OWN`) and return the advisor. Approvals signed before do not change.

    Raise NotPermitted unless `actor` is this advisor and active, ValueError for any other field, and ValidationError
    for invalid values, such as the ORCID of another advisor.
    """
    if advisor.user_id != actor.pk or not (actor.is_active and advisor.is_active):
        raise NotPermitted(_("You can change only your own profile."))
    if kept := set(words) - set(OWN):
        raise ValueError(f"Kept by the editors: {', '.join(sorted(kept))}.")
    for name, said in words.items():
        setattr(advisor, name, said)
    others = {field.name for field in Advisor._meta.fields} - set(words)
    advisor.clean_fields(exclude=others)
    advisor.validate_constraints(exclude=others)
    with transaction.atomic():
        # The history stores the whole row, so it is read anew: `advisor` may have been read some time ago.
        row = Advisor.objects.select_for_update().get(pk=advisor.pk)
        for name in words:
            setattr(row, name, getattr(advisor, name))
        row.save(update_fields=list(words))
    return advisor
