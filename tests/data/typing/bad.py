"""What a user must not write. A type checker finds each line marked `wrong`, and no other."""

from voiceos_client import AuthenticatedClient, Client
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import (
    AgentConfiguration,
    ConversationResponse,
    CreateCall,
    ElevenlabsVoice,
    LanguageModel,
    PlayhtVoice,
    PlayhtVoiceProvider,
    Webhook,
    WebhookMethod,
)

client = AuthenticatedClient()
call = CreateCall(from_number="+12025550142", to_number="+12025550143")

CreateCall(from_number="+12025550142")  # wrong: a required field is absent
CreateCall("+12025550142", "+12025550143")  # wrong: fields go by name
CreateCall(from_number=1, to_number="+12025550143")  # wrong: a number is no text
CreateCall(from_number="+12025550142", to_number=None)  # wrong: null is not allowed
CreateCall(from_number="+12025550142", to_number="+12025550143", agent="a")  # wrong: there is no such field
AgentConfiguration(max_duration_seconds="long")  # wrong: text is no integer
AgentConfiguration(voice=LanguageModel())  # wrong: no voice
AgentConfiguration(voice={"provider": "rime"})  # wrong: no voice either
ElevenlabsVoice(provider=PlayhtVoiceProvider.PLAYHT)  # wrong: another provider
ElevenlabsVoice(model_id="eleven_turbo_v2")  # wrong: an enumeration that takes no other name
Webhook(events=["ended"], url="https://example.com", method=WebhookMethod.POST)  # wrong: no event
create_phone_call.sync(client=client, body={"from_number": "+12025550142"})  # wrong: no call
create_phone_call.sync(client=client, body=call).id  # wrong: it may be an error
create_phone_call.sync(body=call)  # wrong: no client
create_phone_call.sync(client=Client(), body=call)  # wrong: a client without a token

answer = create_phone_call.sync(client=client, body=call)
if isinstance(answer, ConversationResponse):
    print(answer.satus)  # wrong: there is no such field
    print(answer.agent_config.voice.model)  # wrong: not every voice has one
    print(answer.cost_breakdown.total)  # wrong: it may be null or absent
    print(answer.started_at.year)  # wrong: it may be null or absent
    if isinstance(answer.agent_config.voice, PlayhtVoice):
        print(answer.agent_config.voice.pitch)  # wrong: another provider's
