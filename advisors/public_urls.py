"""Where readers meet the board."""

from django.urls import path

from advisors import public

app_name = "experts"

urlpatterns = [
    path("", public.experts, name="experts"),
    path("<slug:slug>/", public.expert, name="expert"),
]
