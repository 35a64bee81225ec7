"""Which machine and which versions a figure was measured on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

TOLD_VERSIONS = ("scrapy", "sqlalchemy", "dbos", "lxml", "pydantic")


def describe_machine() -> dict[str, str]:
    """Processor, cores, memory, system, Python and the versions that move figures."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory_gib": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f}",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in TOLD_VERSIONS},
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
