"""Values of a query that have broken sites: addresses that parsers get wrong, and values that are not numbers.

Whatever field they are sent in, the response is a page, a refusal or a redirect within the site.
"""

# A redirect must not lead to any of these.
ADDRESSES = (
    "https://a.\u2100b.example",  # U+2100 becomes "a/c" under NFKC, which urlsplit refuses with a ValueError
    "https://evil\uff0eexample/",  # a full-width full stop
    "https:\uff0f\uff0fevil.example/",  # full-width slashes
    "http://[",
    "https://[::1",
    "https://user@testserver@evil.example",
    "https://testserver:99999999/",
    "https://testserver:port/",
    "https:///evil.example",
    "http:evil.example",
    "//evil.example",
    "///evil.example",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\r\nLocation: https://evil.example",
    "/\x00",
    "/\x7f",
    "/\u2028",
    "/\u202egpj.lige",
    "javascript:alert(1)",
    "data:text/html,evil",
    "?>",
    "?next=//evil.example",
    "#",
    "..",
    "account_login",  # the name of a view
    "/" + "a" * 20_000,
)
NUMBERS = ("", "-1", "9" * 25, "9" * 5_000, "\u00b2", "\u0663", "\x00", "'")
