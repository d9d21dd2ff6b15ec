"""Addresses of the site around the articles; part of articles.urls, in its namespace."""

from django.urls import path

from articles import browse, error_reports

urlpatterns = [
    path("search/", browse.search, name="search"),
    path("topics/", browse.topics, name="topics"),
    path("topics/<slug:slug>/", browse.topic, name="topic"),
    path("articles/<slug:slug>/report/", error_reports.report, name="report"),
    path("articles/<slug:slug>/report/sent/", error_reports.sent, name="report_sent"),
    path("authors/", browse.authors, name="authors"),
    path("authors/<slug:slug>/", browse.author, name="author"),
]
