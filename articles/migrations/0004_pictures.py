import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import betterment.fields
import betterment.picture_fields


class Migration(migrations.Migration):
    """The library of pictures, with its history."""

    dependencies = [
        ("articles", "0003_publications_never_overlap"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalPicture",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("image", models.TextField(db_index=True, max_length=150, verbose_name="picture")),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                (
                    "alternative_text",
                    betterment.fields.LineField(
                        help_text="What one sees, in a sentence, for those who do not see it. "
                        "Of a chart: what it shows.",
                        max_length=250,
                    ),
                ),
                (
                    "caption",
                    betterment.fields.LineField(
                        blank=True, help_text="Stands below the picture unless a text says otherwise.", max_length=250
                    ),
                ),
                (
                    "credit",
                    betterment.fields.LineField(
                        help_text="Who made it and under which licence, such as “Photo: Jane Doe, CC BY 4.0”.",
                        max_length=120,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                (
                    "is_archived",
                    models.BooleanField(
                        default=False,
                        help_text="Not offered for new texts any more. Texts that show it go on showing it.",
                        verbose_name="in the archive",
                    ),
                ),
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
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical picture",
                "verbose_name_plural": "historical pictures",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "image",
                    betterment.picture_fields.PictureField(
                        height_field="height",
                        max_length=150,
                        unique=True,
                        upload_to="pictures",
                        verbose_name="picture",
                        width_field="width",
                    ),
                ),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                (
                    "alternative_text",
                    betterment.fields.LineField(
                        help_text="What one sees, in a sentence, for those who do not see it. "
                        "Of a chart: what it shows.",
                        max_length=250,
                    ),
                ),
                (
                    "caption",
                    betterment.fields.LineField(
                        blank=True, help_text="Stands below the picture unless a text says otherwise.", max_length=250
                    ),
                ),
                (
                    "credit",
                    betterment.fields.LineField(
                        help_text="Who made it and under which licence, such as “Photo: Jane Doe, CC BY 4.0”.",
                        max_length=120,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                (
                    "is_archived",
                    models.BooleanField(
                        default=False,
                        help_text="Not offered for new texts any more. Texts that show it go on showing it.",
                        verbose_name="in the archive",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pictures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alternative_text", ""), _negated=True), models.Q(("credit", ""), _negated=True)
                        ),
                        name="picture_described_and_credited",
                    )
                ],
            },
        ),
    ]
