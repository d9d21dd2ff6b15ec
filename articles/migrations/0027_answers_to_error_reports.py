import betterment.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0026_submission_answers_until"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", betterment.fields.ProseField(blank=True, max_length=4000)),
                ("recipients", models.PositiveSmallIntegerField(default=1)),
                ("written_by_name", betterment.fields.LineField(max_length=120)),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReportEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("answered", "answered the reader"),
                            ("closed", "closed it"),
                            ("reopened", "reopened it"),
                            ("joined", "marked it as the same as another report"),
                            ("parted", "took it apart from the other report"),
                            ("erased", "erased the reader's address and words"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor_name", betterment.fields.LineField(max_length=120)),
                ("at", models.DateTimeField()),
                ("note", betterment.fields.ProseField(blank=True)),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="errorreport",
            name="error_report_state_known",
        ),
        migrations.AddField(
            model_name="errorreport",
            name="corrected_in",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.publication"
            ),
        ),
        migrations.AddField(
            model_name="errorreport",
            name="erased_at",
            field=models.DateTimeField(null=True, verbose_name="erased"),
        ),
        migrations.AddField(
            model_name="errorreport",
            name="fingerprint",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="errorreport",
            name="last_received_at",
            field=models.DateTimeField(null=True, verbose_name="last received"),
        ),
        migrations.AddField(
            model_name="errorreport",
            name="same_as",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duplicates",
                to="articles.errorreport",
            ),
        ),
        migrations.AddField(
            model_name="errorreport",
            name="times",
            field=models.PositiveIntegerField(default=1, verbose_name="times received"),
        ),
        migrations.AlterField(
            model_name="errorreport",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "open"),
                    ("corrected", "corrected"),
                    ("nothing", "nothing to correct"),
                    ("spam", "spam"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="errorreport",
            index=models.Index(fields=["article", "state", "-received_at"], name="error_report_of_article"),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "corrected", "nothing", "spam"])),
                name="error_report_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("corrected_in", None), ("state", "corrected"), _connector="OR"),
                name="error_report_version_corrects",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("same_as", None), models.Q(("same_as", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="error_report_not_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(("address", ""), ("fingerprint", ""), ("message", ""), ("passage", "")),
                    _connector="OR",
                ),
                name="error_report_erased_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("same_as", None), ("state", "open"), models.Q(("fingerprint", ""), _negated=True)),
                fields=("article", "fingerprint"),
                name="error_report_open_once",
            ),
        ),
        migrations.AddField(
            model_name="reportanswer",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="articles.errorreport"
            ),
        ),
        migrations.AddField(
            model_name="reportanswer",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reportevent",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reportevent",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="articles.errorreport"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", ["answered", "closed", "reopened", "joined", "parted", "erased"])),
                name="report_event_act_known",
            ),
        ),
    ]
