"""Graphs → a PNG, by matplotlib; takes a second of the processor, so it runs in a thread.

matplotlib is imported only here, when something is drawn: it takes as long as the rest of the program. Texts of others
are in the picture as they are: no mathematical notation, no characters that the font has no shape for.
"""

import io
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.pictures.graphs import Graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ft2font import FT2Font

_ONE_AT_A_TIME = threading.Lock()
"""matplotlib keeps its settings for the whole process."""

_WIDTH, _DPI = 9.0, 150
"""Inches, and dots in each: 1,350 pixels are sharp in Slack, and few enough for a phone."""
_UPRIGHT, _BAR, _FRAME = 2.6, 0.42, 1.3
"""Inches: the height of a graph of upright bars, of a lying bar, and of what is around those."""
_FEWEST = 3
"""Bars that a graph has room for, however few there are."""
_EVERY = 5
"""Of many upright bars, each so-manieth is named."""
_FONT = "DejaVu Sans"
"""Comes with matplotlib."""
_SETTINGS: Any = {
    "font.family": _FONT,
    "font.size": 10.0,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
}


def png(title: str, graphs: Sequence[Graph]) -> bytes:
    """The graphs, one below the other."""
    with _ONE_AT_A_TIME:
        return _drawn(title, graphs)


def _drawn(title: str, graphs: Sequence[Graph]) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 # only when something is drawn
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415

    heights = [_height(graph) for graph in graphs]
    picture = io.BytesIO()
    with mpl.rc_context(_SETTINGS):
        font = get_font(findfont(_FONT))
        figure = Figure(figsize=(_WIDTH, sum(heights) + 0.5), dpi=_DPI, layout="constrained")
        figure.suptitle(_legible(title, font), fontsize=14, fontweight="bold")
        places = figure.subplots(len(graphs), 1, squeeze=False, height_ratios=heights)
        for axes, graph in zip(places[:, 0], graphs, strict=True):
            axes.set_title(_legible(graph.title, font), loc="left", fontsize=11)
            if graph.bars:
                _bars(axes, graph, font)
            else:
                axes.text(0.5, 0.5, _legible(graph.nothing, font), ha="center", va="center", transform=axes.transAxes)
                axes.set_axis_off()
        FigureCanvasAgg(figure)
        figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _height(graph: Graph) -> float:
    return _UPRIGHT if graph.upright else _FRAME + _BAR * max(len(graph.bars), _FEWEST)


def _bars(axes: "Axes", graph: Graph, font: "FT2Font") -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 # only when something is drawn

    places = range(len(graph.bars))
    before = [0] * len(graph.bars)
    # Named one by one: a label of its own that begins with "_" is none to matplotlib.
    legend: dict[Any, str] = {}
    for series in graph.series:
        looks: dict[str, Any] = {
            "color": series.colour,
            "hatch": series.hatch,
            "edgecolor": "white",
        }
        if graph.upright:
            drawn = axes.bar(places, series.values, bottom=before, width=0.8, **looks)
        else:
            drawn = axes.barh(places, series.values, left=before, height=0.65, **looks)
            axes.bar_label(
                drawn,
                labels=[str(value) if value else "" for value in series.values],
                label_type="center",
                fontsize=9,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
            )
        legend[drawn] = _legible(series.name, font)
        before = [sum(pair) for pair in zip(before, series.values, strict=True)]
    names = [_legible(name, font) for name in graph.bars]
    counts = axes.yaxis if graph.upright else axes.xaxis
    counts.set_major_locator(MaxNLocator(integer=True))
    if graph.upright:
        # Counted from the end, so that the last one is named.
        named = [place for place in places if (len(names) - 1 - place) % _EVERY == 0]
        axes.set_xticks(named, [names[place] for place in named])
        axes.set_xlim(-0.6, len(names) - 0.4)
        axes.set_ylim(0, max(*before, 1) * 1.1)
    else:
        axes.set_yticks(places, names)
        axes.invert_yaxis()
        axes.set_xlim(0, max(*before, 1) * 1.05)
        axes.set_ylim(max(len(names), _FEWEST) - 0.5, -0.5)
    if graph.unknown:
        span = axes.axvspan(-0.6, graph.unknown - 0.5, color="#eeeeee", zorder=0)
        legend[span] = _legible(graph.unknown_name, font)
    axes.legend(legend.keys(), legend.values(), loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=9)


def _legible(text: str, font: "FT2Font") -> str:
    """The text with a mark in the place of what the font can't show."""
    return "".join(one if font.get_char_index(ord(one)) else "\N{REPLACEMENT CHARACTER}" for one in text)
