"""Equal parts of exchanges are one object; veiled ones stay what they are."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from contract_tests.exchange.exchange import Exchange, Response
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.sharing import Sharing
from contract_tests.exchange.veiled import VeiledBytes, VeiledText
from tests.support.exchanges import call

if TYPE_CHECKING:
    from contract_tests.exchange.exchange import Request


def arrived(exchange: Exchange) -> Exchange:
    """An exchange as it comes from another process, with parts of its own."""
    copy: Exchange = pickle.loads(pickle.dumps(exchange))  # noqa: S301 - our own
    return copy


def sharing(*exchanges: Exchange) -> list[Exchange]:
    sharing = Sharing()
    return [sharing.share(arrived(each)) for each in exchanges]


def parts(request: Request) -> list[object]:
    return [request.target, request.headers, request.body, request.base_url]


def test_equal_parts_are_one_object() -> None:
    one, other = sharing(call(), call(id="2"))
    assert (one, other) == (call(), call(id="2"))
    assert all(mine is theirs for mine, theirs in zip(parts(one.request), parts(other.request), strict=True))
    assert one.response
    assert other.response
    assert one.response.headers is other.response.headers
    assert one.response.body is not other.response.body


def test_a_part_that_holds_a_secret_shows_no_more_than_before() -> None:
    def answered(text: str, body: bytes) -> Exchange:
        return Exchange(call().request, Response(200, Headers([("X-Key", text)]), body))

    plain = answered("secret", b"secret")
    veiled = answered(VeiledText("secret", "[masked]"), VeiledBytes(b"secret", b"[masked]"))
    for order in ((plain, veiled), (veiled, plain)):
        shown = [repr(each.response) for each in sharing(*order)]
        assert shown == [repr(each.response) for each in order]
