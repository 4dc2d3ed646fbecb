// @hey-api/openapi-ts makes types and functions.

import calls from "./calls.json";
import { createPhoneCall, getConversation } from "./heyapi";
import type { CreateCall } from "./heyapi";
import { client } from "./heyapi/client.gen";
import { BASE_URL, TOKEN, refuseNext, step } from "./steps";

client.setConfig({ baseUrl: BASE_URL, auth: TOKEN });

async function place(body: CreateCall) {
  return (await createPhoneCall({ body, throwOnError: true })).data;
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
    const { data } = await getConversation({ path: { id }, throwOnError: true });
    return { id: data.id, status: data.status, ended_at: data.ended_at };
  });
  await step("refused", async () => {
    await refuseNext();
    const { error } = await createPhoneCall({ body: calls.stored });
    return error && "detail" in error ? error.detail : error;
  });
}

void main();
