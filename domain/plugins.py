"""Plugins are found by being on disk and defining one typed constant; there is no register to edit by hand."""

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

from domain.errors import UndercutError

Plugin = TypeVar("Plugin")


class PluginError(UndercutError):
    """A module in a plugin folder does not define its constant, or defines it with another type."""


def find_plugins(package: ModuleType, constant: str, kind: type[Plugin]) -> dict[str, Plugin]:
    """Every module's `constant` in the package, by module name, in order of name.

    Modules whose name starts with an underscore are helpers and are passed over.
    """
    found: dict[str, Plugin] = {}
    for module_info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if module_info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        plugin = getattr(module, constant, None)
        if not isinstance(plugin, kind):
            raise PluginError(
                f"{module.__name__} must define {constant} of type {kind.__name__}; "
                "start its file name with an underscore if it is a helper"
            )
        found[module_info.name] = plugin
    return found
