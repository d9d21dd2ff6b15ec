from django.db import migrations, models

CHOICES = [
    ("draft", "Draft"),
    ("in_review", "In review"),
    ("changes_requested", "Changes requested"),
    ("approved", "Approved"),
    ("published", "Published"),
    ("withdrawn", "Withdrawn"),
]
STAGES = [value for value, _ in CHOICES]


class Migration(migrations.Migration):
    """A stage for what the board approved and an editor took off the page since."""

    dependencies = [("articles", "0021_revision_ordering")]
    operations = [
        migrations.RemoveConstraint(model_name="article", name="article_stage"),
        migrations.RemoveConstraint(model_name="transition", name="transition_stages"),
        migrations.AlterField(
            model_name="article",
            name="stage",
            field=models.CharField(choices=CHOICES, default="draft", editable=False, max_length=20),
        ),
        migrations.AlterField(
            model_name="transition", name="from_stage", field=models.CharField(choices=CHOICES, max_length=20)
        ),
        migrations.AlterField(
            model_name="transition", name="to_stage", field=models.CharField(choices=CHOICES, max_length=20)
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(condition=models.Q(("stage__in", STAGES)), name="article_stage"),
        ),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_stage__in", STAGES), ("to_stage__in", STAGES)), name="transition_stages"
            ),
        ),
    ]
