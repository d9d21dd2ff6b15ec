"""Public URLs of the board."""

from django.urls import path

from advisors import public_pages

app_name = "experts"

urlpatterns = [
    path("", public_pages.experts, name="experts"),
    path("<slug:slug>/", public_pages.expert, name="expert"),
]
