// orval makes functions that fetch, and schemas of zod that check bodies when the code runs.

import calls from "./calls.json";
import { createPhoneCall, getConversation } from "./orval/calls";
import type { CreateCall } from "./orval/calls";
import { CreatePhoneCallBody, CreatePhoneCallResponse, GetConversationResponse } from "./orval/schemas";
import { TOKEN, refuseNext, step } from "./steps";

const OPTIONS = { headers: { Authorization: `Bearer ${TOKEN}` } };

async function place(call: CreateCall) {
  CreatePhoneCallBody.parse(call);
  return CreatePhoneCallResponse.parse((await createPhoneCall(call, OPTIONS)).data);
}

async function main() {
  let id = "";
  await step("place", async () => {
    const { status, ended_at, ...placed } = await place(calls.stored);
    id = placed.id;
    return { id, status, ended_at };
  });
  await step("configure", async () => (await place(calls.inline as CreateCall)).agent_config);
  await step("read", async () => {
    const conversation = GetConversationResponse.parse((await getConversation(id, OPTIONS)).data);
    return { id: conversation.id, status: conversation.status, ended_at: conversation.ended_at };
  });
  await step("refused", async () => {
    await refuseNext();
    const answer = await createPhoneCall(calls.stored, OPTIONS);
    return answer.status === 422 ? answer.data.detail : answer;
  });
}

void main();
