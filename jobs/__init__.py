"""Schedules, workers, health, the engine and the command line: where everything is put together."""
