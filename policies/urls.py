"""The rules by which the publication works, under /policies/."""

from django.urls import path

from policies import views

app_name = "policies"

urlpatterns = [
    path("", views.policies, name="policies"),
    path("<slug:slug>/", views.policy, name="policy"),
]
