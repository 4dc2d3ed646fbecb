"""A certificate for HTTPS, made on the spot by an authority of its own that nobody trusts yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import trustme

from contract_tests.runtime.serving import Certificate

if TYPE_CHECKING:
    from pathlib import Path

_OWN_NAMES = ("localhost", "127.0.0.1", "::1")


class Issued(NamedTuple):
    """A certificate, and that of the authority which signed it."""

    certificate: Certificate
    authority: Path
    """The file to trust, in PEM."""


def issue(folder: Path, host: str) -> Issued:
    """Makes a certificate for this machine and a host, and writes its files to a folder."""
    authority = trustme.CA()
    issued = authority.issue_cert(*dict.fromkeys((*_OWN_NAMES, host)))
    trusted, chain, key = (folder / name for name in ("authority.pem", "certificate.pem", "key.pem"))
    authority.cert_pem.write_to_path(trusted)
    key.touch(mode=0o600)
    issued.private_key_pem.write_to_path(key)
    for blob in issued.cert_chain_pems:
        blob.write_to_path(chain, append=True)
    return Issued(Certificate(chain, key), trusted)
