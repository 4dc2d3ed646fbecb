"""A client that openapi-generator made for Python: the package that the first argument names.

The vendor's SDK is one: of an older spec, with the package name `voiceos`.
"""

import importlib
import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from steps import BASE_URL, CALLS, TOKEN, refuse_next, step


def main() -> None:
    """Runs the steps."""
    package = importlib.import_module(sys.argv[1])
    configuration = package.Configuration(host=BASE_URL, access_token=TOKEN)
    conversations = package.ConversationsApi(package.ApiClient(configuration))

    def place(call: dict[str, Any]) -> Any:  # noqa: ANN401 - a model of the package
        return conversations.create_phone_call(package.CreateCall.from_dict(call))

    def place_configured() -> Any:  # noqa: ANN401 - JSON
        return place(CALLS["inline"]).agent_config.to_dict()

    placed = step("place", lambda: shown(place(CALLS["stored"])))
    step("configure", place_configured)
    step("read", lambda: shown(conversations.get_conversation((placed or {}).get("id", "none"))))
    step("refused", lambda: errors_of(package.ApiException, partial(place, CALLS["stored"])))


def shown(conversation: Any) -> dict[str, Any]:  # noqa: ANN401 - a model of the package
    """The fields of a conversation that are compared."""
    ended = conversation.ended_at and conversation.ended_at.isoformat()
    return {"id": conversation.id, "status": conversation.status, "ended_at": ended}


def errors_of(refusal: type[Any], place: Callable[[], object]) -> Any:  # noqa: ANN401 - JSON
    """The errors of a refused call, by the exception that the package raises for it."""
    refuse_next()
    try:
        place()
    except refusal as error:
        return json.loads(error.body)["detail"]
    return None


if __name__ == "__main__":
    main()
