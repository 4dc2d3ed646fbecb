"""Makes one report of the reports of a run's shards: `nox -s merge -- REPORT…`.

Each REPORT is a folder that a run with `--shard` wrote, or its result.json. The merged report has one verdict and one
exit code. Causes that several shards found are one, and counts add up. A shard that is missing, or of another spec,
version or seed, is refused.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import structs

from contract_tests.crash import describe_crash
from contract_tests.exit_codes import INTERNAL_ERROR
from contract_tests.help import add_options
from contract_tests.report.files import prepare_folder, write_result
from contract_tests.result.earlier import RESULT
from contract_tests.result.file_error import FileError
from contract_tests.result.finding_file import FOLDER
from contract_tests.result.merged_findings import in_folder
from contract_tests.result.merging import conclude_again
from contract_tests.result.reading import read_model
from contract_tests.result.result import Result
from contract_tests.result.shards import merge_shards
from contract_tests.run.past import keep_history, read_past, tell_past
from contract_tests.target.options import declared_options
from contract_tests.target.settings import SettingsError, read_options
from contract_tests.telling import refuse, tell
from spec.output import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contract_tests.result.baseline import Acceptance

_FIELDS: Final = {"report_dir", "format", "allow_partial", "against", "baseline", "history"}
"""The options of runs that are about a report as a whole."""
_REMEDY: Final = "A report is the folder that a run with --shard wrote, such as contract-report, or its result.json."


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says, and returns the exit code of the suite."""
    arguments = vars(_parse(argv))
    reports = arguments.pop("report")
    try:
        options = read_options({name: value for name, value in arguments.items() if value is not None})
        past, merged = read_past(options), merge_shards(read_reports(reports))
        result = tell_past(_finish(merged, options.report_dir, past.accepted), past, options)
        prepare_folder(options.report_dir)
        write_result(options.report_dir, result)
        keep_history(result, options)
        return tell(result, options)
    except (FileError, SettingsError) as error:
        return refuse(error)
    except OSError as error:
        return refuse(f"the reports cannot be written: {error}")
    except Exception as error:  # noqa: BLE001 - a traceback would help nobody
        say(describe_crash(error, "the merging"), file=sys.stderr)
        return INTERNAL_ERROR


def read_reports(paths: Sequence[Path]) -> dict[Path, Result]:
    """Reads results by their files, each of which is named itself or by its folder. Raises FileError."""
    files = [path / RESULT if path.is_dir() else path for path in paths]
    kind = "a result that this version of the suite wrote"
    return {file: read_model(Result, file, "the report", kind, _REMEDY) for file in files}


def _finish(merged: Result, folder: Path, accepted: Mapping[str, Acceptance]) -> Result:
    """The merged result as it is written to a folder, with the causes that violate nothing for now."""
    findings = (
        in_folder(structs.replace(each, accepted=accepted.get(each.key)), folder / FOLDER) for each in merged.findings
    )
    return conclude_again(structs.replace(merged, findings=tuple(findings), reports={}))


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s merge --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("report", nargs="+", type=Path, metavar="REPORT", help="a shard's folder, or its result.json")
    add_options(parser, (each for each in declared_options() if each.field in _FIELDS))
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
