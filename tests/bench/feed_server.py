"""Serves two hundred feeds on loopback, in a process of its own: prints its origin, ends with stdin."""

from __future__ import annotations

import sys

from tests.loopback import Site
from tests.skills_web.scores import many_feeds

if __name__ == "__main__":
    with Site(many_feeds()) as site:
        print(site.origin, flush=True)
        sys.stdin.read()
