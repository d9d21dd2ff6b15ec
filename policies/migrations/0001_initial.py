import betterment.fields
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", betterment.fields.LineField(max_length=120)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of its web address.",
                        max_length=80,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                (
                    "summary",
                    betterment.fields.LineField(
                        help_text="One sentence: what a reader finds out here.", max_length=240
                    ),
                ),
                (
                    "body",
                    betterment.fields.HtmlField(
                        help_text="Headings start at the second level: the title is the first."
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="Its place in the list, the smallest first."),
                ),
                ("is_shown", models.BooleanField(default=False, verbose_name="shown to readers")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="last change of its words")),
            ],
            options={
                "verbose_name_plural": "policies",
                "ordering": ["position", "title"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPolicy",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("title", betterment.fields.LineField(max_length=120)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of its web address.", max_length=80, verbose_name="address"
                    ),
                ),
                (
                    "summary",
                    betterment.fields.LineField(
                        help_text="One sentence: what a reader finds out here.", max_length=240
                    ),
                ),
                (
                    "body",
                    betterment.fields.HtmlField(
                        help_text="Headings start at the second level: the title is the first."
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="Its place in the list, the smallest first."),
                ),
                ("is_shown", models.BooleanField(default=False, verbose_name="shown to readers")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="last change of its words")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical policy",
                "verbose_name_plural": "historical policies",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
