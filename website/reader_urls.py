"""Addresses of the site around the articles; part of website.urls, in its namespace."""

from django.urls import path

from website import browse
from website.error_reports import views

urlpatterns = [
    path("search/", browse.search, name="search"),
    path("topics/", browse.topics, name="topics"),
    path("topics/<slug:slug>/", browse.topic, name="topic"),
    path("articles/<slug:slug>/report/", views.report, name="report"),
    path("articles/<slug:slug>/report/sent/", views.sent, name="report_sent"),
    path("authors/", browse.authors, name="authors"),
    path("authors/<slug:slug>/", browse.author, name="author"),
]
