"""Data to post to a URL: what its own page would send for somebody who may do everything, with small changes."""

from django.contrib import admin

from advisors.models import PanelMember, Question
from tests.access.scene import Scene
from tests.admin_forms import WebForm, forms_of

WORD = "forged"
# The fields that a browser would send to addresses whose page has no form.
TYPED = {
    "decline/": {"reason": "No time.", "decline-reason": "No time."},
    "comment/": {"text": WORD, "block": "1"},
    "pick/sources/add/": {"title": WORD, "key": "forged2020"},
    "pick/sources/look-up/": {"q": WORD},
    "answer/": {"reason": WORD},
    "assign/": {"step": "take"},
    "report/": {"message": WORD, "passage": ""},
    "links/": {"days": "7", "note": WORD},
    "withhold/": {"reason": WORD},
    "paste/": {"text": "TY  - JOUR\nTI  - Forged\nER  - \n"},
    "disclosure/": {f"{question}-has": "no" for question in Question},
    "newsletter/": {"address": "forged@example.org", "consent": "1"},
    "delete/": {"post": "yes"},
    "forgotten/": {"email": "other@example.org"},
}


def sendings(scene: Scene, route: str, stage: str) -> dict[str, dict]:
    """Return what is posted to this URL, by name: the empty form, and forms that might change something."""
    if route.endswith("do/<slug:verb>/"):
        return {verb: _verb(scene, stage, verb) for verb in VERBS}
    if route.endswith("<slug:step>/"):
        return {step: {"reason": "No time.", "remarks": WORD, "text": WORD, "decline-reason": WORD} for step in STEPS}
    sent = {"empty": {}}
    model = _model(route)
    if model is not None and route == f"admin/{model._meta.app_label}/{model._meta.model_name}/":
        sent.update(_actions(scene, model))
    elif route.endswith(("change/", "/add/", "verdict/", "typed/")):
        sent["forged"] = _forged(scene, route, stage)
    if "/proposals/" in route:
        waiting = PanelMember.objects.waiting().get(article=scene.articles[stage])
        sent["typed"] = {"member": waiting.pk, "reason": WORD}
    for ending, data in TYPED.items():
        if route.endswith(ending):
            sent["typed"] = data
    if route.endswith("/delete/"):
        sent["typed"] = {**sent["typed"], **_forged(scene, route, stage)}  # with what the page showed
    return sent


STEPS = ("accept", "decline", "save", "verdict", "reply", "resolve", "reopen", "take")
VERBS = (
    *("submit", "renew", "recall", "request_changes", "change_terms"),
    *("publish", "schedule", "unschedule", "withdraw", "reinstate", "correct_notice"),
)


def address_of(address: str, route: str, name: str) -> str:
    """Return the URL that the form is sent to; the URL itself contains the verb or step."""
    if route.endswith(("<slug:verb>/", "<slug:step>/")):
        return address.rstrip("/").rpartition("/")[0] + f"/{name}/"
    return address


def _verb(scene: Scene, stage: str, verb: str) -> dict:
    pk = scene.articles[stage].pk
    page = scene.client("super").get(f"/admin/articles/article/{pk}/change/")
    for form in forms_of(page):
        if form.address.endswith(f"/do/{verb}/"):
            return changed(form).data
    return {f"{verb}-{name}": WORD for name in ("note", "reason", "change_note", "notice")}


def _forged(scene: Scene, route: str, stage: str) -> dict:
    """Return the form of the page as a superuser, or the advisor who was asked, sees it, with other words in it."""
    address = scene.address(route, stage)
    if route.startswith("board/reviews/"):
        address = f"/board/reviews/{scene.reviews[stage].pk}/"
    role = "asked" if route.startswith("board/") else "super"
    forms = forms_of(scene.client(role).get(address))
    named = [form for form in forms if form.name.endswith("_form")]  # by Django; others are tools and dialogs
    chosen = named or [form for form in forms if form.address.endswith(route.split("/")[-2] + "/")]
    return changed(chosen[0]).data if chosen else {}


# What is typed into an empty field, by the end of the field's name.
BLANKS = {
    **dict.fromkeys(("note", "reason", "change_note", "notice", "name", "title", "question", "summary"), WORD),
    **dict.fromkeys(("avoid", "prefer", "outcome", "authors", "container", "record"), WORD),
    **{"slug": WORD, "key": "forged2020", "year": "2020", "email": "forged@example.org", "body": "<p>Forged.</p>"},
    **{"doi": "10.1000/forged", "upper_limit": "", "said_by": "editor", "nature": "correction"},
    **{"from_path": "/blog/forged/", "to_path": "/topics/"},
}


def changed(form: WebForm) -> WebForm:
    """Return the data with another word in the first field that has one, and with something in the empty fields."""
    for name in ("title", "name", "text", "label", "note", "term", "preferred", "standfirst", "question"):
        if form.data.get(name, [""]) != [""]:
            form.data[name] = [f"{form.data[name][0]} {WORD}"]
            break
    for name, values in form.data.items():
        end = name.rpartition("-")[2]
        if values == [""] and end in BLANKS and "__prefix__" not in name:
            form.data[name] = [BLANKS[end]]
    return form


def _model(route: str) -> type | None:
    parts = route.split("/")
    names = {(model._meta.app_label, model._meta.model_name): model for model in admin.site._registry}
    return names.get(tuple(parts[1:3])) if parts[0] == "admin" and len(parts) > 2 else None


def _actions(scene: Scene, model: type) -> dict[str, dict]:
    """Return every bulk action of this list, on its first row, as if it had been confirmed."""
    page = admin.site._registry[model]
    names = [name for _, name, _ in page._get_base_actions()]
    row = model._default_manager.order_by("pk").first()
    chosen = {"_selected_action": [row.pk]}
    sent = {name: {"action": name, **chosen, "post": "yes", "confirmed": "yes"} for name in names}
    if "delete_selected" in sent:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        confirmation = scene.client("super").post(address, {"action": "delete_selected", **chosen})
        forms = forms_of(confirmation) if confirmation.status_code == 200 else []
        seen = [form.data["seen"] for form in forms if "seen" in form.data and "post" in form.data]
        sent["delete_selected"] |= {"seen": seen[0]} if seen else {}
    return sent
