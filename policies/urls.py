"""Public URLs of the policies, under /policies/."""

from django.urls import path

from policies import views

app_name = "policies"

urlpatterns = [
    path("", views.policies, name="policies"),
    path("<slug:slug>/", views.policy, name="policy"),
]
