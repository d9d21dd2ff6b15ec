from django.db import migrations

DISCLOSURE = "[…] Say what we sell or earn in connection with this article, or that it is nothing."

# Each template: its name, when to use it, and its text by field.
TEMPLATES = [
    (
        "Ingredient review",
        "What trials found about one ingredient: effect, dose, safety.",
        {
            "standfirst": "[…] Name the ingredient and the question, and say in one sentence what the trials found.",
            "key_messages": (
                "[…] What it did in trials, in whom, and how sure we are.\n"
                "[…] How much was taken, and for how long.\n"
                "[…] Who should not take it."
            ),
            "body": (
                "<h2>What it is</h2>"
                "<p>[…] Say where it comes from, which forms are sold, and why people take it.</p>"
                "<h2>What the trials found</h2>"
                "<p>[…] Begin with the best evidence: who took part, what they took, how long, and what was measured. "
                "Give the effect as a number with its uncertainty, and cite the source.</p>"
                "<p>[…] Say where trials disagree, and why that may be.</p>"
                "<h2>How much, and for how long</h2>"
                "<p>[…] Give the amounts that were tried, per day, with the form. Compare them with the upper limit.</p>"
                "<h2>What we do not know</h2>"
                "<p>[…] Say who was not studied, and which questions are open.</p>"
            ),
            "safety_note": (
                "<p>[…] Say who should not take it, which medicines it interacts with, the upper limit, and which "
                "side effects to expect.</p>"
            ),
            "disclosure": DISCLOSURE,
        },
    ),
    (
        "Condition explainer",
        "One condition: what it is, what helps, and when to see a doctor.",
        {
            "standfirst": "[…] Name the condition and say what the reader will know at the end.",
            "key_messages": (
                "[…] What the condition is, in one sentence.\n"
                "[…] What helps, by the best evidence.\n"
                "[…] When to see a doctor."
            ),
            "body": (
                "<h2>What it is</h2>"
                "<p>[…] Describe it in plain words: what people notice, how common it is, how long it lasts.</p>"
                "<h2>What causes it</h2>"
                "<p>[…] Say what is known, and what is only suspected.</p>"
                "<h2>What helps</h2>"
                "<p>[…] Begin with what guidelines recommend. Give each effect as a number, and cite the source.</p>"
                "<h2>What does not help, or has not been studied</h2>"
                "<p>[…] Name what readers will have heard of.</p>"
                "<h2>When to see a doctor</h2>"
                "<p>[…] List the signs that need attention, and how soon.</p>"
            ),
            "safety_note": "<p>[…] Say for whom the advice above does not hold, such as in pregnancy.</p>",
            "disclosure": DISCLOSURE,
        },
    ),
    (
        "Product explainer",
        "One product that we sell: what is in it, and the evidence for each ingredient.",
        {
            "standfirst": "[…] Name the product, what is in it, and what this article explains.",
            "key_messages": (
                "[…] What is in a daily serving.\n[…] What the evidence says of these amounts.\n[…] Who should not take it."
            ),
            "body": (
                "<h2>What is in it</h2>"
                "<p>[…] List each ingredient with its amount in a daily serving, as on the label.</p>"
                "<h2>What the evidence says</h2>"
                "<p>[…] Take each ingredient in turn: what trials measured, at which amount, and how that compares with "
                "a serving. Cite the source.</p>"
                "<h2>How to take it</h2>"
                "<p>[…] Give the serving, the time of day, and what to do after a missed one.</p>"
                "<h2>What it cannot do</h2>"
                "<p>[…] Say which effects have not been shown. A supplement is not a medicine.</p>"
            ),
            "safety_note": (
                "<p>[…] Give the cautions of the label, interactions with medicines, and how a serving compares with "
                "the upper limit.</p>"
            ),
            "disclosure": "[…] Say that we sell this product, and who paid for this article.",
        },
    ),
    (
        "News",
        "One new study or decision, soon after it appeared.",
        {
            "standfirst": "[…] Say what is new, who found or decided it, and what it means for readers.",
            "key_messages": "[…] What is new.\n[…] What it changes for readers, and what it does not.",
            "body": (
                "<h2>What is new</h2>"
                "<p>[…] Say who did what, when, and where it was published. Cite it.</p>"
                "<h2>How they did it</h2>"
                "<p>[…] Give the design, the number of people, how long it lasted, and who paid for it.</p>"
                "<h2>How far to trust it</h2>"
                "<p>[…] Compare it with earlier evidence, and name the main limits.</p>"
                "<h2>What it means for you</h2>"
                "<p>[…] Say what a reader can do, or that nothing changes yet.</p>"
            ),
            "disclosure": DISCLOSURE,
        },
    ),
]


def fill(apps, schema_editor):
    """Add the templates whose names are not in use; leave those that editors have written."""
    template = apps.get_model("articles", "ArticleTemplate")
    known = {name.casefold() for name in template.objects.values_list("name", flat=True)}
    template.objects.bulk_create(
        template(name=name, purpose=purpose, **text)
        for name, purpose, text in TEMPLATES
        if name.casefold() not in known
    )


def empty(apps, schema_editor):
    """Delete the templates that are still as `fill` added them."""
    template = apps.get_model("articles", "ArticleTemplate")
    for name, purpose, text in TEMPLATES:
        template.objects.filter(name=name, purpose=purpose, **text).delete()


class Migration(migrations.Migration):
    """Add the first templates of articles, which editors can change."""

    dependencies = [("articles", "0003_roles")]
    operations = [migrations.RunPython(fill, empty)]
