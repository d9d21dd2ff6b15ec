"""The public URLs of the site. Except for the preview link, all views show only published content."""

from django.urls import path

from articles import preview_links
from website import browse, citing, corrections, feeds, house_files, record, sitemaps, views
from website.error_reports import views as error_reports

app_name = "website"

pages = [
    path("", views.home, name="home"),
    path("search/", browse.search, name="search"),
    path("topics/", browse.topics, name="topics"),
    path("topics/<slug:slug>/", browse.topic, name="topic"),
    path("authors/", browse.authors, name="authors"),
    path("authors/<slug:slug>/", browse.author, name="author"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/record/", record.record, name="record"),
    path("articles/<slug:slug>/versions/<int:number>/", record.version, name="version"),
    path("articles/<slug:slug>/sources.<slug:ending>", views.sources, name="sources"),
    path("articles/<slug:slug>/sources/<slug:citation_key>/", citing.source, name="cite_source"),
    path("articles/<slug:slug>/cite/", citing.article, name="cite"),
    path("articles/<slug:slug>/report/", error_reports.report, name="report"),
    path("articles/<slug:slug>/report/sent/", error_reports.sent, name="report_sent"),
    path("preview/<str:token>/", preview_links.shared, name="shared_preview"),
]

feeds_and_sitemaps = [
    path("feeds/articles.atom", feeds.latest, {"ending": "atom"}, name="feed_atom"),
    path("feeds/articles.json", feeds.latest, {"ending": "json"}, name="feed_json"),
    path("feeds/topics/<slug:slug>.atom", feeds.of_topic, {"ending": "atom"}, name="topic_feed_atom"),
    path("feeds/topics/<slug:slug>.json", feeds.of_topic, {"ending": "json"}, name="topic_feed_json"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/articles-<int:part>.xml", sitemaps.articles, name="sitemap_articles"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("robots.txt", sitemaps.robots, name="robots"),
]

house = [
    path("house/<int:number>/colours.css", house_files.colours, name="house_colours"),
    path("house/<int:number>/mark.svg", house_files.mark, name="house_mark"),
    path("house/<int:number>/logo.<slug:extension>", house_files.logo, name="house_logo"),
]

urlpatterns = [*pages, *feeds_and_sitemaps, *house]
