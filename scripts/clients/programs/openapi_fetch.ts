// openapi-typescript makes types, and openapi-fetch sends with them.

import createClient from "openapi-fetch";
import calls from "./calls.json";
import { BASE_URL, TOKEN, refuseNext, step } from "./steps";
import type { components, paths } from "./voiceos";

type CreateCall = components["schemas"]["CreateCall"];

const client = createClient<paths>({ baseUrl: BASE_URL, headers: { Authorization: `Bearer ${TOKEN}` } });

async function place(body: CreateCall) {
  const { data, error } = await client.POST("/conversations/create_phone_call", { body });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
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
    const { data } = await client.GET("/conversations/{id}", { params: { path: { id } } });
    return { id: data?.id, status: data?.status, ended_at: data?.ended_at };
  });
  await step("refused", async () => {
    await refuseNext();
    const { error } = await client.POST("/conversations/create_phone_call", { body: calls.stored });
    return error && "detail" in error ? error.detail : error;
  });
}

void main();
