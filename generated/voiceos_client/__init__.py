"""A client library for accessing VoiceOS"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)

__version__ = "0.8.6"
