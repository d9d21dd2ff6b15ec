"""URLs of the review desk. Those below `reviews/` are for the review's advisor, by sign-in or by token."""

from django.urls import path

from advisors.review_desk import (
    account_correction,
    answers,
    consent,
    home,
    invitation,
    kept_data,
    link_accesses,
    name,
    profile,
    review_page,
    threads,
)

app_name = "board"

urlpatterns = [
    path("", home.desk, name="desk"),
    path("profile/", profile.profile, name="profile"),
    path("disclosure/", profile.disclosure, name="disclosure"),
    path("name/", name.name, name="name"),
    path("consent/", consent.consent, name="consent"),
    path("accesses/", link_accesses.accesses, name="accesses"),
    path("kept/", kept_data.kept, name="kept"),
    path("kept/export.json", kept_data.export, name="export"),
    path("c/<str:token>/", account_correction.correction, name="correction"),
    path("r/<str:token>/", invitation.arrive, name="arrive"),
    path("reviews/<int:review_id>/", review_page.review, name="review"),
    path("reviews/<int:review_id>/accept/", answers.accept, name="accept"),
    path("reviews/<int:review_id>/decline/", answers.decline, name="decline"),
    path("reviews/<int:review_id>/reopen/", answers.reopen, name="reopen"),
    path("reviews/<int:review_id>/more-time/", answers.more_time, name="more_time"),
    path("reviews/<int:review_id>/typed/", answers.typed, name="typed"),
    path("reviews/<int:review_id>/verdict/", answers.verdict, name="verdict"),
    path("reviews/<int:review_id>/take-back/", answers.take_back, name="take_back"),
    path("reviews/<int:review_id>/comment/", threads.comment, name="comment"),
    path("reviews/<int:review_id>/threads/<int:comment_id>/", threads.thread, name="thread"),
]
