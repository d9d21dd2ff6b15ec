"""Addresses of the site around the articles; part of articles.urls, in its namespace."""

from django.urls import path

from articles import browse

urlpatterns = [
    path("search/", browse.search, name="search"),
    path("topics/", browse.topics, name="topics"),
    path("topics/<slug:slug>/", browse.topic, name="topic"),
    path("authors/<slug:slug>/", browse.author, name="author"),
]
