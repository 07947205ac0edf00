// Pieces of the page. Strings become text, never markup: names and prompts are other people's.
const part = (id) => document.getElementById(id);

/** An element with these properties and these children: elements, or strings. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Other people's text, in its own direction, so that it can't turn what stands beside it around. */
function foreign(value, className = "") {
  return make("bdi", { className }, text(value));
}

/** A status by colour and by word. */
function badge(status) {
  const known = Object.hasOwn(WORDS.en.statuses, status) ? status : "other";
  return make("span", { className: `badge ${known}` }, make("bdi", {}, called("statuses", text(status))));
}

function time(iso, short = false) {
  if (!isTime(iso)) return foreign(iso);
  return make("time", { dateTime: text(iso), title: text(iso) }, moment(iso, short));
}

/** How good an answer is: when its data came, why it is no newer, what is missing or was not read, which accounts. */
function originOf(answer) {
  const parts = [];
  if (answer.fetched_at) parts.push(make("p", {}, say("fetched", { time: moment(answer.fetched_at) })));
  if (answer.stale) parts.push(warning(answer.stale_reason));
  if (answer.hint) parts.push(make("p", {}, foreign(answer.hint)));
  if (answer.left_out) parts.push(make("p", {}, say("leftOut", { what: answer.left_out })));
  const rejected = Array.isArray(answer.rejected) ? answer.rejected : [];
  if (rejected.length) {
    const count = answer.rejected_total ?? rejected.length;
    parts.push(folded(say("rejected", { count }), rejected.map(recordOf)));
  }
  const accounts = Array.isArray(answer.accounts) ? answer.accounts : [];
  if (accounts.length) parts.push(folded(say("accounts"), accounts.map(accountOf)));
  return parts;
}

function warning(reason) {
  return make("p", { className: "warning" }, say("stale", { reason: reason || say("unknownReason") }));
}

function recordOf(record) {
  const name = say("record", { position: text(record.position) });
  const about = [record.account, record.id && `${say("id")} ${record.id}`, record.field].filter(Boolean);
  return `${name}${about.length ? ` (${about.join(", ")})` : ""}: ${text(record.reason)}`;
}

function accountOf(account) {
  const state = account.error || (account.stale && say("stale", { reason: account.stale_reason || "" }));
  const fetched = account.fetched_at && say("fetched", { time: moment(account.fetched_at) });
  return `${text(account.account)}: ${[fetched, state].filter(Boolean).join(" · ")}`;
}

function folded(summary, lines) {
  const items = lines.map((line) => make("li", {}, foreign(line)));
  return make("details", {}, make("summary", {}, summary), make("ul", {}, ...items));
}
