from django.db import migrations

NOT_LET_IN = [401, 403, 407, 429, 451]


def name_findings(apps, schema_editor):
    """Say of answers that were recorded before findings were what they found; a 503 then counts as failed."""
    unnamed = apps.get_model("articles", "LinkAnswer").objects.filter(finding="")
    unnamed.filter(answers=True).update(finding="page")
    for status, finding in ((404, "not_found"), (410, "gone")):
        unnamed.filter(status=status).update(finding=finding)
    unnamed.filter(status__in=NOT_LET_IN).update(finding="not_let_in")
    unnamed.update(finding="failed")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0029_link_findings_and_uses"),
    ]

    operations = [
        migrations.RunPython(name_findings, migrations.RunPython.noop),
    ]
