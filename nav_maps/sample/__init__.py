"""A children's hospital that never was: five floors, twenty-five departments, drawn by its own builders.

Read in this order: `cells` (the vocabulary of a floor plan), `floors` (what is where), `shell` (corridors, hall, stairs, lifts),
`build` (geometry and features), `archive` (the files). Everything and everybody in it is invented.
"""

from nav_maps.sample.archive import sample_files, sample_map, write_sample
from nav_maps.sample.cells import Department
from nav_maps.sample.floors import DEPARTMENTS

__all__ = ["DEPARTMENTS", "Department", "sample_files", "sample_map", "write_sample"]
