"""The JSON Schemas of the two file formats, for editors and for `docs/reference/`."""

import json
from collections.abc import Mapping

from pydantic import BaseModel

from rates.schema import ProviderFile
from rates.updates import UpdateFile


def schema_files() -> Mapping[str, str]:
    """File name to content, ready to be written."""
    formats: Mapping[str, type[BaseModel]] = {
        "rates-provider.schema.json": ProviderFile,
        "rates-update.schema.json": UpdateFile,
    }
    return {
        name: json.dumps(model.model_json_schema(by_alias=True), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for name, model in formats.items()
    }
