"""Rings a customer to remind them of an appointment."""

from voiceos_client import AuthenticatedClient
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import ConversationResponse, CreateCall

OUR_NUMBER = "+12025550142"
OUR_AGENT = "agent_8c1f"


class MayHaveBeenPlacedError(Exception):
    """The server's answer does not tell whether the phone rings. Whoever tries again may ring twice."""


def remind(client: AuthenticatedClient, number: str) -> str:
    """Rings a number, and returns the id of the conversation.

    Raises:
        MayHaveBeenPlacedError: the answer is not one that the contract describes.
    """
    call = CreateCall(from_number=OUR_NUMBER, to_number=number, agent_id=OUR_AGENT)
    answer = create_phone_call.sync(client=client, body=call)
    if isinstance(answer, ConversationResponse):
        return answer.id
    raise MayHaveBeenPlacedError(answer)
