"""Reports and history (报表与历史): SQL tables computed from the journal, never on the writer's way.

Read in this order: `facts` and `folding` (what the events of a visit come to), `taken_back` (undone acts), `intervals` and
`point_days` (rooms), `tables`, `rows`, `schema`, `places`; then the shell: `catching_up`.
"""

from queue_server.reports.catching_up import Progress, catch_up, count_points, opened_to_write

__all__ = ["Progress", "catch_up", "count_points", "opened_to_write"]
