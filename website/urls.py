"""Addresses that readers use. None shows anything that is not visible (website.views) but to who has a link to it."""

from django.urls import include, path

from articles import preview_links
from website import corrections, exports, record, views

app_name = "website"

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("website.reader_urls")),
    path("", include("website.machine_urls")),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/record/", record.record, name="record"),
    path("articles/<slug:slug>/versions/<int:number>/", record.version, name="version"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("articles/<slug:slug>/sources.<slug:ending>", exports.sources, name="sources"),
    path("preview/<str:token>/", preview_links.shared, name="shared_preview"),
]
