from ..types import OpenStrEnum


class WebhookMethod(OpenStrEnum):
    """An HTTP method that a webhook may use."""

    GET = "GET"
    POST = "POST"
