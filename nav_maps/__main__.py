"""`python -m nav_maps`."""

import sys

from nav_maps.cli import main

if __name__ == "__main__":
    sys.exit(main())
