import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import betterment.fields


class Migration(migrations.Migration):
    """When each advisor was proposed, who decided, and how it ended. Of earlier proposals the moment is not known."""

    dependencies = [
        ("advisors", "0005_checklist"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="panelmember",
            name="decided_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="decided_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="end_reason",
            field=betterment.fields.ProseField(blank=True, editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="ended",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "not ended"),
                    ("turned_down", "turned down"),
                    ("withdrawn", "withdrawn"),
                    ("taken_off", "taken off the panel"),
                ],
                default="",
                editable=False,
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="ended_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="ended_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="proposed_at",
            field=models.DateTimeField(editable=False, help_text="Empty: before this was recorded.", null=True),
        ),
        migrations.AlterField(
            model_name="panelmember",
            name="proposed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                editable=False,
                help_text="Empty: before this was recorded.",
                null=True,
            ),
        ),
    ]
