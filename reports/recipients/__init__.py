"""Who takes reports, as data: one YAML file for each recipient in this folder, read by `reports.directory`."""
