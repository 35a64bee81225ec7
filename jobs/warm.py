"""Loaded by the server that crawls are forked from: the modules of a crawl, and what is shipped to judge with.

The server loads modules by name and runs nothing else, so this one does its work when it is imported.
"""

import jobs.crawl_process  # noqa: F401 - loaded for the crawls that will be forked
from crawlers.registry import families, sources
from jobs.shipped import shipped_detector

families()
sources()
shipped_detector()
