"""The modules that the processes of a run run. To name one, nothing of it need be imported."""

from __future__ import annotations

from typing import Final

ANSWERING: Final = "contract_tests.engine.answering"
ENGINE: Final = "contract_tests.engine.process"
GUARD: Final = "contract_tests.guard.process"
MOCK: Final = "contract_tests.servers.process"
