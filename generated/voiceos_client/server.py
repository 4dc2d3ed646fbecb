"""The contract's server, and the environment variables that may name another, and the token."""

BASE_URL: str | None = "https://api.voiceos.io"
BASE_URL_VARIABLE = "VOICEOS_BASE_URL"
TOKEN_VARIABLE = "VOICEOS_TOKEN"
PERSONAL: tuple[str, ...] = ("content", "from_number", "initial_message", "metadata", "prompt", "to_number")
"""The names of the fields that the contract calls personal."""
