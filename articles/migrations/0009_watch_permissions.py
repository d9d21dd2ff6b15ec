from django.db import migrations
from django.utils import timezone

from accounts.roles import EDITORS, WRITERS, grant, ordinary, revoke

PERMISSIONS = {
    "preferredterm": ordinary("preferredterm", "preferred term"),
    "condition": ordinary("condition", "disease term"),
    "waiver": ordinary("waiver", "waiver", "add view"),
    "retractionnotice": ordinary("retractionnotice", "retraction notice", "add view"),
    "link": ordinary("link", "link", "view"),
    "linkanswer": ordinary("linkanswer", "link answer", "view"),
    "sourcelookup": ordinary("sourcelookup", "source lookup", "view"),
}
ROLES = {
    WRITERS: [
        "view_preferredterm",
        "view_condition",
        "add_waiver",
        "view_waiver",
        "view_retractionnotice",
        "view_link",
        "view_linkanswer",
        "view_sourcelookup",
    ],
    EDITORS: [codename for names in PERMISSIONS.values() for codename in names],
}


def keep_what_editors_noted(apps, schema_editor) -> None:
    """A retraction that stood in a source's own fields becomes a notice that an editor gave."""
    Source = apps.get_model("articles", "Source")
    RetractionNotice = apps.get_model("articles", "RetractionNotice")
    natures = {"retracted": "retraction", "concern": "concern"}
    for source in Source.objects.filter(retraction_state__in=natures).iterator():
        RetractionNotice.objects.create(
            said_by="editor",
            record=f"source {source.pk}",
            nature=natures[source.retraction_state],
            source=source,
            reason=source.retraction_note,
            recorded_at=timezone.now(),
        )


class Migration(migrations.Migration):
    """Writers answer warnings and read the lists; editors keep the lists and note retractions."""

    dependencies = [
        ("articles", "0008_watched_sources_and_waivers"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "articles", PERMISSIONS, ROLES),
            lambda apps, schema_editor: revoke(apps, "articles", ROLES),
        ),
        # Backwards the state and its note still stand in the source: nothing is to be done.
        migrations.RunPython(keep_what_editors_noted, migrations.RunPython.noop),
    ]
