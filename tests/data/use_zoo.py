"""Uses the client that tests/data/zoo.yaml generates, and says so if all is well."""

import json

import httpx
from voiceos_client import AuthenticatedClient, Client
from voiceos_client.api.default import drop_pet, make_pet, put_pet, read_pet
from voiceos_client.models import Cat, Colour, Dog, Legs, Pet, Upload
from voiceos_client.types import UNSET, Undocumented, UndocumentedResponse

ID = "12345678-1234-5678-1234-567812345678"
CAT = {"kind": "cat", "name": "Tom", "born": "2020-02-29", "legs": 4, "new": None}
DOG = {
    "kind": "dog",
    "friends": [CAT, {"kind": "dog", "friends": []}, {"kind": "eel"}],
    "maybe": [CAT, {"kind": "eel"}],
    "legs": 3,
    "anything": {"a": [1]},
    "either": [1, 2.5],
    "when": "2020-01-01T00:00:00.123456789Z",
    "colour": "green/light",
    "id": ID,
    "free": {"b": 1},
    "in": False,
}


def client(status: int, body: object) -> Client:
    content = json.dumps(body).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content))
    return Client(httpx_args={"transport": transport})


def same(value: object, expected: object) -> None:
    assert value == expected, (value, expected)


dog = Dog.from_dict(DOG)
same(dog.to_dict(), DOG)
same([type(friend) for friend in dog.friends], [Cat, Dog, Undocumented])
same((dog.legs.is_documented, dog.legs + 1, dog.legs.value), (False, 4, 3))
same((Legs(2).is_documented, Legs(2) is Legs.VALUE_2), (True, True))
same((dog.colour, dog.colour.is_documented), (Colour.GREEN_LIGHT, True))
for either in ("text", 5, [1.5], None):
    same(Dog.from_dict({**DOG, "either": either}).to_dict()["either"], either)
same(Dog.from_dict({**DOG, "when": 5}).when, 5)
for wrong in ({"either": {}}, {"friends": "abc"}, {"when": True}, {"legs": True}, {"id": 5}):
    try:
        Dog.from_dict({**DOG, **wrong})
    except (TypeError, ValueError, AttributeError):
        continue
    raise AssertionError(wrong)

pet = read_pet.sync(id=ID, client=client(200, {"animal": CAT, "more": {"a": 4}}), colour=Colour.RED_DARK, sizes=[1])
assert isinstance(pet, Pet) and isinstance(pet.animal, Cat)
same([type(one) for one in read_pet.sync(id=ID, client=client(404, [{"animal": {"kind": "eel"}}]))], [Pet])
same(read_pet.sync(id=ID, client=client(520, "text")), '"text"')
same(type(read_pet.sync(id=ID, client=client(404, {}))), UndocumentedResponse)
same(put_pet.sync(id="a", client=client(200, {"kind": "eel"}), body=Upload()), Undocumented({"kind": "eel"}))
same(put_pet.sync(id="a", client=client(201, 5), body=Upload()), 5)
same(type(put_pet.sync(id="a", client=client(201, "5"), body=Upload())), UndocumentedResponse)
same(drop_pet.sync_detailed(id="a", client=client(204, None)).parsed, None)
same(type(drop_pet.sync_detailed(id="a", client=client(500, None)).parsed), UndocumentedResponse)
made = make_pet.sync(client=AuthenticatedClient(token="t", httpx_args=client(200, {"a": CAT, "b": {"kind": "eel"}})._httpx_args), body=[dog])
same([type(value) for value in made.additional_properties.values()], [Cat, Undocumented])
same(Cat(name="Tom").to_dict(), {"name": "Tom", "kind": "cat"})
same(Cat(name="Tom").legs, UNSET)
print("well")
