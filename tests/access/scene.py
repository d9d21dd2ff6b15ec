"""A newsroom with at least one row of everything, an article at each stage, and everybody who might ask for it."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.test import Client, override_settings
from django.utils import timezone

from accounts import emails
from accounts.models import User
from advisors import invitations, proposals, reviews
from advisors.corrections import asking, links
from advisors.models import AccountCorrection, ChecklistItem, Occasion, PersonFlag, Review, ScheduledEmail
from articles import preview_links
from articles.models import Article, ArticleTemplate, Publication
from articles.models.persons import sides_of
from articles.names import changes
from audit import keys, records, seals
from checks.models import Condition, PreferredTerm
from core.house.publishing import publish
from core.models import Redirect
from jobs.models import Job, JobState
from manuscripts import uploading
from manuscripts.models import Manuscript
from newsletter import subscribing
from newsletter.consent import CURRENT
from newsletter.models import Subscriber
from newsletter.tokens import confirm_link, unsubscribe_link
from policies.models import Policy
from products.models import Ingredient, Product
from sources.models import Link, Nature, NoticeOrigin, RetractionNotice
from tests import newsroom
from tests.access.walking import filled, places
from tests.demonstration import signing_settings
from tests.pictures import photos
from website.error_reports import handling

STAGES = ("draft", "in_review", "approved", "published")
# In the order of the tables' columns. `own` began the articles and is their author; `other` is another writer; `asked`
# reviews each of them; `unasked` is on the board and reviews none; `bare` may enter the admin but has no role.
ROLES = ("anon", "own", "other", "asked", "unasked", "editor", "super", "bare")
SLUGS = {
    **{"topics/": "sleep", "feeds/topics/": "sleep", "authors/": "wanda-writer", "experts/": "ada"},
    **{"products/": "magnesium", "policies/": "the-rules"},
}
# What each article has one of.
STAGED = (
    *("admin/articles/article/<path:object_id>/", "articles/<slug:slug>/"),
    *("admin/advisors/advisor/for/", "admin/advisors/advisor/proposals/"),
)
REVIEWED = ("admin/advisors/review/<", "board/reviews/")


@dataclass
class Scene:
    people: dict[str, User | AnonymousUser]
    articles: dict[str, Article]
    reviews: dict[str, Review]
    secrets: dict[str, str]
    sessions: dict[str, str] = field(default_factory=dict)

    def __deepcopy__(self, memo: dict) -> "Scene":
        """Return this object itself. Django copies what a test class has set up for each test, and no test changes
        this.
        """
        return self

    def client(self, role: str) -> Client:
        """Return a client of its own in which this role is signed in."""
        client = Client(raise_request_exception=False)
        if role in self.sessions:
            client.cookies["sessionid"] = self.sessions[role]
        return client

    def stages_of(self, route: str) -> tuple[str, ...]:
        """Return the stages at which an address is asked: all stages if it belongs to an article, otherwise one."""
        if route.startswith(REVIEWED):
            return STAGES[1:]  # nobody reviews a draft
        return STAGES if route.startswith(STAGED) else ("-",)

    def address(self, route: str, stage: str) -> str:
        """Return the URL of a route for the objects that exist at this stage."""
        return filled(route, {name: self._value(route, name, stage) for name in places(route)})

    def _value(self, route: str, name: str, stage: str) -> object:
        article = self.articles.get(stage, self.articles["published"])
        review = self.reviews.get(stage, self.reviews["in_review"])
        if route.startswith("admin/r/"):
            return {"content_type_id": ContentType.objects.get_for_model(Article).pk, "object_id": article.pk}[name]
        if name in ("object_id", "id", "unnamed0"):
            return review.pk if "advisors/review/" in route else self._row(route, article)
        if name == "unnamed1":
            return self._row(route, article, history=True)
        if route.startswith("admin/manuscripts/"):
            return {"number": Manuscript.objects.earliest("pk").pk, "place": 1}[name]
        if name == "slug":
            return next((slug for begins, slug in SLUGS.items() if route.startswith(begins)), article.slug)
        if name == "token":
            return self.secrets[route.split("<")[0]]
        if name == "name":
            return self.secrets["picture"] if route.startswith("media/") else "review_invitation"
        fixed = {
            **{
                "number": 1,
                "part": 1,
                "ending": "ris",
                "extension": "png",
                "verb": "submit",
                "step": "accept",
                "app_label": "articles",
                "citation_key": "doe2020",
                "first": 1,
                "second": 3,
            },
            **{"url": "no/such/page", "uidb36": "1", "key": "no-token", "pk": 1},
            **{"review_id": review.pk, "article_id": article.pk, "link_id": self.secrets["link"]},
            "comment_id": self.secrets["comment"],
            "change_id": self.secrets["change"],
        }
        return fixed[name]

    def _row(self, route: str, article: Article, history: bool = False) -> object:
        """Return the row of the model that a URL of the admin names, or its history row if the URL asks for one."""
        _, app, model, *_ = route.split("/")
        model = apps.get_model(app, model)
        if model is Article:
            row = article.pk
        elif model is User:
            row = self.people["other"].pk
        else:
            row = model._default_manager.order_by("pk").first().pk
        return row if not history else model.history.filter(id=row).earliest("history_id").history_id


def build() -> Scene:
    """Build the whole scene with the functions that the site itself uses."""
    cast = newsroom.cast()
    bare = newsroom.user("bare", is_staff=True)
    made = {
        "draft": newsroom.draft(cast, slug="the-draft"),
        "in_review": newsroom.draft(cast, slug="the-reviewed"),
        "approved": newsroom.draft(cast, slug="the-approved"),
        "published": newsroom.draft(cast, slug="the-published"),
    }
    newsroom.submit(cast, made["in_review"])
    with tempfile.TemporaryDirectory() as folder, override_settings(**signing_settings(Path(folder))):
        keys.make()
        for stage in ("approved", "published"):
            newsroom.approve(newsroom.submit(cast, made[stage]))
            seals.seal()
        newsroom.publish(cast, Article.objects.get(pk=made["published"].pk))
        records.sign_missing()
    articles = {stage: Article.objects.get(pk=article.pk) for stage, article in made.items()}
    for article in articles.values():
        proposals.propose(article=article, advisors=[newsroom.advisor(f"new-{article.slug}")], actor=cast.writer)
    _one_of_each(cast)
    first = Review.objects.get(submission__article=articles["in_review"], advisor=cast.advisors[0])
    reviews.accept(review=first, actor=cast.advisors[0].user)
    comment = reviews.comment(review=first, actor=cast.advisors[0].user, text="Say for whom this holds.")
    handling.receive(
        publication=Publication.objects.get(approval__revision__article=articles["published"]), message="A slip."
    )
    link, token = preview_links.share(revision=articles["draft"].head(), actor=cast.writer)
    subscribing.ask(address="reader@example.org", consent=CURRENT)
    subscriber = Subscriber.objects.get()
    people = {
        **{"anon": AnonymousUser(), "own": cast.writer, "other": cast.colleague, "bare": bare},
        **{"asked": cast.advisors[0].user, "unasked": cast.advisors[2].user},
        **{"editor": cast.editor, "super": cast.admin},
    }
    scene = Scene(
        people=people,
        articles=articles,
        reviews={
            stage: Review.objects.get(submission__article=articles[stage], advisor=cast.advisors[0])
            for stage in STAGES[1:]
        },
        secrets={
            "preview/": token,
            "board/c/": links.token_for(AccountCorrection.objects.get()),
            "board/r/": invitations.issue(first),
            "newsletter/confirm/": confirm_link(subscriber).rstrip("/").rsplit("/", 1)[1],
            "newsletter/unsubscribe/": unsubscribe_link(subscriber).rstrip("/").rsplit("/", 1)[1],
            "picture": photos.add(cast.writer).image.name,
            "link": str(link.pk),
            "comment": str(comment.pk),
            "change": str(changes.ask(person=cast.writer, actor=cast.writer, name="Zelda Quill")[0].pk),
        },
    )
    for role in ROLES[1:]:
        people[role].set_password(newsroom.PASSWORD)
        people[role].save(update_fields=["password"])
        client = Client()
        client.force_login(people[role])
        scene.sessions[role] = client.cookies["sessionid"].value
    return scene


def _one_of_each(cast: newsroom.Cast) -> None:
    """Create a row for every other page of the admin."""
    Product.objects.create(name="Magnesium", slug="magnesium", description="<p>Tablets.</p>")
    Policy.objects.create(title="The rules", slug="the-rules", summary="All.", body="<p>All.</p>", is_shown=True)
    newsroom.source("spare2021")
    ChecklistItem.objects.create(question="Is the dose right?")
    Redirect.objects.create(from_path="/blog/sleep/", to_path="/topics/sleep/", made_by=cast.editor)
    png = photos.photograph(kind="PNG")
    logo = {"logo": png, "logo_extension": "png", "logo_width": 60, "logo_height": 40}
    publish(by=cast.admin, base=0, values={"accent": "#7a1f5c", **logo})
    now = timezone.now()
    Link.objects.create(url="https://journal.example/trial")
    RetractionNotice.objects.create(
        doi="10.1000/retracted", said_by=NoticeOrigin.EDITOR, nature=Nature.RETRACTION, recorded_at=now
    )
    ScheduledEmail.objects.create(occasion=Occasion.choices[0][0], key="one", recipient=cast.editor, due_at=now)
    Job.objects.create(name="pictures.renditions", state=JobState.FAILED, error="no", finished_at=now)
    for made_by_migration in (PreferredTerm, Condition, Ingredient, ArticleTemplate):
        made_by_migration.objects.order_by("pk").first().save()  # a migration leaves no history
    emails.invitation(cast.colleague, by=cast.admin)
    pair = f"u{cast.writer.pk} u{cast.colleague.pk}"
    PersonFlag.objects.create(pair=pair, reasons=["name"], **sides_of(pair))
    manuscript = uploading.upload(data=b"Sleep\n\nIt helps.", name="sleep.txt", actor=cast.writer)
    manuscript.pictures.create(number=1, content=png)
    moved = newsroom.user("new-ada")
    asking.ask_for_account(subject=cast.advisors[0], new_account=moved, reason="She has moved.", actor=cast.editor)
