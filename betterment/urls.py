"""The URLs of all apps."""

from django.contrib import admin
from django.urls import include, path

from pictures.views import media

urlpatterns = [
    path("", include("website.urls")),
    path("", include("audit.urls")),
    path("board/", include("advisors.urls")),
    path("experts/", include("advisors.public_urls")),
    path("products/", include("products.urls")),
    path("newsletter/", include("newsletter.urls")),
    path("policies/", include("policies.urls")),
    path("account/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("media/<path:name>", media, name="media"),
]

handler500 = "core.error_pages.failed"
