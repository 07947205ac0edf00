"""The words behind `chart` → which picture they ask for; pure."""

from collections.abc import Sequence

from bot.grammar import known, names
from bot.grammar.commands import Chart
from bot.grammar.filters import Stranger
from bot.grammar.lexer import Word


def chart(typed: Sequence[Word]) -> Chart | Stranger:
    """A graph and accounts, in any order; of several graphs, as of "all", it is all."""
    words, account = names.without_account(typed)
    graphs = set()
    for word in words:
        if word.key in known.SAYS_NOTHING:
            continue
        if word.key not in known.GRAPH_OF:
            # The same word may stand twice; the place is that of this one.
            place = next(place for place, one in enumerate(typed) if one is word)
            return Stranger(place, known.nearest(word.key, known.GRAPH_OF))
        graphs.add(known.GRAPH_OF[word.key])
    return Chart(graphs.pop() if len(graphs) == 1 else None, account)
