"""One event a line, whatever is said, and nothing secret in it."""

import json
import logging

from jobs.logs import JsonLines


def test_an_event_is_one_line_of_json_with_secrets_masked() -> None:
    record = logging.makeLogRecord({"name": "jobs.x", "levelname": "INFO", "msg": "said\nmore"})
    key = "sk-" + "ant-api03-" + "Ab3dEf6hIj" * 9 + "-AA"
    record.fields = {"url": f"https://shop.example.test/?key={key}", "pages": 3}
    line = JsonLines().format(record)
    assert "\n" not in line
    assert key not in line
    said = json.loads(line)
    assert (said["event"], said["pages"], said["level"]) == ("said more", 3, "info")
