"""The load that Locust puts on the mock: each user places calls on one kept connection, and reads some of them.

Locust loads this file by its path, in an environment that has Locust and nothing of the project. It stops once the
number of requests in LOAD_REQUESTS is reached. Any answer other than a 200 counts as a failure.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import gevent
from locust import FastHttpUser, constant, events, task
from locust.runners import WorkerRunner

if TYPE_CHECKING:
    from locust.env import Environment

REQUESTS = int(os.environ["LOAD_REQUESTS"])
TOKEN = os.environ["VOICEOS_TOKEN"]
PLACE = "/conversations/create_phone_call"
CALL = {"from_number": "+12025550142", "to_number": "+12025550143", "agent_id": "agent_8c1f"}
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
POLL = 1.0


class Caller(FastHttpUser):
    """A user of the API who never waits."""

    wait_time = constant(0)
    uri = ""

    @task(3)
    def place_a_call(self) -> None:
        """Places a call."""
        with self.client.post(PLACE, json=CALL, headers=HEADERS, catch_response=True) as response:
            if response.status_code == 200:  # noqa: PLR2004 - the only right one
                self.uri = response.json()["uri"]
            else:
                # Without an answer, the status is 0.
                response.failure(f"status {response.status_code}" if response.status_code else str(response.error))

    @task
    def read_a_conversation(self) -> None:
        """Reads the last conversation."""
        if self.uri:
            self.client.get(self.uri, headers=HEADERS, name="/conversations/{id}")


@events.test_start.add_listener
def stop_in_time(environment: Environment, **_others: object) -> None:
    """Has the process that counts for all workers stop once enough requests were answered."""
    if not isinstance(environment.runner, WorkerRunner):
        gevent.spawn(_watch, environment)


def _watch(environment: Environment) -> None:
    while environment.stats.total.num_requests < REQUESTS:
        gevent.sleep(POLL)
    environment.runner.quit()
