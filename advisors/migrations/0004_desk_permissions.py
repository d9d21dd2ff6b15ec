from django.db import migrations

from accounts.roles import ADVISORS, EDITORS, WRITERS, grant, ordinary, revoke

PERMISSIONS = {
    "checklistitem": ordinary("checklistitem", "check-list question"),
    "disclosure": ordinary("disclosure", "standing disclosure", "view"),
    "dueletter": ordinary("dueletter", "due letter", "view"),
    "remarkswithheld": ordinary("remarkswithheld", "withheld remarks", "add view"),
}
ROLES = {
    WRITERS: ["view_checklistitem"],
    ADVISORS: ["view_checklistitem"],
    EDITORS: [codename for names in PERMISSIONS.values() for codename in names],
}


class Migration(migrations.Migration):
    """Editors keep the check-lists, see what was disclosed and which letters are due, and may withhold remarks."""

    dependencies = [
        ("advisors", "0003_desk"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "advisors", PERMISSIONS, ROLES),
            lambda apps, schema_editor: revoke(apps, "advisors", ROLES),
        )
    ]
