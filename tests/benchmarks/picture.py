"""Draws how many PUTs each server answers, and how long they take."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from tests.benchmarks.measure import Served

OURS, THEIRS, TEXT, LINES = "#0b6e4f", "#9aa5b1", "#1f2933", "#e4e7eb"
TIMES = "\N{MULTIPLICATION SIGN}"


def draw(path: Path, served: Sequence[Served], machine: str) -> None:
    """Write a picture: bars of requests a second on the left, the times of half and of 99 % of them on the right."""
    best_first = sorted(served, key=lambda each: each.rate.value)
    figure = Figure(figsize=(11, 1.6 + 0.48 * len(served)), dpi=130, layout="constrained")
    rates, times = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    _rates(rates, best_first)
    _times(times, best_first)
    figure.suptitle("PUT of the vendor's sample: one core, 8 connections", x=0.01, ha="left", color=TEXT)
    figure.supxlabel(machine, x=0.01, ha="left", fontsize=8, color=TEXT)
    figure.savefig(path)


def _rates(axes: Axes, served: Sequence[Served]) -> None:
    names = [each.server for each in served]
    values = [each.rate.value for each in served]
    bars = axes.barh(names, values, color=[_colour(each) for each in served], height=0.62)
    labels = [
        f" {each.rate.number}" + ("" if each.server == "cgmock" else f"   ({TIMES} {each.ratio:.2f})")
        for each in served
    ]
    axes.bar_label(bars, labels, fontsize=9, color=TEXT)
    axes.set_xlim(0, max(values) * 1.28)
    _plain(axes, "requests a second, and how many times as many cgmock answers")
    for label, each in zip(axes.get_yticklabels(), served, strict=True):
        label.set_fontweight("bold" if each.server == "cgmock" else "normal")


def _times(axes: Axes, served: Sequence[Served]) -> None:
    for place, each in enumerate(served):
        colour = _colour(each)
        axes.plot([each.p50.value, each.p99.value], [place, place], color=colour, linewidth=3, alpha=0.6)
        axes.plot(each.p50.value, place, "o", color=colour, markersize=7)
        axes.plot(each.p99.value, place, "|", color=colour, markersize=12, markeredgewidth=2.5)
        axes.annotate(
            f"{each.p50.number} to {each.p99}",
            (each.p99.value, place),
            (7, -3),
            textcoords="offset points",
            fontsize=8,
        )
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    axes.set_xlim(low, high * (high / low) ** 0.55)
    axes.minorticks_off()
    _plain(axes, "answered within, ms: 50 % (dot), 99 % (bar)")


def _plain(axes: Axes, label: str) -> None:
    axes.set_xlabel(label, color=TEXT)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.grid(axis="x", color=LINES)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=TEXT)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _colour(served: Served) -> str:
    return OURS if served.server == "cgmock" else THEIRS
