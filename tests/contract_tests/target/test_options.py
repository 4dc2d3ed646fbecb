"""One declaration makes an option's flag, its line of `--help`, its variable and its key."""

from __future__ import annotations

from contract_tests.target.option_types import count
from contract_tests.target.options import Declaration, Group, Option, declared_options

OPTIONS = {option.field: option for option in declared_options()}


def test_names_come_from_the_field() -> None:
    option = OPTIONS["max_calls"]
    assert (option.name, option.flag, option.variable) == ("max_calls", "--max-calls", "VOICEOS_MAX_CALLS")


def test_an_option_that_turns_something_off_is_named_for_that() -> None:
    option = OPTIONS["fuzzing"]
    assert (option.name, option.flag, option.variable) == ("no_fuzzing", "--no-fuzzing", "VOICEOS_NO_FUZZING")


def test_the_help_ends_with_the_default() -> None:
    declaration = Declaration(count, Group.RUN, "send this many", metavar="N")
    assert Option("many", 3, declaration).help == "send this many; default: 3"
    assert Option("many", None, declaration).help == "send this many"
    assert OPTIONS["connect_timeout"].help.endswith("; default: 10")
    assert OPTIONS["seed"].help.endswith("; default: a new one; 1 with --shard")
    assert OPTIONS["dry_run"].help.endswith("send the target nothing")


def test_every_default_is_a_value_of_its_type() -> None:
    for option in declared_options():
        if option.default not in {None, ()} and option.field != "fuzzing":
            given = str(option.default)
            assert option.declaration.read(given) == option.default, option.field


def test_no_two_options_have_one_name() -> None:
    assert len({option.name for option in declared_options()}) == len(declared_options())
