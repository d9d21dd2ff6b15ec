"""Addresses for machines: feeds, the sitemap, robots.txt; part of website.urls, in its namespace."""

from django.urls import path

from website import feeds, sitemaps

urlpatterns = [
    path("feeds/articles.atom", feeds.latest, {"ending": "atom"}, name="feed_atom"),
    path("feeds/articles.json", feeds.latest, {"ending": "json"}, name="feed_json"),
    path("feeds/topics/<slug:slug>.atom", feeds.of_topic, {"ending": "atom"}, name="topic_feed_atom"),
    path("feeds/topics/<slug:slug>.json", feeds.of_topic, {"ending": "json"}, name="topic_feed_json"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/articles-<int:part>.xml", sitemaps.articles, name="sitemap_articles"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
