"""URLs of the public files with which anybody can check a version: record, approved bytes, keys, seals, program."""

from django.urls import path

from audit import reader_pages, views

app_name = "audit"

_VERSION = "articles/<slug:slug>/versions/<int:number>"

urlpatterns = [
    path(f"{_VERSION}/record.json", views.record, name="record"),
    path(f"{_VERSION}/content.json", views.content, name="content"),
    path(f"{_VERSION}/body.html", views.body, name="body"),
    path(f"{_VERSION}/names.json", views.names, name="names"),
    path("log/checkpoint.txt", views.checkpoint, name="checkpoint"),
    path("log/consistency/<int:first>/<int:second>.json", views.consistency, name="consistency"),
    path("signed-records/", reader_pages.how_to_check, name="how_to_check"),
    path("verify.py", views.program, name="program"),
    path(".well-known/signing-keys.json", views.keys, name="keys"),
]
