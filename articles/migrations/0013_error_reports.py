import betterment.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ErrorReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("passage", betterment.fields.ProseField(blank=True, max_length=1000, verbose_name="the passage")),
                ("message", betterment.fields.ProseField(max_length=4000, verbose_name="what is wrong")),
                ("address", betterment.fields.LineField(blank=True, max_length=254, verbose_name="for an answer")),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("corrected", "led to a correction"),
                            ("nothing", "nothing to correct"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("outcome", betterment.fields.ProseField(blank=True, max_length=1000, verbose_name="what came of it")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="error_reports", to="articles.article"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.revision"
                    ),
                ),
            ],
            options={
                "ordering": ["-received_at", "-pk"],
                "default_permissions": ("view", "change"),
                "indexes": [models.Index(fields=["state", "-received_at"], name="error_report_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "corrected", "nothing"])),
                        name="error_report_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("address", ""),
                                ("closed_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="error_report_closed_says_why",
                    ),
                ],
            },
        ),
    ]
