// All that the page says, in two languages; equals, each key stands in both.
const WORDS = {
  en: {
    title: "Outbound assistants",
    waiting: "Waiting for the answer …",
    loading: "Asking Famulor …",
    cancelled: "The call was cancelled.",
    failed: "The host answered with an error.",
    unreadable: "This page cannot show this answer.",
    summary: "{total} of {of} assistants match.",
    fetched: "Data from {time}",
    stale: "Not up to date: {reason}",
    unknownReason: "Famulor could not be asked again.",
    leftOut: "Left out for lack of room: {what}",
    rejected: "{count} records could not be read",
    record: "Record {position}",
    accounts: "Accounts",
    filters: "Filter the loaded rows",
    search: "Search",
    sort: "Sort by",
    all: "all",
    shown: "{shown} of {loaded} loaded rows shown",
    partly: "{shown} of {loaded} loaded rows shown; {total} match in all.",
    none: "No loaded row fits these filters.",
    empty: "There are no assistants to show.",
    more: "Load more",
    rest: "This host cannot load more; ask for the next page in the chat.",
    back: "Back to the list",
    promptElsewhere: "This host cannot load the rest, such as the prompt; ask for it in the chat.",
    greeting: "Greeting",
    prompt: "System prompt",
    variables: "Variables",
    variable: "Variable",
    value: "Value",
    further: "Further fields",
    yes: "yes",
    no: "no",
    nothing: "–",
    id: "ID",
    name: "Name",
    status: "Status",
    mode: "Mode",
    type: "Type",
    language: "Language",
    voice: "Voice",
    timezone: "Time zone",
    webhook: "Webhook",
    webhook_url: "Webhook URL",
    is_webhook_active: "Webhook switched on",
    user_id: "User",
    account: "Account",
    created: "Created",
    updated: "Updated",
    snippet: "Found",
    statuses: { active: "active", inactive: "inactive", processing: "processing" },
    webhooks: { on: "on", off: "off", missing: "missing" },
  },
  de: {
    title: "Ausgehende Assistenten",
    waiting: "Warte auf die Antwort …",
    loading: "Frage Famulor …",
    cancelled: "Der Aufruf wurde abgebrochen.",
    failed: "Der Host hat mit einem Fehler geantwortet.",
    unreadable: "Diese Antwort kann die Seite nicht zeigen.",
    summary: "{total} von {of} Assistenten passen.",
    fetched: "Daten vom {time}",
    stale: "Nicht auf neuestem Stand: {reason}",
    unknownReason: "Famulor war nicht noch einmal zu erreichen.",
    leftOut: "Aus Platzgründen fehlt: {what}",
    rejected: "{count} Datensätze waren nicht lesbar",
    record: "Datensatz {position}",
    accounts: "Konten",
    filters: "Geladene Zeilen filtern",
    search: "Suche",
    sort: "Sortieren nach",
    all: "alle",
    shown: "{shown} von {loaded} geladenen Zeilen zu sehen",
    partly: "{shown} von {loaded} geladenen Zeilen zu sehen; insgesamt passen {total}.",
    none: "Keine geladene Zeile passt zu diesen Filtern.",
    empty: "Es gibt keine Assistenten zu zeigen.",
    more: "Mehr laden",
    rest: "Dieser Host kann nicht nachladen; bitte im Chat um die nächste Seite.",
    back: "Zurück zur Liste",
    promptElsewhere: "Dieser Host kann den Rest nicht nachladen, etwa den Prompt; bitte im Chat darum.",
    greeting: "Begrüßung",
    prompt: "System-Prompt",
    variables: "Variablen",
    variable: "Variable",
    value: "Wert",
    further: "Weitere Felder",
    yes: "ja",
    no: "nein",
    nothing: "–",
    id: "ID",
    name: "Name",
    status: "Status",
    mode: "Modus",
    type: "Typ",
    language: "Sprache",
    voice: "Stimme",
    timezone: "Zeitzone",
    webhook: "Webhook",
    webhook_url: "Webhook-URL",
    is_webhook_active: "Webhook eingeschaltet",
    user_id: "Benutzer",
    account: "Konto",
    created: "Angelegt",
    updated: "Geändert",
    snippet: "Fundstelle",
    statuses: { active: "aktiv", inactive: "inaktiv", processing: "in Arbeit" },
    webhooks: { on: "an", off: "aus", missing: "fehlt" },
  },
};

let language = "en";
let locale = "en";
let timeZone = "UTC";

/** Speak as the host does: its language where we know it, its way to write times and its zone where they are known. */
function speak(context) {
  const asked = String(context.locale ?? navigator.language).replaceAll("_", "-");
  language = /^de\b/i.test(asked) ? "de" : "en";
  locale = usable({ locales: asked }) && asked.toLowerCase().startsWith(language) ? asked : language;
  timeZone = usable({ timeZone: context.timeZone }) ? context.timeZone : undefined;
  document.documentElement.lang = language;
}

function usable({ locales, timeZone: zone }) {
  try {
    new Intl.DateTimeFormat(locales, { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The words for a key, with values in their {places}. */
function say(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_place, name) => String(values[name]));
}

/** Our word for one of Famulor's, or its own: `kind` is "statuses" or "webhooks". */
function called(kind, value) {
  const known = WORDS[language][kind];
  return Object.hasOwn(known, value) ? known[value] : value;
}

/** Any value as text. */
function text(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  return typeof value === "object" ? JSON.stringify(value, null, 1) : String(value);
}

function isTime(iso) {
  return !Number.isNaN(Date.parse(iso));
}

/** A time of ours as people there write it, a day as a day; `short` leaves out the hour. */
function moment(iso, short = false) {
  if (!isTime(iso)) return text(iso);
  const day = text(iso).length === "2026-03-01".length;
  const style = day || short ? {} : { timeStyle: "short" };
  return new Date(iso).toLocaleString(locale, { dateStyle: "medium", ...style, timeZone: day ? "UTC" : timeZone });
}
