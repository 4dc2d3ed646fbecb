"""Stands between your application and a server, and judges what passes: `nox -s proxy -- --url URL`.

Give your application, or its end-to-end tests, the address that this prints in place of the server's. Everything passes
unchanged, your token too. Ctrl-C ends it: then come the verdict and the reports of a run, and the exit code of one.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from contract_tests.contract.contract import read_contract
from contract_tests.crash import describe_crash
from contract_tests.exit_codes import INTERNAL_ERROR, INTERRUPTED
from contract_tests.help import add_options
from contract_tests.report.terminal import describe_addition, describe_leniency
from contract_tests.result.file_error import FileError
from contract_tests.run.live import ProxyError, judge_live
from contract_tests.run.live_news import Told
from contract_tests.target.live_limits import make_live_limits
from contract_tests.target.options import Group, declared_options
from contract_tests.target.settings import SettingsError, read_costs, read_fields, read_given, read_options
from contract_tests.target.target import TargetError, fields_in, missing_references, read_url
from contract_tests.telling import refuse, tell
from contract_tests.traffic.proxy.orders import GRACE, Orders
from spec.output import one_line, say
from spec.reader import SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contract_tests.result.result import Addition, Finding
    from contract_tests.target.options import Option, Options
    from contract_tests.target.settings import Fields

_OF_RUNS: Final = {"data", "free_numbers", "rings_nobody", "allow_production"}
"""The options about limits that only runs have, which make requests of their own."""
_FURTHER: Final = {
    *("url", "target", "report_dir", "format", "strict", "allow_partial", "started_by"),
    *("against", "baseline", "history"),
}
"""The options of runs that live traffic takes, beside those about limits."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says, and returns the exit code of the suite."""
    arguments = vars(_parse(argv))
    port, save = arguments.pop("port"), arguments.pop("save")
    flags = {name: value for name, value in arguments.items() if value is not None}
    try:
        options = read_options(flags)
        orders = _make_orders(options, read_given(flags), port)
        references = missing_references(options, _read_fields_of(options))
        return tell(judge_live(orders, options, references, save, _told(orders)), options)
    except KeyboardInterrupt:
        say("interrupted: nothing is claimed", file=sys.stderr)
        return INTERRUPTED
    except (SpecError, FileError, SettingsError, TargetError, ProxyError) as error:
        return refuse(error)
    except OSError as error:
        return refuse(f"the reports cannot be written, or the file of --save not begun: {error}")
    except Exception as error:  # noqa: BLE001 - a traceback could quote what passed
        say(describe_crash(error, "the proxy"), file=sys.stderr)
        return INTERNAL_ERROR


def _make_orders(options: Options, given: Mapping[str, object], port: int) -> Orders:
    if options.url is None:
        raise TargetError("say which server the traffic is for: nox -s proxy -- --url https://staging.example.com")
    url = read_url(options.url)
    limits = make_live_limits(options, given, _read_fields_of(options), url)
    return Orders(url, options.spec.resolve(), limits, options.max_calls, port, read_costs())


def _read_fields_of(options: Options) -> Fields:
    return fields_in(read_fields(), read_contract(options.spec))


def _told(orders: Orders) -> Told:
    limits = orders.limits.describe(orders.max_calls)

    def start(url: str) -> None:
        _say(f"{url} passes everything on to {orders.url}, and judges it; Ctrl-C ends it\n{limits}")

    return Told(start, _tell_cause, _tell_drift, _tell_refusal, _tell_end, _tell_trouble)


def _say(text: str, *, to_errors: bool = False) -> None:
    """Says something while traffic passes, which goes on also where nobody reads any more, such as behind `head`."""
    with suppress(OSError):
        say(text, file=sys.stderr if to_errors else sys.stdout)


def _tell_cause(finding: Finding) -> None:
    leniency = describe_leniency(finding)
    mark = f"{leniency}: " if leniency else ""
    _say(one_line(f"new: {mark}{finding.headline}  ({finding.check}, {finding.location})"))


def _tell_drift(addition: Addition) -> None:
    _say(one_line(f"new: {describe_addition(addition)}"))


def _tell_refusal(refusal: str) -> None:
    _say(one_line(f"not sent: {refusal}"))


def _tell_end() -> None:
    _say(f"The proxy ends. Requests under way have {GRACE:g} seconds more.")


def _tell_trouble(trouble: str) -> None:
    _say(one_line(trouble), to_errors=True)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s proxy --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="listen on this port; default: a free one")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the traffic to this file as NDJSON, masked")
    add_options(parser, filter(_is_about_traffic, declared_options()))
    return parser.parse_args(argv)


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() else -1
    if port not in range(65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 0 to 65535")
    return port


def _is_about_traffic(option: Option) -> bool:
    is_limit = option.declaration.group is Group.LIMITS and option.field not in _OF_RUNS
    return is_limit or option.field in _FURTHER


if __name__ == "__main__":
    raise SystemExit(main())
