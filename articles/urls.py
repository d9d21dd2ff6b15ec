"""Addresses that readers use. None shows anything that is not visible (articles.views) but to who has a link to it."""

from django.urls import path

from articles import exports, preview_links, views

app_name = "articles"

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/sources.<slug:ending>", exports.sources, name="sources"),
    path("preview/<str:token>/", preview_links.shared, name="shared_preview"),
]
