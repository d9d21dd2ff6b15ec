from django.db import migrations, models


class Migration(migrations.Migration):
    """An advisor stands on a panel once, and a proposal that ended is on nobody's panel."""

    dependencies = [("advisors", "0006_panel_record")]
    operations = [
        migrations.RemoveConstraint(
            model_name="panelmember",
            name="panel_member_once",
        ),
        migrations.AddIndex(
            model_name="panelmember",
            index=models.Index(
                condition=models.Q(("confirmed", False), ("ended", "")), fields=["article"], name="panel_member_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended", "")),
                fields=("article", "advisor"),
                name="panel_member_once",
                violation_error_message="This advisor is on the panel already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended__in", ["", "turned_down", "withdrawn", "taken_off"])),
                name="panel_member_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("ended_at", None), ("ended_by", None)),
                    models.Q(
                        models.Q(("ended", ""), _negated=True),
                        ("confirmed", False),
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="panel_member_end_is_whole",
            ),
        ),
    ]
