"""The section of the homepage with members of the Scientific Advisory Board (website.signals)."""

from advisors.models import Advisor
from advisors.personal_data.consents import consented
from core.page_sections import PageSection
from website.signals import homepage_sections_wanted

MOST = 6


def board_members(most: int = MOST) -> list[Advisor]:
    """Return up to `most` active board members, by name, with their specialties. Makes two queries.

    They all have a photograph and have agreed to be named.
    """
    active = Advisor.objects.filter(consented("pk"), is_active=True).exclude(photo="")
    return list(active.prefetch_related("specialties").order_by("name", "pk")[:most])


def section_of_board(sender: object, **arguments: object) -> list[PageSection]:
    """Receive `homepage_sections_wanted`: return the section with the members of the board."""
    return [PageSection("advisors/_homepage_board.html", {"members": board_members()})]


homepage_sections_wanted.connect(section_of_board, dispatch_uid="board-on-the-homepage")
