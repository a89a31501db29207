"""The read model: one SQLite file that screens, analytics and healing query."""

import sys

# sqlite-utils looks for pandas and numpy, which other libraries bring along, and importing them
# takes half a second; no table of ours is a data frame. A module that is None in `sys.modules`
# counts as not installed, here for as long as this one import takes.
_absent = [name for name in ("pandas", "numpy") if name not in sys.modules]
for _name in _absent:
    sys.modules[_name] = None  # pyright: ignore[reportArgumentType]
try:
    import sqlite_utils as sqlite_utils
finally:
    for _name in _absent:
        del sys.modules[_name]
