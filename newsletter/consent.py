"""What people agree to, in words. The words that were shown are kept with whoever agreed to them.

A version is never changed once readers have seen it: new words get a new version, and the old stay here, so that a page
which some cache still holds can be answered.
"""

WORDS = {
    "2026-11": (
        "Yes, please send me the newsletter of The Betterment Project by e-mail: news of its products, invitations to "
        "events, and ideas for mind and body. My address is kept for this alone and given to nobody else. I can leave "
        "at any time with one click, in every letter."
    ),
}
CURRENT = "2026-11"
