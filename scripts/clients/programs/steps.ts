// The steps of a client's program, and how it tells of them: one line of JSON for each.

declare const process: { env: Record<string, string>; exit(code: number): void };

export const BASE_URL = process.env.VOICEOS_BASE_URL;
export const TOKEN = process.env.VOICEOS_TOKEN;

/** Runs a step, and prints its value or why it failed. */
export async function step(name: string, run: () => Promise<unknown>): Promise<void> {
  let told: object;
  try {
    told = { step: name, value: (await run()) ?? null };
  } catch (error) {
    told = { step: name, error: String(error) };
  }
  console.log(JSON.stringify(told));
}

/** Has the mock refuse the next request with a 422. */
export async function refuseNext(): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  await fetch(`${BASE_URL}/_mock/next`, { method: "POST", headers, body: JSON.stringify({ refuse: ["to_number"] }) });
}
