"""The words that people type, as tables. English and German are equals: each word stands for the same thing in both.

The grammar reads these tables; help, hints and the README's test show them. A word is compared as `bot.grammar` leaves
it: upper case, invisible characters and ae for ä mean nothing.
"""

from bot.words.charts import GRAPHS, Graph
from bot.words.filters import (
    EVERYTHING,
    FILTERS,
    FORMATS,
    MODES,
    SORT_FIELDS,
    STATUSES,
    VALUES,
    WEBHOOKS,
    Filter,
)
from bot.words.orders import (
    DAILY,
    FILLING,
    GROUPINGS,
    GROUPS,
    HERE,
    NOTHING,
    OFF,
    OPTIONS,
    SEVERITIES,
    Option,
)
from bot.words.verbs import BETWEEN, COMMAND, COMMANDS, VERBS, Usage, Verb
from bot.words.word import Word

__all__ = [
    "BETWEEN",
    "COMMAND",
    "COMMANDS",
    "DAILY",
    "EVERYTHING",
    "FILLING",
    "FILTERS",
    "FORMATS",
    "GRAPHS",
    "GROUPINGS",
    "GROUPS",
    "HERE",
    "MODES",
    "NOTHING",
    "OFF",
    "OPTIONS",
    "SEVERITIES",
    "SORT_FIELDS",
    "STATUSES",
    "VALUES",
    "VERBS",
    "WEBHOOKS",
    "Filter",
    "Graph",
    "Option",
    "Usage",
    "Verb",
    "Word",
]
