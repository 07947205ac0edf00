// The host: JSON-RPC with the window that holds this one, as MCP Apps (2026-01-26) has it.
const host = { capabilities: {}, context: {} };
const waiting = new Map();
const notified = new Map();
let asked = 0;

function send(message) {
  // Nobody knows the host's origin, and it need not be secret: what is sent are questions to it.
  parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
}

/** The host's answer; throws what it refuses. */
function ask(method, params) {
  asked += 1;
  const answer = new Promise((resolve, reject) => waiting.set(asked, { resolve, reject }));
  send({ id: asked, method, params });
  return answer;
}

function answered({ id, result, error }) {
  const question = waiting.get(id);
  waiting.delete(id);
  if (error) question?.reject(new Error(error.message || say("failed")));
  else question?.resolve(result ?? {});
}

function requested({ id, method }) {
  if (method === "ui/resource-teardown") {
    sizes.disconnect();
    waiting.clear();
  } else if (method !== "ping") {
    send({ id, error: { code: -32601, message: `Method not found: ${method}` } });
    return;
  }
  send({ id, result: {} });
}

addEventListener("message", ({ source, data }) => {
  if (source !== parent || data?.jsonrpc !== "2.0") return;
  if (data.method === undefined) answered(data);
  else if (data.id === undefined) notified.get(data.method)?.(data.params ?? {});
  else requested(data);
});

/** The handshake. */
async function greet() {
  const { hostCapabilities, hostContext } = await ask("ui/initialize", {
    protocolVersion: "2026-01-26",
    appInfo: { name: "famulor-assistants", version: "1" },
    appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
  });
  host.capabilities = hostCapabilities ?? {};
  inform(hostContext ?? {});
  send({ method: "ui/notifications/initialized", params: {} });
  sizes.observe(document.documentElement);
}

/** Whether the host passes our calls on to the server. */
function canCall() {
  return host.capabilities.serverTools !== undefined;
}

/** The data of a tool's answer; throws with the words of its error. */
async function call(tool, parameters) {
  return dataOf(await ask("tools/call", { name: tool, arguments: parameters }));
}

/** What a tool result says. Both parts of it carry the same data, and some hosts pass on only one. */
function dataOf(result) {
  const words = (result.content ?? []).map((part) => part.text ?? "").join("\n");
  const data = result.structuredContent ?? parsed(words);
  if (result.isError || data?.error) throw new Error(data?.error?.message || words || say("failed"));
  return data ?? {};
}

function parsed(words) {
  try {
    return JSON.parse(words);
  } catch {
    return null;
  }
}

const COLOURS = ["background-primary", "text-primary", "text-secondary", "border-primary"];

/** Take over what the host says of itself: theme, language, zone, and its colours and fonts. */
function inform(news) {
  Object.assign(host.context, news);
  const { theme, styles } = host.context;
  const variables = styles?.variables ?? {};
  const root = document.documentElement.style;
  root.colorScheme = theme === "light" || theme === "dark" ? theme : "";
  // Some of the host's colours among ours could be hard to read.
  const complete = COLOURS.every((name) => variables[`--color-${name}`]);
  const taken = [...(complete ? COLOURS : []).map((name) => `color-${name}`), "font-sans", "font-mono"];
  for (const name of taken) root.setProperty(`--${name}`, variables[`--${name}`] ?? "");
  speak(host.context);
}

let size = "";
const sizes = new ResizeObserver(() => {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  const width = innerWidth;
  if (size !== `${width} ${height}`) send({ method: "ui/notifications/size-changed", params: { width, height } });
  size = `${width} ${height}`;
});
