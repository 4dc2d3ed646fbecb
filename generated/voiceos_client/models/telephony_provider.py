from ..types import OpenStrEnum


class TelephonyProvider(OpenStrEnum):
    """The telephone companies that carry calls."""

    TWILIO = "twilio"
