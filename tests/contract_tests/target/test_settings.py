"""Which source of an option wins, and how one that cannot be used is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.target.options import Options
from contract_tests.target.settings import TARGETS, Fields, SettingsError, read_costs, read_fields, read_options

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
[fields]
to_number = ["/to"]

[mock]

[staging]
url = "https://staging.example.com"
to_number = ["+4915112345678"]
max_calls = 9
data = { "/a/b" = "c" }
"""


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    path = tmp_path / "targets.toml"
    path.write_text(FILE)
    return path


def read(targets: Path, target: str = "staging", environment: dict[str, str] | None = None, **flags: Any) -> Options:  # noqa: ANN401 - any option
    return read_options({"target": target, **flags}, targets, environment or {})


def refusal(targets: Path, target: str = "staging", environment: dict[str, str] | None = None, **flags: object) -> str:
    with pytest.raises(SettingsError) as error:
        read(targets, target, environment, **flags)
    return str(error.value)


def test_flags_win_over_the_environment_and_that_over_the_file(targets: Path) -> None:
    options = read(targets, environment={"VOICEOS_MAX_CALLS": "8", "VOICEOS_SEED": "7"}, seed="6")
    assert (options.url, options.max_calls, options.seed) == ("https://staging.example.com", 8, 6)
    assert options.data == (("/a/b", "c"),)


def test_defaults_hold_where_nothing_is_given(targets: Path) -> None:
    options = read_options({}, targets, {})
    assert options == Options(seed=options.seed, all_known_names=True, fuzzing=True)


def test_the_seed_is_a_new_one_where_none_is_given(targets: Path) -> None:
    assert len({read(targets).seed for _ in range(5)}) > 1


def test_known_names_are_all_tried_on_the_embedded_mock_only(targets: Path) -> None:
    assert read(targets, "mock").all_known_names
    assert not read(targets, "staging").all_known_names
    assert read(targets, "staging", all_known_names=True).all_known_names
    assert not read(targets, "mock", all_known_names=False).all_known_names


def test_nothing_random_is_sent_where_it_is_unwanted_or_calls_are_counted(targets: Path) -> None:
    assert read(targets, "mock").fuzzing
    assert not read(targets, "mock", no_fuzzing=True).fuzzing
    assert not read(targets, "mock", environment={"VOICEOS_NO_FUZZING": "yes"}).fuzzing
    assert not read(targets, "mock", max_calls="3").fuzzing


def test_lists_are_given_by_commas_in_the_environment(targets: Path) -> None:
    environment = {"VOICEOS_TO_NUMBER": "+12025550143, +12025550144", "VOICEOS_DATA": "/a=b=c,/d=e"}
    options = read(targets, environment=environment)
    assert options.to_number == ("+12025550143", "+12025550144")
    assert options.data == (("/a", "b=c"), ("/d", "e"))


def test_the_target_can_be_named_in_the_environment(targets: Path) -> None:
    options = read_options({}, targets, {"VOICEOS_TARGET": "staging"})
    assert (options.target, options.max_calls) == ("staging", 9)


def test_an_empty_variable_gives_nothing(targets: Path) -> None:
    assert read(targets, environment={"VOICEOS_MAX_CALLS": "", "VOICEOS_TARGET": ""}).max_calls == 9


IN_THE_FILE = "contract_tests/targets.toml: [staging]"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("max_calls", "max_call", f"{IN_THE_FILE} max_call: there is no such key; did you mean max_calls?"),
        ("max_calls = 9", "max_calls = 0", f"{IN_THE_FILE} max_calls: 0 is not a whole number above 0"),
        ("max_calls = 9", "max_calls = true", f"{IN_THE_FILE} max_calls: True is not a whole number above 0"),
        ("max_calls = 9", 'token = "x"', f"{IN_THE_FILE} token: there is no such key; did you mean token_env?"),
        ("max_calls = 9", 'target = "x"', f"{IN_THE_FILE} target: there is no such key"),
        ('"/a/b"', '"a.b"', f"{IN_THE_FILE} data: 'a.b' is not a JSON Pointer, like /agent/name"),
        (
            "[staging]",
            "[stagin]",
            "contract_tests/targets.toml has no target 'staging'; did you mean stagin?; it has: mock, stagin",
        ),
    ],
)
def test_what_is_wrong_in_the_file_is_said(targets: Path, old: str, new: str, message: str) -> None:
    targets.write_text(FILE.replace(old, new))
    assert refusal(targets) == message


def test_a_file_that_cannot_be_read_is_named(targets: Path) -> None:
    targets.write_text("[staging")
    assert refusal(targets).startswith(f"{targets} cannot be read: ")
    assert refusal(targets.parent / "none.toml").startswith(f"{targets.parent / 'none.toml'} cannot be read: ")


def test_a_refusal_names_the_source_of_each_value(targets: Path) -> None:
    targets.write_text(FILE.replace("max_calls = 9", 'strict = "perhaps"'))
    assert refusal(targets, environment={"VOICEOS_TIME_LIMIT": "soon"}, max_calls="0").splitlines() == [
        "VOICEOS_TIME_LIMIT: 'soon' is not a number of seconds above 0",
        f"{IN_THE_FILE} strict: 'perhaps' is not true or false",
        "--max-calls: '0' is not a whole number above 0",
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("VOICEOS_MAX_CALL", "VOICEOS_MAX_CALLS"),
        ("voiceos_max_calls", "VOICEOS_MAX_CALLS"),
        ("VOICEOS_ULR", "VOICEOS_URL"),
    ],
)
def test_a_misspelt_variable_is_no_limit_that_fails_to_hold(targets: Path, name: str, meant: str) -> None:
    said = refusal(targets, environment={name: "9"})
    assert said == f"the environment variable {name} is not an option; did you mean {meant}?"


def test_a_variable_that_is_like_no_option_is_somebody_elses(targets: Path) -> None:
    environment = {"VOICEOS_STAGING_TOKEN": "secret", "VOICEOS_BASE_URL": "http://127.0.0.1"}
    assert read(targets, "mock", environment).url is None


def test_a_field_that_the_guard_does_not_know_is_refused(targets: Path) -> None:
    targets.write_text(FILE.replace('to_number = ["/to"]', 'to_numbers = ["/to"]'))
    with pytest.raises(SettingsError) as error:
        read_fields(targets)
    said = "contract_tests/targets.toml: [fields] to_numbers: there is no such key; did you mean to_number?"
    assert str(error.value) == said


def test_a_field_that_is_no_place_is_refused(targets: Path) -> None:
    targets.write_text(FILE.replace('["/to"]', '["to"]'))
    with pytest.raises(SettingsError) as error:
        read_fields(targets)
    said = "contract_tests/targets.toml: [fields] to_number: 'to' is not a JSON Pointer, like /agent/name"
    assert str(error.value) == said


def test_fields_that_the_file_does_not_have_are_nowhere(targets: Path) -> None:
    assert read_fields(targets) == Fields(to_number=("/to",))


def test_costs_are_read_by_their_words(tmp_path: Path) -> None:
    path = tmp_path / "targets.toml"
    path.write_text('[costs]\n"GET /lookups" = "call"\n"POST /login" = "nothing"\n')
    assert read_costs(path) == {"GET /lookups": True, "POST /login": False}
    assert read(path, "mock").url is None
    with pytest.raises(SettingsError, match="has no target"):
        read(path, "costs")


@pytest.mark.parametrize("word", ['"money"', "1", "true", "[]"])
def test_another_cost_is_refused(tmp_path: Path, word: str) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(f'[costs]\n"GET /lookups" = {word}\n')
    with pytest.raises(SettingsError, match=r'\[costs\] GET /lookups: write "call" or "nothing"'):
        read_costs(path)


def test_the_template_of_a_target_can_be_used(tmp_path: Path) -> None:
    template = TARGETS.read_text().partition("# [staging]")[2]
    path = tmp_path / "targets.toml"
    path.write_text("[staging]" + template.replace("\n# ", "\n"))
    options = read(path)
    assert options.token_env.startswith("VOICEOS_STAGING")
    assert options.max_duration == 30
