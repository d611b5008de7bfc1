"""The site file (院区文件): what a hospital is and by which rules it calls, one TOML file people can read.

Read in this order: `values`, `appointments`, `tables`, `building`, the checks (`checks`, `line_checks`, `number_checks`,
`session_checks`, `appointment_checks`), `reading`, `watch`, `summary`. Every key is explained in docs/site-file.md.
"""

from queue_server.site_file.reading import SitePlan, read_site_file, read_site_text

__all__ = ["SitePlan", "read_site_file", "read_site_text"]
