"""The guard's process: a proxy in front of the target, until the run ends it or is gone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from contract_tests.exchange.disguise import Disguise
from contract_tests.guard.errand import CATCH_UP, STOP
from contract_tests.guard.proxy import REQUEST_TIMEOUT, Proxy, be_quiet
from contract_tests.guard.upstream import Upstream
from contract_tests.runtime.child import end_with_parent
from contract_tests.runtime.serving import running

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def main(channel: Connection) -> None:
    """Guards a target as the run says."""
    be_quiet()
    errand, placeholder, preflight, token, secrets = channel.recv()
    lock = threading.Lock()

    def tell(message: object) -> None:
        with lock:
            channel.send(message)

    words = errand.spec.read_bytes()
    disguise = Disguise(placeholder, token, errand.limits.aliases, words, errand.credentials, secrets)
    proxy = Proxy(errand, disguise, tell, Upstream(errand.url), preflight)

    def hear(message: object) -> None:
        if message == STOP:
            proxy.stop()
        elif message == CATCH_UP:
            proxy.wait_until_idle(REQUEST_TIMEOUT)
            tell(CATCH_UP)

    with running(proxy, own_headers=False) as url:
        tell(url)
        end_with_parent(channel, hear)
        threading.Event().wait()
