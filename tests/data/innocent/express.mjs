// A server as a team writes it with Express and express-openapi-validator. Arguments: the spec, and the token.
import express from "express";
import { middleware } from "express-openapi-validator";

const [apiSpec, token] = process.argv.slice(2);
const app = express();
let count = 0;

const isRight = (request) => request.headers.authorization?.toLowerCase().startsWith("bearer ")
  && request.headers.authorization.slice("bearer ".length).trim() === token;

const reason = ({ path, message, errorCode }) => ({
  loc: path.split("/").slice(1), msg: message, type: errorCode?.split(".")[0] ?? "value_error",
});

app.use(express.json({ limit: "10mb", strict: false }));
app.use(middleware({ apiSpec, validateSecurity: { handlers: { Bearer: isRight } } }));
app.post("/conversations/create_phone_call", ({ body }, response) => {
  count += 1;
  response.json({
    id: `conversation_${count}`, uri: `/conversations/conversation_${count}`, account_id: "account_1",
    type: "outbound_phone_call", status: "queued", started_at: null, ended_at: null, ended_reason: null, messages: [],
    agent_id: body.agent_id ?? null, agent_config: body.agent_config ?? {}, cost_breakdown: null,
    phone_call: { provider: "twilio", from_number: body.from_number, to_number: body.to_number },
  });
});
app.use((error, _request, response, _next) => {
  const status = error.status === 400 ? 422 : error.status ?? 500;
  if (status === 401) response.set("WWW-Authenticate", "Bearer");
  response.status(status).json({ detail: status === 422 ? (error.errors ?? []).map(reason) : error.message });
});

const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
