"""Calls every operation of operations.yaml, and prints what was sent as JSON."""

import datetime as dt
import email
import io
import json

import httpx
from voiceos_client import Client
from voiceos_client.api.bodies import send_bytes, send_form, send_json, send_multipart, send_several, send_text
from voiceos_client.api.parameters import get_fields, get_paths, get_queries, put_referred
from voiceos_client.models import Kind, Point, SendFormBody, SendMultipartBody
from voiceos_client.types import File

ANSWERS = {
    "/bytes": httpx.Response(200, content=b"PNG"),
    "/text": httpx.Response(200, text="a,b"),
    "/json": httpx.Response(207, json={"x": 1}),
    "/referred": httpx.Response(200, json=5),
    "/several": httpx.Response(200, json={"x": 2}),
}
requests = []
found = {}


def answer(request):
    requests.append(request)
    return ANSWERS.get(request.url.path, httpx.Response(204))


def body():
    return [requests[-1].headers.get("Content-Type"), requests[-1].content.decode()]


def parts():
    head = f"Content-Type: {requests[-1].headers['Content-Type']}\n\n".encode()
    for part in email.message_from_bytes(head + requests[-1].content).get_payload():
        name = part.get_param("name", header="content-disposition")
        yield [name, part.get_filename(), part.get_content_type(), part.get_payload(decode=True).decode()]


client = Client("https://zoo.example", httpx_args={"transport": httpx.MockTransport(answer)})
point = Point(x=1, y=2)

get_paths.sync_detailed("a/b", ["a", "b c"], [1, 2], [1, 2], point, point, client=client)
found["paths"] = requests[-1].url.raw_path.decode()
get_queries.sync_detailed(
    client=client,
    plain="a b&c",
    flag=True,
    exploded=["a", "b"],
    joined=["a,b", "c"],
    spaced=["a", "b"],
    piped=["a", "b"],
    deep=point,
    object_=point,
    object_joined=point,
    json=point,
    reserved="a/b?c",
    kind="TXT",
    when=dt.datetime(2026, 1, 31, tzinfo=dt.UTC),
    filtera="1",
    client_="x",
    body_="y",
)
found["queries"] = requests[-1].url.raw_path.decode()
get_queries.sync_detailed(client=client)
found["no queries"] = requests[-1].url.raw_path.decode()
get_fields.sync_detailed(
    client=client, x_plain=5, x_list=["a", "b"], x_object=point, x_json=point, session="s", ids=[1, 2], x_shared="sh"
)
found["fields"] = {name: text for name, text in requests[-1].headers.items() if name.startswith("x-") or name == "cookie"}
found["a path item by reference"] = put_referred.sync(client=client)
send_form.sync_detailed(
    client=client, body=SendFormBody(a="é &", list_=["1", "2"], joined=["a", "b"], point=point, flag=True)
)
found["form"] = body()
send_multipart.sync_detailed(
    client=client,
    body=SendMultipartBody(
        file=File(io.BytesIO(b"+++"), "a.png"), files=[File(io.BytesIO(b"x"))], point=point, note="n", kind=Kind.TXT
    ),
)
found["parts"] = list(parts())
picture = send_bytes.sync(client=client, body=File(io.BytesIO(b"abc")))
found["bytes"] = [*body(), picture.payload.read().decode()]
given = send_text.sync(client=client, body="é")
found["text"] = [*body(), given]
given = send_text.sync(client=client)
found["no text"] = [*body(), given]
given = send_json.sync(client=client, body=point)
found["+json"] = [*body(), given.to_dict()]
found["several"] = []
for one in (point, [point], "t", File(io.BytesIO(b"pdf"))):
    send_several.sync(client=client, body=one)
    found["several"].append(body())
send_json.sync(client=client, body={"x": 1, "y": 2})
found["a dict for a class"] = body()[1]
print(json.dumps(found))
