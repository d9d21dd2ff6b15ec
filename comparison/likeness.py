"""Measure how much two passages have in common, to find edited or moved ones. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from comparison.blocks import Block
from comparison.matching import Pair

# The smallest shares of common words with which two passages count as one edited passage (EDITED, or ALONE if they are
# the only ones between the same neighbours) and as one moved passage (MOVED).
EDITED, ALONE, MOVED = 0.5, 0.25, 0.6
# The number of steps after which the more frequent words are ignored, and the most passages that one is compared with.
MOST_STEPS = 400_000
MOST_PARTNERS = 6
# Blocks of these kinds match only blocks of the same kind.
UNLIKE = {"row", "value", "hr"}


def _features(block: Block) -> Counter[str]:
    """Return the number of times that each word, source and picture occurs in a passage."""
    tokens = (token for cell in block.cells for token in cell.tokens)
    found: Counter[str] = Counter()
    for token in tokens:
        if token.is_word:
            found[token.text.lower()] += 1
        elif token.atom in {"cite", "image"}:
            found.update(token.data.split())
    return found


def candidates(old: Sequence[Block], new: Sequence[Block], same: list[Pair]) -> dict[Pair, float]:
    """Return the share of common words (Dice's coefficient) of pairs of passages that are not paired yet.

    Pairs with a share below ALONE are left out. Table rows with the same first cell have a share of at least EDITED.
    """
    spare_old = sorted(set(range(len(old))) - {i for i, _ in same})
    spare_new = sorted(set(range(len(new))) - {j for _, j in same})
    if not spare_old or not spare_new:
        return {}
    words_old = {i: _features(old[i]) for i in spare_old}
    words_new = {j: _features(new[j]) for j in spare_new}
    close: dict[Pair, float] = {}
    for i, partners in _partners(words_old, words_new).items():
        for j in partners:
            if old[i].kind != new[j].kind and (old[i].kind in UNLIKE or new[j].kind in UNLIKE):
                continue
            size = words_old[i].total() + words_new[j].total()
            share = 2 * (words_old[i] & words_new[j]).total() / size
            if old[i].kind == "row" and _heads(old[i]) == _heads(new[j]):
                share = max(share, EDITED)
            if share >= ALONE:
                close[i, j] = share
    return close


def _heads(row: Block) -> str:
    """Return the text of the first cell of a row, which names the row's subject."""
    return row.cells[0].text if row.cells else ""


def _partners(words_old: dict[int, Counter], words_new: dict[int, Counter]) -> dict[int, list[int]]:
    """Return, for each old passage, the new passages that share most words with it; rare words are counted first."""
    where: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, texts in enumerate((words_old, words_new)):
        for place, words in texts.items():
            for word in words:
                where[word][side].append(place)
    shared = sorted((found for found in where.values() if found[0] and found[1]), key=lambda x: len(x[0]) * len(x[1]))
    common: dict[int, Counter[int]] = defaultdict(Counter)
    steps = 0
    for places_old, places_new in shared:
        steps += len(places_old) * len(places_new)
        if steps > MOST_STEPS:
            break
        for i in places_old:
            common[i].update(places_new)
    return {i: [j for j, _ in found.most_common(MOST_PARTNERS)] for i, found in common.items()}
