// A server as a team writes it with Express and express-openapi-validator.
// Arguments: the spec, the token, and perhaps `careful`: then it also does what the two leave to it.
import express from "express";
import { middleware } from "express-openapi-validator";

const [apiSpec, token, care] = process.argv.slice(2);
const isCareful = care === "careful";
const app = express();
const conversations = new Map();
let count = 0;

const authorizations = ({ rawHeaders }) => rawHeaders.filter((_, at) => rawHeaders[at - 1]?.toLowerCase() === "authorization");

const isRight = (request) => {
  const [scheme, given, ...rest] = request.headers.authorization.split(/ +/);
  const isAlone = !isCareful || authorizations(request).length === 1;
  return isAlone && scheme.toLowerCase() === "bearer" && given === token && rest.length === 0;
};

const decode = (_request, _response, body) => new TextDecoder("utf-8", { fatal: isCareful }).decode(body);

const explain = ({ path, message, errorCode }) => (
  { loc: path.split("/").slice(1), msg: message, type: errorCode?.split(".")[0] ?? "value_error" }
);

const converse = ({ agent_id = null, agent_config, from_number, to_number }) => ({
  id: `conversation_${++count}`, uri: `/conversations/conversation_${count}`, account_id: "account_1",
  type: "outbound_phone_call", status: "queued", started_at: null, ended_at: null, ended_reason: null, messages: [],
  agent_id, agent_config: agent_config ?? {}, phone_call: { provider: "twilio", from_number, to_number },
  cost_breakdown: null,
});

const statusOf = ({ status = 500 }) => (status === 400 || (isCareful && status === 415) ? 422 : status);

app.use(express.json({ limit: "10mb", strict: false, verify: decode }));
app.use(middleware({ apiSpec, validateSecurity: { handlers: { Bearer: isRight } } }));
app.post("/conversations/create_phone_call", ({ body }, response) => {
  const conversation = converse(body);
  conversations.set(conversation.id, conversation);
  response.json(conversation);
});
app.get("/conversations/:id", ({ params }, response) => {
  const conversation = conversations.get(params.id);
  response.status(conversation ? 200 : 404).json(conversation ?? { detail: "The account has no such conversation" });
});
app.use((error, request, response, _next) => {
  const status = error.type === "entity.verify.failed" ? 422 : statusOf(error);
  if (status === 401) response.set("WWW-Authenticate", "Bearer");
  if (status === 405 && isCareful) response.set("Allow", request.path.endsWith("/create_phone_call") ? "POST" : "GET");
  response.status(status).json({ detail: status === 422 ? (error.errors ?? []).map(explain) : error.message });
});

const server = app.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
