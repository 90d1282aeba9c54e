"""Pictures of the candidates' figures on the held-out period, as SVG for a page."""

import io
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve

SIZE = (5.2, 3.6)
BINS = 10


def svg(draw: Callable[[Axes], None], title: str) -> str:
    """Return a picture as SVG text; equal drawings give equal text."""
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    draw(axes)
    axes.set_title(title, loc="left", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    return text[text.index("<svg") :]


def precision_recall(predictions: Mapping[str, pl.DataFrame]) -> str:
    """Return the curve of precision over recall of each model; the dotted line is the base rate.

    Parameters
    ----------
    predictions: name of a model -> rows with `viral` and `probability`
    """

    def draw(axes: Axes) -> None:
        for name, rows in predictions.items():
            precision, recall, _ = precision_recall_curve(rows["viral"].to_numpy(), rows["probability"].to_numpy())
            axes.plot(recall, precision, label=name, linewidth=1.2)
            axes.axhline(float(np.mean(rows["viral"].to_numpy())), color="grey", linewidth=0.6, linestyle=":")
        axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02))
        axes.legend(frameon=False, fontsize=8)

    return svg(draw, "Precision and recall")


def calibration(predictions: Mapping[str, pl.DataFrame]) -> str:
    """Return the observed share of surges over the stated probability of each model, in ten bins of equal count."""

    def draw(axes: Axes) -> None:
        most = 0.05
        for name, rows in predictions.items():
            viral, probability = rows["viral"].to_numpy(), rows["probability"].to_numpy()
            observed, stated = calibration_curve(viral, probability, n_bins=BINS, strategy="quantile")
            axes.plot(stated, observed, marker="o", markersize=3, linewidth=1, label=name)
            most = max(most, float(observed.max()), float(stated.max()))
        axes.plot([0, most], [0, most], color="grey", linewidth=0.6, linestyle=":")
        axes.set(xlabel="stated probability", ylabel="share that surged")
        axes.legend(frameon=False, fontsize=8)

    return svg(draw, "Calibration")


def importance(sizes: Mapping[str, float], top: int = 15) -> str:
    """Return bars of the mean absolute contribution (log-odds) of the strongest features."""

    def draw(axes: Axes) -> None:
        names = list(sizes)[:top][::-1]
        axes.barh(names, [sizes[name] for name in names], height=0.6)
        axes.tick_params(axis="y", labelsize=7)
        axes.set(xlabel="mean absolute contribution, log-odds")

    return svg(draw, "What the best candidate rests on")


def lead_times(hours: Sequence[float]) -> str:
    """Return a histogram of the hours from alerts that came true to their surges."""

    def draw(axes: Axes) -> None:
        axes.hist(list(hours), bins=list(range(0, 25, 2)), rwidth=0.9)
        axes.axvline(6, color="grey", linewidth=0.6, linestyle=":")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set(xlabel="hours from alert to surge", ylabel="alerts that came true", xlim=(0, 24))

    return svg(draw, f"Lead time ({len(hours)} true alerts)")
