"""Public URLs of the products, under /products/."""

from django.urls import path

from products import views

app_name = "products"

urlpatterns = [
    path("", views.products, name="products"),
    path("<slug:slug>/", views.product, name="product"),
]
