"""Public pages of the products: the list, and one page per product. Nothing is sold here, so no cookie is needed."""

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.page_sections import page_sections
from core.paging import page_or_404, path_of_page
from core.public import public
from core.seo.site_map import Page
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from core.seo.structured_parts import address
from products.models import Product
from products.signals import product_sections_wanted
from products.structured_data import of_product

PER_PAGE = 24
ABOUT = gettext_lazy(
    "What we sell: what is in it, how much, the most that an adult should take, and who should ask a doctor first."
)


@require_safe
@public(max_age=60, parameters=("page",))
def products(request: HttpRequest) -> HttpResponse:
    """List the products on sale by audience, 24 on a page. Raise Http404 for a page number that does not exist."""
    page = page_or_404(request, Product.objects.on_sale().by_audience().prefetch_related("pictures"), PER_PAGE)
    path = path_of_page(reverse("products:products"), page)
    card = Card(title=_("Our products"), path=path, description=str(ABOUT))
    entries = [(each.name, reverse("products:product", args=[each.slug])) for each in page.object_list]
    data = of_page(card, kind="CollectionPage", entries=entries, first=page.start_index())
    context = {"page": page, "path": path, "about": ABOUT, "card": card, "data": data}
    context["needs_fda_statement"] = any(each.needs_fda_statement for each in page.object_list)
    return render(request, "products/product_list.html", context)


@require_safe
@public(max_age=60, parameters=())
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a product. Raise Http404 if it does not exist or was never on sale.

    A product that is no longer sold keeps its page, because people may still have it at home and need its ingredients
    and warnings. The page says so at the top, does not link to the shop, and is not indexed.
    """
    rows = Product.objects.prefetch_related("pictures", "active_ingredients__ingredient")
    found = get_object_or_404(rows, slug=slug)
    if not found.is_available and not found.was_on_sale():
        raise Http404("No such product.")
    path = reverse("products:product", args=[slug])
    pictures = list(found.pictures.all())
    first = pictures[0] if pictures else None
    addresses = [f"{settings.SITE_URL}{picture.image.url}" for picture in pictures]
    context = {
        "product": found,
        "pictures": pictures,
        "path": path,
        "card": Card(
            title=found.name,
            path=path,
            description=found.tagline,
            image=first.image.url if first else "",
            image_alt=first.alternative_text if first else "",
            width=first.width if first else None,
            height=first.height if first else None,
        ),
        "data": of_product(found, address("products:product", slug), addresses),
        "sections": page_sections(product_sections_wanted, sender=Product, product=found),
    }
    return render(request, "products/product_page.html", context)


def sitemap_pages() -> Iterator[Page]:
    """Yield the paths of the list and of the products on sale, each with None for an unknown date. Makes one query."""
    yield reverse("products:products"), None
    for slug in Product.objects.on_sale().order_by("pk").values_list("slug", flat=True):
        yield reverse("products:product", args=[slug]), None
