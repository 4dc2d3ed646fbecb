// The functions need the mock's address when they are made.
module.exports = {
  calls: {
    input: process.env.SPEC,
    output: { target: "orval/calls.ts", client: "fetch", baseUrl: process.env.VOICEOS_BASE_URL },
  },
  schemas: {
    input: process.env.SPEC,
    output: { target: "orval/schemas.ts", client: "zod" },
  },
};
