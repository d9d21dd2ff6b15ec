"""Faults in the house settings: each would show, send or record something that the house did not choose."""

from tests.mutants.fault import Fault

VERSIONS, PUBLISHING = "core/house/versions.py", "core/house/publishing.py"
HOUSE_FORM = "website/admin/house_form.py"
MEMORY, GUARDS, CONSENT = "core/house/memory.py", "core/guards.py", "newsletter/consent.py"
SETTINGS, PAGES = ("tests/core/test_house.py",), ("tests/website/test_house_pages.py",)
FORM = ("tests/website/test_house_admin.py",)

IN_THE_HOUSE = (
    Fault(
        GUARDS,
        '    *append_only("core_houseversion", "a version of the house settings"),\n',
        "",
        "a version of the house settings can be rewritten by SQL",
        SETTINGS,
    ),
    Fault(
        VERSIONS,
        "if (own := getattr(self, name)) and words not in own:",
        "if False and (own := getattr(self, name)) and words not in own:",
        "the FDA statement may lose the words of the law",
        SETTINGS,
    ),
    Fault(
        VERSIONS,
        "return [pair for pair in low_contrasts(House(own=own).colours) if pair.field in own]",
        "return []",
        "a colour that nobody can read is accepted",
        SETTINGS,
    ),
    Fault(
        HOUSE_FORM,
        "                data[name] = now.value(name)\n",
        "                pass\n",
        "whoever saves second takes back what the first has saved",
        FORM,
    ),
    Fault(
        PUBLISHING,
        'return earlier.consent_version if earlier else f"house-{number}"',
        'return f"house-{number}"',
        "a consent gets a new version although its words are the same",
        PAGES,
    ),
    Fault(
        MEMORY,
        "if forgotten == self._forgotten:",
        "if True:",
        "a reading that a change overtook is remembered",
        SETTINGS,
    ),
    Fault(
        MEMORY,
        "            self._site_version = version\n            self.forget()\n",
        "            self._site_version = version\n",
        "a page is kept under a new version of the site with the old name",
        (*SETTINGS, *PAGES),
    ),
    Fault(
        CONSENT,
        "return (in_force.consent_version, in_force.consent_words) if in_force.number else (CURRENT, WORDS[CURRENT])",
        "return CURRENT, WORDS[CURRENT]",
        "people agree to other words than those that the house chose",
        PAGES,
    ),
)
