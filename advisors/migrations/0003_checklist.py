from django.db import migrations

QUESTIONS = [
    (
        "Does every claim say what its source says, and no more?",
        "Compare each claim with the source that it cites: population, dose, duration, outcome.",
    ),
    (
        "Do the numbers agree with the papers?",
        "Effects, intervals, units, numbers of participants; absolute figures beside relative ones.",
    ),
    (
        "Are doses and upper limits right, with form and unit?",
        "“Does not apply” where the text names no dose.",
    ),
    (
        "Does it say who should not take it, or should ask first?",
        "Pregnancy, children, illnesses, medicines that it interacts with.",
    ),
    (
        "Are harms and side effects given the weight that they have?",
        "What is common, what is serious, what has not been looked for.",
    ),
    (
        "Is the wording as certain as the evidence, and no more?",
        "Association or cause, animals or people, one small trial or many.",
    ),
    (
        "Is what matters there, with what speaks against it?",
        "Trials that found nothing, newer reviews, better known ways to the same end.",
    ),
]


def fill(apps, schema_editor):
    """Add the questions that are missing. Leave alone what editors have changed or added."""
    ChecklistItem = apps.get_model("advisors", "ChecklistItem")
    known = set(ChecklistItem.objects.values_list("question", flat=True))
    ChecklistItem.objects.bulk_create(
        ChecklistItem(question=question, hint=hint, position=place * 10)
        for place, (question, hint) in enumerate(QUESTIONS, 1)
        if question not in known
    )


def empty(apps, schema_editor):
    """Delete the questions that are unchanged and that nobody has answered."""
    ChecklistItem = apps.get_model("advisors", "ChecklistItem")
    answered = apps.get_model("advisors", "ChecklistAnswer").objects.values("item")
    for question, hint in QUESTIONS:
        ChecklistItem.objects.filter(question=question, hint=hint).exclude(pk__in=answered).delete()


class Migration(migrations.Migration):
    """Add the first questions of the check-list, which editors can change."""

    dependencies = [("advisors", "0002_roles")]
    operations = [migrations.RunPython(fill, empty)]
