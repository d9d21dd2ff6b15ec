from django.db import migrations
from django.db.models import F, OuterRef, Q, Subquery


def mark(apps, schema_editor):
    """Move articles from Approved to Withdrawn whose last publication ended with a notice after the board had approved
    the working copy, or showed that very revision."""
    article, publication = apps.get_model("articles", "Article"), apps.get_model("articles", "Publication")
    approval, revision = apps.get_model("articles", "Approval"), apps.get_model("articles", "Revision")
    last = publication.objects.filter(article=OuterRef("pk"), cancelled_at=None).order_by("-starts_at", "-pk")
    newest = revision.objects.filter(article=OuterRef("pk")).order_by("-number").values("pk")[:1]
    approved_at = approval.objects.filter(revision=OuterRef("newest")).order_by("-approved_at").values("approved_at")
    found = article.objects.filter(stage="approved").annotate(
        newest=Subquery(newest),
        approved_at=Subquery(approved_at[:1]),
        last_shown=Subquery(last.values("approval__revision")[:1]),
        last_notice=Subquery(last.values("notice")[:1]),
        last_ended=Subquery(last.values("ends_at")[:1]),
    )
    found = found.filter(Q(last_ended__gt=F("approved_at")) | Q(last_shown=F("newest"))).exclude(last_notice="")
    article.objects.filter(pk__in=found.values("pk")).update(stage="withdrawn")


def unmark(apps, schema_editor):
    """Move them back: before this stage there was only Approved."""
    apps.get_model("articles", "Article").objects.filter(stage="withdrawn").update(stage="approved")


class Migration(migrations.Migration):
    dependencies = [("articles", "0022_stage_withdrawn")]
    operations = [migrations.RunPython(mark, unmark)]
