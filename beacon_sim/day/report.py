"""A comparison as one HTML file with tables and pictures, which any browser opens without a network."""

from html import escape
from io import StringIO
from statistics import mean
from typing import Any

from beacon_sim.day.compare import SCENARIOS, Outcome, Outcomes, Row, against_status_quo

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1d2b2f; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
table { border-collapse: collapse; margin: .8rem 0; }
td, th { padding: .3rem .8rem; border-bottom: 1px solid #d6e0e2; text-align: right; }
td:first-child, th:first-child { text-align: left; }
.no { color: #a33; font-weight: 600; } .yes { color: #176b45; }
svg { max-width: 100%; height: auto; }
.mark { background: #fdf3d8; padding: .5rem .9rem; border-radius: .5rem; }
"""


def html(outcomes: Outcomes, rows: list[Row], seeds: int, visits: int) -> str:
    """The page."""
    loads = sorted({load for _, load in outcomes})
    parts = [
        "<!doctype html><meta charset=utf-8><title>A hospital day, simulated</title>",
        f"<style>{_STYLE}</style><h1>A hospital day, simulated</h1>",
        "<p class=mark>Every figure here is simulated: the rules of production around drawn families. "
        f"{visits:,} attended visits, {seeds} seeds, the same families under every scenario.</p>",
        "<h2>Claims</h2>",
        _claims(rows),
    ]
    for load in loads:
        parts += [f"<h2>Load {load:g}</h2>", _table(outcomes, load), _picture(outcomes, load)]
    return "\n".join(parts) + "\n"


def _claims(rows: list[Row]) -> str:
    lines = ["<table><tr><th>claim<th>load<th>value<th>goal<th></tr>"]
    for row in rows:
        goal = "" if row.goal is None else f"{row.goal:g}"
        met = {True: "<td class=yes>met", False: "<td class=no>not met", None: "<td>"}[row.met]
        value = f"{row.value:.3g}"
        lines.append(f"<tr><td>{escape(row.name)}<td>{row.load:g}<td>{value}<td>{goal}{met}</tr>")
    return "\n".join([*lines, "</table>"])


def _table(outcomes: Outcomes, load: float) -> str:
    lines = [
        "<table><tr><th>scenario<th>mean min<th>÷ bound<th>queueing min<th>against status quo, 95 %"
        "<th>return p90<th>missed</tr>"
    ]
    for name in SCENARIOS:
        runs = list(outcomes.get((name, load), {}).values())
        if runs:
            lines.append(_line(outcomes, name, load, runs))
    return "\n".join([*lines, "</table>"])


def _line(outcomes: Outcomes, name: str, load: float, runs: list[Outcome]) -> str:
    against = ""
    if name != "status-quo" and ("status-quo", load) in outcomes:
        found = against_status_quo(outcomes, name, load, "mean")
        against = f"{found.mean:+.1f} ± {found.half_width:.1f}"
    return (
        f"<tr><td>{escape(name)}<td>{mean(o.mean for o in runs):.1f}<td>{mean(o.ratio for o in runs):.3f}"
        f"<td>{mean(o.queueing for o in runs):.1f}<td>{against}<td>{mean(o.return_p90 for o in runs):.1f}"
        f"<td>{mean(o.missed for o in runs):.0f}</tr>"
    )


def _picture(outcomes: Outcomes, load: float) -> str:
    """Mean time by scenario, the bound beside it; as inline SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    names = [name for name in SCENARIOS if (name, load) in outcomes]
    runs = [list(outcomes[name, load].values()) for name in names]
    figure, axes = plt.subplots(figsize=(8.5, 0.5 * len(names) + 1.2), layout="constrained")
    plot: Any = axes
    service = [mean(o.mean - o.queueing for o in each) for each in runs]
    queueing = [mean(o.queueing for o in each) for each in runs]
    plot.barh(names, service, color="#9fc6c1", label="walking, talking, results")
    plot.barh(names, queueing, left=service, color="#d98f5f", label="in queues")
    bound = mean(o.bound for each in runs for o in each)
    plot.axvline(bound, color="#1d2b2f", linestyle="--", label="clairvoyant bound")
    plot.invert_yaxis()
    plot.set_xlabel("mean minutes from door to exit")
    plot.legend(loc="lower right", fontsize=8)
    plot.spines[["top", "right"]].set_visible(False)
    written = StringIO()
    figure.savefig(written, format="svg")
    plt.close(figure)
    text = written.getvalue()
    return text[text.index("<svg") :]
