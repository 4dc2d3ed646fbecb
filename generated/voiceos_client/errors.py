"""The errors that functions of the API raise."""


class UnexpectedStatus(Exception):
    """Raised for a status that the contract does not name, if the client's `raise_on_unexpected_status` is set."""

    def __init__(self, status_code: int, content: bytes):
        self.status_code = status_code
        self.content = content
        super().__init__(f"the contract does not name status {status_code}; `content` holds the body")


__all__ = ["UnexpectedStatus"]
