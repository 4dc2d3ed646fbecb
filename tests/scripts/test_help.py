"""Each command explains itself, its options and its exit codes, and starts nothing for that."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

COMMANDS = {
    "scripts.generate.__main__": {"--check", "--spec", "--output"},
    "scripts.drift.__main__": {"--base", "--format", "--spec", "--output"},
    "scripts.fidelity.__main__": {"--examples", "--seed", "--spec"},
    "scripts.compare.__main__": {"--title", "--module", "--python", "--spec"},
    "scripts.docs.__main__": {"--output", "--report-dir"},
    "scripts.redocly.__main__": set[str](),
}


@pytest.mark.parametrize(("name", "options"), COMMANDS.items(), ids=COMMANDS)
def test_help_is_the_docstring_and_the_options(
    capsys: pytest.CaptureFixture[str], name: str, options: set[str]
) -> None:
    module = import_module(name)
    with pytest.raises(SystemExit) as ended:
        module.main(["--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert (module.__doc__ or "").strip() in said
    assert "exit codes:" in said
    assert set(re.findall(r"--[\w-]+", said)) - {"--help"} >= options


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as ended:
        import_module(name).main(["--unheard-of"])
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err
