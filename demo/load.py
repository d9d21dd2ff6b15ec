"""Load the demonstration into an empty site through the functions that the admin and the review desk call.

People, sources, products, topics and policies are created here; demo.articles creates the articles.
"""

from collections.abc import Callable
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from accounts.roles import ADVISORS, EDITORS, WRITERS
from advisors import disclosures
from advisors.disclosures import Interest
from advisors.models import Advisor, Question
from advisors.personal_data import consents
from advisors.quorum import vouching
from articles.models import Author, Topic
from demo.articles import DemonstrationArticles
from demo.pictures import Picture, prepared_pictures
from demo.texts import table, text
from policies.models import Policy
from products.models import Ingredient, Product, ProductIngredient, ProductPicture
from sources.models import Source

PASSWORD = "betterment-demo"
VIEWS = ("pack", "contents")  # the two pictures of a product
ADMIN, EDITOR = "admin@example.org", "editor@example.org"
SIGN_INS = f"""
Sign in at /admin/ with the password {PASSWORD}:
  writer@example.org     writes and submits
  advisor1@example.org   reviews (advisor2, advisor3 as well)
  editor@example.org     decides the panel, publishes, schedules, withdraws
  admin@example.org      administers; has no vote on the board
"""
Progress = Callable[[str], object]


def is_loaded() -> bool:
    """Return whether the demonstration has been loaded, that is, whether its administrator's account exists.

    This suffices, because loading is a single transaction.
    """
    return User.objects.filter(email=ADMIN).exists()


@transaction.atomic
def everything(progress: Progress = print) -> None:
    """Load the whole demonstration in one transaction. `progress` is called with a line of text for each step."""
    with prepared_pictures() as picture:
        _everything(progress, picture)


def _everything(progress: Progress, picture: Picture) -> None:
    progress("People …")
    people = table("people")
    editor = _user(EDITOR, "Eleanor Marsh", EDITORS)
    User.objects.create_superuser(ADMIN, None, name="Ada Min")
    authors = {row["slug"]: _author(row, picture) for row in people["author"]}
    advisors = {row["slug"]: _advisor(row, picture) for row in people["advisor"]}
    # All users share one hash: hashing is slow by design, and the password is public.
    emails = [ADMIN, EDITOR, *(row["email"] for row in (*people["author"], *people["advisor"]))]
    User.objects.filter(email__in=emails).update(password=make_password(PASSWORD))
    progress("Sources …")
    sources = {row["key"]: (_source(row, editor), row["supports"]) for row in table("sources")["source"]}
    for row in table("products")["product"]:
        progress(f"Product: {row['name']} …")
        _product(row, picture)
    topics = {name: _topic(name, description) for name, description in table("topics").items()}
    progress("Policies …")
    for place, row in enumerate(table("policies/policies")["policy"]):
        _policy(row, place)
    articles = DemonstrationArticles(people, authors, advisors, topics, sources, editor, picture)
    for article in articles.create_all():
        progress(f"Article: {article} – {article.get_stage_display()}")


def _user(email: str, name: str, role: str) -> User:
    user = User.objects.create_user(email, None, name=name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def _profile(row: dict, picture: Picture) -> dict:
    fields = {name: row[name] for name in ("name", "slug", "credentials", "job_title", "affiliation", "biography")}
    return {**fields, "photo": picture("people", f"{row['slug']}.webp")}


def _author(row: dict, picture: Picture) -> Author:
    return Author.objects.create(user=_user(row["email"], row["name"], WRITERS), **_profile(row, picture))


def _advisor(row: dict, picture: Picture) -> Advisor:
    user = _user(row["email"], row["name"], ADVISORS)
    advisor = Advisor.objects.create(user=user, **_profile(row, picture))
    disclosed = {Question.OTHER: Interest(row["disclosure"]), Question.FEES: Interest(row["fees"])}
    interests = dict.fromkeys(Question, Interest()) | disclosed
    disclosures.disclose(advisor=advisor, actor=user, interests=interests)
    admin = User.objects.get(email=ADMIN)
    vouching.vouch(advisor=advisor, actor=admin, how="An invented person of the demonstration.")
    consents.give(advisor=advisor, actor=user, digest=consents.digest_of(consents.current_words()))
    return advisor


def _topic(name: str, description: str) -> Topic:
    topic = Topic(name=name, slug=slugify(name), description=description)
    topic.full_clean()
    topic.save()
    return topic


def _source(row: dict, editor: User) -> Source:
    fields = {name: value for name, value in row.items() if name not in ("authors", "accessed", "supports")}
    source = Source(
        authors="\n".join(row.get("authors", [])), accessed_on=row.get("accessed"), created_by=editor, **fields
    )
    source.full_clean()
    source.save()
    return source


def _product(row: dict, picture: Picture) -> Product:
    fields = {
        name: row[name]
        for name in ("name", "slug", "audience", "kind", "tagline", "description", "directions", "cautions")
    }
    shop = f"https://shop.example.org/{row['slug']}"
    product = Product(ingredients="\n".join(row["ingredients"]), shop_url=shop, **fields)
    product.full_clean()
    product.save()
    for place, (name, amount) in enumerate(row.get("active", {}).items()):
        active = ProductIngredient(product=product, ingredient=Ingredient.objects.get(name=name), position=place)
        active.amount = Decimal(str(amount))
        active.full_clean()
        active.save()
    for place, (view, alt) in enumerate(zip(VIEWS, row["alt"], strict=True)):
        image = picture("products", f"{row['slug']}-{view}.webp")
        ProductPicture.objects.create(product=product, image=image, alternative_text=alt, position=place)
    return product


def _policy(row: dict, place: int) -> Policy:
    policy = Policy(body=text("policies", f"{row['slug']}.html"), position=place, is_shown=True, **row)
    policy.full_clean()
    policy.save()
    return policy
