"""The sentences that the checks for leftovers read."""

from collections.abc import Iterator

from checks.preflight.draft import Draft
from checks.preflight.reading import ALL_TEXTS, Sentence, fields, read_plain
from checks.preflight.structure import instructions


def written(draft: Draft) -> Iterator[tuple[str, Sentence]]:
    """Yield (name of the field, sentence) for every text that readers read.

    The sentences of a template's instructions are left out, because check STR06 reports them.
    """
    reported = {sentence.text for line in instructions(draft) for sentence in read_plain(line)}
    for name, sentence in fields(draft, *ALL_TEXTS):
        if sentence.text not in reported:
            yield name, sentence
