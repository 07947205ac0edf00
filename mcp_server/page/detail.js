// One assistant in full.
const FACTS = [
  ...["account", "type", "mode", "language", "voice", "timezone", "webhook", "webhook_url", "is_webhook_active"],
  ...["user_id", "created", "updated", "snippet"],
];
const TIMES = ["created", "updated"];
const ELSEWHERE = [
  ...["id", "name", "status", "language_id", "voice_id", "initial_message", "system_prompt", "variables", "extra"],
];

let opened = null;
let detail = { answer: {}, note: "" };

/** Show what a row says, and then, where the host lets us ask, everything. */
async function open(row) {
  opened = row;
  const { fetched_at, stale, stale_reason } = list.page;
  const known = { assistant: row, fetched_at, stale, stale_reason };
  const elsewhere = row.system_prompt ? "" : say("promptElsewhere");
  showDetail(known, canCall() ? say("loading") : elsewhere);
  part("name").focus();
  if (!canCall()) return;
  const reference = { assistant: text(row.id), ...(row.account ? { account: row.account } : {}) };
  try {
    const answer = await call("get_outbound_assistant", reference);
    if (opened === row) await present(answer, row);
  } catch (error) {
    if (opened === row) {
      showDetail(detail.answer);
      complain(error);
    }
  }
}

/** Show an answer about one assistant, and then, where the host lets us ask, what had no room in it. */
async function present(answer, row) {
  let shown = answer;
  showDetail(shown);
  while (shown.next_call && canCall()) {
    const { name, arguments: parameters } = shown.next_call;
    const rest = await call(name, parameters);
    if (opened !== row) return;
    shown = joined(shown, rest, parameters);
    showDetail(shown);
  }
}

/** The answer with the rest of its prompt, or the same in full; without a next call if it has changed meanwhile. */
function joined(answer, rest, { prompt_offset: offset }) {
  if (!offset) return rest;
  const [before, after] = [answer.assistant, rest.assistant];
  if (before.updated !== after.updated) return { ...answer, next_call: undefined };
  return { ...rest, assistant: { ...before, system_prompt: before.system_prompt + after.system_prompt } };
}

function close() {
  const row = opened;
  opened = null;
  complain();
  showTable();
  part("rows").querySelector(`[data-row="${list.rows.indexOf(row)}"] button`)?.focus();
}

function showDetail(answer, note = "") {
  const assistant = answer.assistant;
  detail = { answer, note };
  complain();
  part("list").hidden = true;
  part("detail").hidden = false;
  part("back").hidden = list.page === null;
  part("name").textContent = text(assistant.name) || say("nothing");
  part("about").replaceChildren(
    make("p", { className: "quiet" }, badge(assistant.status), ` #${text(assistant.id)}`),
    ...(note ? [make("p", { className: "note", role: "status" }, note)] : []),
    make("div", { className: "quiet" }, ...originOf(answer)),
    factsOf(assistant),
    ...textOf("greeting", assistant.initial_message),
    ...textOf("prompt", assistant.system_prompt),
    ...valuesOf("variables", assistant.variables),
    ...valuesOf("further", assistant.extra),
  );
}

function factsOf(assistant) {
  const others = Object.keys(assistant).filter((key) => !FACTS.includes(key) && !ELSEWHERE.includes(key));
  const facts = [...FACTS.filter((key) => Object.hasOwn(assistant, key)), ...others];
  return make("dl", {}, ...facts.map((key) => make("div", {}, make("dt", {}, label(key)), factOf(assistant, key))));
}

/** What a field is called, in our words where we know it. */
function label(key) {
  return FACTS.includes(key) || ["id", "name", "status"].includes(key) ? say(key) : key;
}

function factOf(assistant, key) {
  const value = assistant[key];
  if (TIMES.includes(key)) return make("dd", {}, time(value));
  if (key === "webhook") return make("dd", {}, foreign(called("webhooks", text(value))));
  const id = assistant[`${key}_id`];
  const addition = id === undefined || text(id) === text(value) ? "" : ` (${say("id")} ${text(id)})`;
  return make("dd", {}, foreign(value), addition);
}

function textOf(word, value) {
  return text(value) ? [make("h2", {}, say(word)), make("pre", { dir: "auto" }, text(value))] : [];
}

function valuesOf(word, values) {
  const entries = Object.entries(values ?? {});
  if (!entries.length) return [];
  const head = ["variable", "value"].map((key) => make("th", { scope: "col" }, say(key)));
  const rows = entries.map(([name, value]) =>
    make("tr", {}, make("th", { scope: "row" }, foreign(name)), make("td", {}, foreign(text(value) || say("nothing")))),
  );
  return [
    make("h2", {}, say(word)),
    make("table", { ariaLabel: say(word) }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)),
  ];
}
