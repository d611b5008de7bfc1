"""Reports and history (报表与历史): SQL tables computed from the journal, never on the writer's way.

Read in this order: `facts` and `folding` (what the events of a visit come to), `taken_back` (undone acts), `intervals` and
`point_days` (rooms), `tables`, `rows`, `schema`, `places`; then the shell: `catching_up` and `keeping`. The page of a day:
`day_report`, `charts`, `day_sections`, `day_words`, `csv_files`. The history: `search_keys`, `search`, `story`, `story_words`.
"""

from queue_server.reports.catching_up import Progress, catch_up, count_points, opened_to_write
from queue_server.reports.csv_files import CSV_MARK, DAILY, NAMES, UnknownTable, csv_lines
from queue_server.reports.day_report import DayReport, DaySummary, day_report, summaries
from queue_server.reports.day_sections import Section, clock, minutes, sections
from queue_server.reports.keeping import ReportKeeper, kept_up
from queue_server.reports.places import NOWHERE, Places, places_of
from queue_server.reports.search import (
    MOST,
    Found,
    events_of,
    found,
    name_of,
    places_in,
    timezone_of,
)
from queue_server.reports.story import Story, StoryLine, story

__all__ = [
    "CSV_MARK",
    "DAILY",
    "MOST",
    "NAMES",
    "NOWHERE",
    "DayReport",
    "DaySummary",
    "Found",
    "Places",
    "Progress",
    "ReportKeeper",
    "Section",
    "Story",
    "StoryLine",
    "UnknownTable",
    "catch_up",
    "clock",
    "count_points",
    "csv_lines",
    "day_report",
    "events_of",
    "found",
    "kept_up",
    "minutes",
    "name_of",
    "opened_to_write",
    "places_in",
    "places_of",
    "sections",
    "story",
    "summaries",
    "timezone_of",
]
