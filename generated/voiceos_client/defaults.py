"""The defaults of a client: base URL and token of the environment, and timeouts."""

from os import environ

import httpx

from .server import BASE_URL, BASE_URL_VARIABLE, TOKEN_VARIABLE


def default_base_url() -> str:
    """The environment's base URL, else that of the contract's first server.

    Raises:
        ValueError: there is neither.
    """
    url = environ.get(BASE_URL_VARIABLE) or BASE_URL
    if not url:
        raise ValueError(f"there is no base URL: pass base_url, or set the environment variable {BASE_URL_VARIABLE}")
    return url


def default_token() -> str:
    """The environment's token.

    Raises:
        ValueError: there is none.
    """
    token = environ.get(TOKEN_VARIABLE)
    if not token:
        raise ValueError(f"there is no token: pass token, or set the environment variable {TOKEN_VARIABLE}")
    return token


def default_timeout() -> httpx.Timeout:
    """5 seconds to connect; 30 for each wait on the server."""
    return httpx.Timeout(30, connect=5)


def check_token(_instance: object, _attribute: object, token: str) -> None:
    """Refuses a token that no header can carry here, for what sends headers would name it in its error.

    Raises:
        ValueError: the token is empty, or holds something else than visible ASCII characters.
    """
    if not token or not all("!" <= character <= "~" for character in token):
        raise ValueError("the token cannot be sent: it is empty, or holds what is no visible ASCII character")


__all__ = [
    "BASE_URL",
    "BASE_URL_VARIABLE",
    "TOKEN_VARIABLE",
    "check_token",
    "default_base_url",
    "default_timeout",
    "default_token",
]
