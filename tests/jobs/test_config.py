"""The configuration says clearly what is wrong with it."""

from pathlib import Path

import pytest

from jobs.config import CONFIG_VARIABLE, ConfigError, load_config, read_secret


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(CONFIG_VARIABLE, "")


def test_with_nothing_at_all_everything_has_a_default() -> None:
    config = load_config()
    assert config.data_folder == Path("data")
    assert config.database.startswith("sqlite:////")
    assert config.engine != config.database
    assert config.channels == {}


def test_paths_are_meant_from_where_the_file_lies(tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    file = folder / "undercut.toml"
    file.write_text('data_folder = "store"\npolicy = "policy.yml"\n')
    config = load_config(file)
    assert config.data_folder == folder / "store"
    assert config.policy == folder / "policy.yml"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "undercut.toml"
    file.write_text("workers = 2\n")
    monkeypatch.setenv("UNDERCUT_WORKERS", "7")
    assert load_config(file).workers == 7


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"workers = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"wokers = 3\n", r"wokers: Extra inputs are not permitted"),
        (b"workers = 0\n", r"workers: Input should be greater than or equal to 1"),
        (b"[terms_reviews.telegram_preview]\nreviewed_by = 'A'\n", "reviewed_on: Field required"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_setting(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "undercut.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=message) as raised:
        load_config(file)
    assert str(file) in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the configuration"):
        load_config(tmp_path / "absent.toml")


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("hush\n")
    assert read_secret(f"file:{tmp_path / 'token'}") == "hush"
    monkeypatch.setenv("BOT_TOKEN", "quiet")
    assert read_secret("BOT_TOKEN") == "quiet"
    with pytest.raises(ConfigError, match="NOT_SET_ANYWHERE is not set"):
        read_secret("NOT_SET_ANYWHERE")
