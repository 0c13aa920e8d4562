"""Where settings come from, which win, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from summarizer.errors import ConfigurationError
from summarizer.settings import Settings, load_settings, show_path, unknown_variables


class Places:
    """A working folder and a user's configuration folder, both empty."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "work"
        self.user_config = root / "config"
        self.folder.mkdir()
        self.user_config.mkdir()

    def write_folder(self, toml: str) -> None:
        (self.folder / "summarizer.toml").write_text(toml, encoding="utf-8")

    def write_user(self, toml: str) -> None:
        (self.user_config / "config.toml").write_text(toml, encoding="utf-8")

    def load(self, flags: dict[str, object | None] | None = None, **environ: str) -> Settings:
        return load_settings(
            flags or {}, environ=environ, folder=self.folder, user_config=self.user_config
        )


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def test_without_any_source_every_setting_has_its_default(places: Places) -> None:
    loaded = places.load()
    assert loaded == Settings()
    assert (loaded.model, loaded.task, loaded.timeout, loaded.concurrency) == (
        "local",
        "agreements",
        600.0,
        4,
    )
    assert set(loaded.origins.values()) == {"default"}


def test_a_key_in_the_environment_does_not_change_the_default_model(places: Places) -> None:
    assert places.load(OPENAI_API_KEY="sk-1").model == "local"


def test_flags_win_over_environment_over_folder_over_user_file(places: Places) -> None:
    places.write_user('task = "user"\nseed = 1\nconcurrency = 1\ntimeout = 1')
    places.write_folder('task = "folder"\nseed = 2\nconcurrency = 2')
    loaded = places.load({"task": "flag"}, SUMMARIZER_TASK="environment", SUMMARIZER_SEED="3")
    assert (loaded.task, loaded.seed, loaded.concurrency, loaded.timeout) == ("flag", 3, 2, 1.0)
    assert loaded.origins["task"] == "--task"
    assert loaded.origins["seed"] == "environment SUMMARIZER_SEED"
    assert loaded.origins["concurrency"] == "./summarizer.toml"
    assert loaded.origins["timeout"] == show_path(places.user_config / "config.toml")
    assert loaded.origins["model"] == "default"


def test_a_flag_that_was_not_given_and_an_empty_variable_say_nothing(places: Places) -> None:
    assert places.load({"model": None}, SUMMARIZER_MODEL=" ").model == "local"


def test_every_setting_can_be_given_in_the_environment(places: Places, tmp_path: Path) -> None:
    loaded = places.load(
        SUMMARIZER_MODEL="gpt",
        SUMMARIZER_BASE_URL="http://127.0.0.1:8080/v1",
        SUMMARIZER_API_KEY_ENV="OTHER_KEY",
        SUMMARIZER_TASK="other",
        SUMMARIZER_STRATEGY="whole",
        SUMMARIZER_FORMAT="csv",
        SUMMARIZER_TIMEOUT="2.5",
        SUMMARIZER_DEADLINE="90",
        SUMMARIZER_MAX_CALLS="5",
        SUMMARIZER_MAX_TOKENS_TOTAL="1000",
        SUMMARIZER_MAX_COST="0.5",
        SUMMARIZER_CONCURRENCY="8",
        SUMMARIZER_TEMPERATURE="1",
        SUMMARIZER_SEED="11",
        SUMMARIZER_HOME=str(tmp_path),
        SUMMARIZER_CACHE="cache",
        SUMMARIZER_STORE="store.sqlite",
    )
    expected = Settings(
        model="gpt",
        base_url="http://127.0.0.1:8080/v1",
        api_key_env="OTHER_KEY",
        task="other",
        strategy="whole",
        format="csv",
        timeout=2.5,
        deadline=90.0,
        max_calls=5,
        max_tokens_total=1000,
        max_cost=0.5,
        concurrency=8,
        temperature=1.0,
        seed=11,
        home=tmp_path,
        cache=places.folder / "cache",
        store=places.folder / "store.sqlite",
    )
    assert loaded == expected
    assert all(setting.origin.startswith("environment ") for setting in loaded.listed())


def test_listed_settings_name_value_and_origin(places: Places) -> None:
    listed = {setting.name: setting for setting in places.load({"seed": 5}).listed()}
    assert (listed["seed"].value, listed["seed"].origin) == (5, "--seed")
    assert listed["strategy"].value is None


@pytest.mark.parametrize("name", ["model", "base_url", "api_key_env", "home", "cache"])
def test_the_working_folder_may_not_say_who_answers_nor_which_folders_are_used(
    places: Places, name: str
) -> None:
    """Such a file can come with somebody else's articles and must not redirect text or key."""
    places.write_folder(f'{name} = "http://stranger.example/v1"')
    with pytest.raises(ConfigurationError, match=f"{name}: not accepted from the working folder"):
        places.load(OPENAI_API_KEY="sk-1")


def test_the_users_own_file_may_name_an_endpoint_and_a_home(places: Places) -> None:
    places.write_user('base_url = "https://models.example/v1"\nhome = "mine"\nmodel = "m"')
    loaded = places.load()
    assert loaded.base_url == "https://models.example/v1"
    assert loaded.home == places.user_config / "mine"


@pytest.mark.parametrize("name", ["api_key", "openai_api_key", "token", "secret"])
def test_a_key_in_a_file_is_refused_without_repeating_it(places: Places, name: str) -> None:
    places.write_user(f'{name} = "sk-very-secret"')
    with pytest.raises(ConfigurationError, match="environment variable") as caught:
        places.load()
    assert "sk-very-secret" not in str(caught.value)


def test_a_key_as_a_flag_is_refused(places: Places) -> None:
    with pytest.raises(ConfigurationError, match="never read from here"):
        places.load({"api_key": "sk-1"})


def test_a_key_pasted_as_the_name_of_its_variable_is_refused_without_repeating_it(
    places: Places,
) -> None:
    with pytest.raises(ConfigurationError, match="NAME of an environment variable") as caught:
        places.load(SUMMARIZER_API_KEY_ENV="sk-abc")
    assert "sk-abc" not in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("modle = 'x'", "'modle': unknown setting; did you mean model?"),
        ("zzz = 1", "'zzz': unknown setting; known are model, "),
        ("[run]\ntask = 'x'", "'run': unknown setting"),
        ("timeout = '5'", "timeout: expected seconds"),
        ("timeout = 0", "timeout: expected seconds"),
        ("timeout = inf", "timeout: expected seconds"),
        ("concurrency = true", "concurrency: expected a whole number"),
        ("concurrency = 1.5", "concurrency: expected a whole number"),
        ("seed = -1", "seed: expected a whole number"),
        ("temperature = 3", "temperature: expected a number from 0 to 2"),
        ("task = ''", "task: expected the name of a task"),
        ("strategy = 'guess'", "strategy: expected whole or stepwise"),
        ("format = 'xml'", "format: expected one of text, json, jsonl, md, csv"),
        ("task = ", "not valid TOML"),
    ],
)
def test_a_mistake_in_a_file_is_one_line_with_file_key_and_what_is_expected(
    places: Places, toml: str, message: str
) -> None:
    places.write_folder(toml)
    with pytest.raises(ConfigurationError) as caught:
        places.load()
    assert str(caught.value).startswith("./summarizer.toml: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_text_or_not_a_file_is_an_error(places: Places) -> None:
    (places.user_config / "config.toml").write_bytes(b"task = '\xff'")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        places.load()
    (places.folder / "summarizer.toml").mkdir()
    with pytest.raises(ConfigurationError, match=r"^\./summarizer\.toml: cannot be read"):
        places.load()


@pytest.mark.parametrize("value", ["many", "1.5", "nan", "1e400", "-3"])
def test_a_bad_number_in_the_environment_is_an_error(places: Places, value: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^environment SUMMARIZER_CONCURRENCY: expected a whole number"
    ):
        places.load(SUMMARIZER_CONCURRENCY=value)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://host/v1",
        "host/v1",
        "https://",
        "https://me:sk-1@host/v1",
        "https://host/v1?key=sk-1",
        "https://host/v1#sk-1",
        "http://[bad",
    ],
)
def test_an_endpoint_is_an_http_address_without_a_password(places: Places, address: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^--base-url: expected an address") as caught:
        places.load({"base_url": address})
    assert "sk-1" not in str(caught.value)


def test_variables_that_are_no_settings_are_found(places: Places) -> None:
    environ = {
        "SUMMARIZER_MODLE": "x",
        "SUMMARIZER_MODEL": "y",
        "SUMMARIZER_MY_KEY": "z",
        "SUMMARIZER_API_KEY_ENV": "SUMMARIZER_MY_KEY",
        "PATH": "p",
    }
    assert unknown_variables(environ) == ("SUMMARIZER_MODLE",)


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from([setting.name for setting in Settings().listed()]),
    text=st.text(st.characters(exclude_characters="\0")),
)
def test_any_text_in_the_environment_is_read_or_refused_in_one_line(name: str, text: str) -> None:
    """Whatever a variable holds, nothing but a ConfigurationError comes out."""
    try:
        loaded = load_settings(
            {},
            environ={f"SUMMARIZER_{name.upper()}": text},
            folder=Path("/nowhere"),
            user_config=Path("/nowhere"),
        )
    except ConfigurationError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert loaded.origins[name] in {"default", f"environment SUMMARIZER_{name.upper()}"}
