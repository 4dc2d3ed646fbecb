from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.conversation_response import ConversationResponse
from ...models.error_response import ErrorResponse
from ...models.http_validation_error import HTTPValidationError
from ...parameters import path_text
from ...sending import send as _send
from ...sending import send_async as _send_async
from ...sending import unread as _unread
from ...types import Response, UndocumentedResponse


def _get_kwargs(
    id: str,
) -> dict[str, Any]:

    _json_id = id

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/conversations/{id}".format(
            id=path_text("id", _json_id, "simple", explode=False),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse:
    if reason := _unread(response):
        return UndocumentedResponse.of(response, reason)
    try:
        return _parse_documented(client=client, response=response)
    except KeyError as error:
        return UndocumentedResponse.of(response, f"the field {error} is missing")
    except (AttributeError, TypeError, ValueError) as error:
        return UndocumentedResponse.of(response, f"the body is not as documented: {error}")
    except RecursionError:
        return UndocumentedResponse.of(response, "the body is nested too deeply to be read")


def _parse_documented(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse:
    if response.status_code == 200:
        response_200 = ConversationResponse.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ErrorResponse.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ErrorResponse.from_dict(response.json())

        return response_404

    if response.status_code == 422:
        response_422 = HTTPValidationError.from_dict(response.json())

        return response_422

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return UndocumentedResponse.of(response, f"the contract does not name status {response.status_code}")


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
) -> Response[ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse]:
    """Get Conversation

     Answers with a conversation as far as it has come. It rings nobody and costs nothing, so you may ask
    again until the conversation has ended.

    Args:
        id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse]
    """

    kwargs = _get_kwargs(
        id=id,
    )

    response = _send(client, kwargs)

    return _build_response(client=client, response=response)


def sync(
    id: str,
    *,
    client: AuthenticatedClient,
) -> ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse:
    """Get Conversation

     Answers with a conversation as far as it has come. It rings nobody and costs nothing, so you may ask
    again until the conversation has ended.

    Args:
        id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse
    """

    return sync_detailed(
        id=id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
) -> Response[ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse]:
    """Get Conversation

     Answers with a conversation as far as it has come. It rings nobody and costs nothing, so you may ask
    again until the conversation has ended.

    Args:
        id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse]
    """

    kwargs = _get_kwargs(
        id=id,
    )

    response = await _send_async(client, kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
) -> ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse:
    """Get Conversation

     Answers with a conversation as far as it has come. It rings nobody and costs nothing, so you may ask
    again until the conversation has ended.

    Args:
        id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
        )
    ).parsed
