// The list: a table of the rows that are loaded, to filter and to sort.
const COLUMNS = ["name", "id", "status", "mode", "language", "timezone", "webhook", "updated", "account"];
const CHOICES = ["status", "mode", "webhook"];
const SELF_EXPLANATORY = ["mode", "language", "timezone", "account", "snippet"];
const LONGEST_CELL = 120;

const list = { rows: [], columns: [], page: null, parameters: {}, sort: "", descending: false };

/** A list's first page; those after it come through `loadMore`. */
function startList(page) {
  list.rows = rowsOf(page);
  list.page = page;
  showTable();
}

/** Rows as objects: concise ones come as lists, under the names of their columns. */
function rowsOf({ assistants = [], columns: names = [] }) {
  return assistants.map((row) =>
    Array.isArray(row) ? Object.fromEntries(names.map((name, position) => [name, row[position]])) : row,
  );
}

async function loadMore() {
  const button = part("more");
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  complain();
  part("shown").textContent = say("loading");
  const loaded = list.rows.length;
  try {
    const page = await call("list_outbound_assistants", { ...list.parameters, cursor: list.page.next_cursor });
    list.rows.push(...rowsOf(page));
    list.page = page;
  } catch (error) {
    complain(error);
  }
  button.ariaDisabled = "false";
  showTable();
  // The button may be gone; who works with the keyboard goes on with the first new row.
  if (part("more").hidden) part("rows").querySelector(`[data-row="${loaded}"] button`)?.focus();
}

function showTable() {
  part("detail").hidden = true;
  part("list").hidden = false;
  part("summary").textContent = say("summary", { total: text(list.page.total), of: text(list.page.of) });
  part("origin").replaceChildren(...originOf(list.page));
  list.columns = columnsOf();
  CHOICES.forEach(showChoice);
  showSorting();
  showRows();
}

function showChoice(key) {
  const select = part(key);
  const values = [...new Set(list.rows.map((row) => text(row[key])).filter(Boolean))].sort();
  const chosen = values.includes(select.value) ? select.value : "";
  const options = values.map((value) => make("option", { value }, worded(key, value)));
  select.replaceChildren(make("option", { value: "" }, say("all")), ...options);
  select.value = chosen;
  select.parentElement.hidden = !values.length;
}

/** A cell's value in words of the page's language. */
function worded(key, value) {
  const kind = { status: "statuses", webhook: "webhooks" }[key];
  return kind ? called(kind, value) : value;
}

/** The columns that say something, also those that only this answer was asked for; the name is always there. */
function columnsOf() {
  const asked = (list.page.columns ?? []).filter((key) => !COLUMNS.includes(key) && key !== "snippet");
  return [...COLUMNS, ...asked].filter((key) => key === "name" || list.rows.some((row) => text(row[key])));
}

function showSorting() {
  const heads = list.columns.map((key) => {
    const button = make("button", { type: "button", className: "sort" }, label(key));
    button.addEventListener("click", () => sortBy(key, list.sort === key && !list.descending));
    const head = make("th", { scope: "col", className: key }, button);
    head.dataset.key = key;
    if (list.sort === key) head.ariaSort = list.descending ? "descending" : "ascending";
    return head;
  });
  part("columns").replaceChildren(...heads);
  const options = list.columns.map((key) => make("option", { value: key }, label(key)));
  part("sort").replaceChildren(make("option", { value: "" }, say("nothing")), ...options);
  part("sort").value = list.sort;
}

function sortBy(key, descending) {
  list.sort = key;
  list.descending = descending;
  showSorting();
  showRows();
  part("columns").querySelector(`[data-key="${key}"] button`)?.focus();
}

function showRows() {
  const found = sorted(list.rows.filter(fits));
  part("rows").replaceChildren(...(found.length ? found.map(rowOf) : [emptyRow()]));
  const counts = { shown: found.length, loaded: list.rows.length, total: text(list.page.total) };
  const more = Boolean(list.page.next_cursor);
  part("shown").textContent = say(more ? "partly" : "shown", counts) + (more && !canCall() ? ` ${say("rest")}` : "");
  part("more").hidden = !more || !canCall();
}

function fits(row) {
  const words = part("search").value.trim().toLocaleLowerCase(locale);
  const everything = [...list.columns, "snippet"].map((key) => worded(key, text(row[key]))).join("\n");
  return everything.toLocaleLowerCase(locale).includes(words)
    && CHOICES.every((key) => !part(key).value || part(key).value === text(row[key]));
}

function sorted(rows) {
  if (!list.sort) return rows;
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const direction = list.descending ? -1 : 1;
  return rows.sort((one, other) => direction * compare(text(one[list.sort]), text(other[list.sort])));
}

function rowOf(row) {
  const cells = list.columns.slice(1).map((key) => make("td", { className: key }, cellOf(row, key)));
  const element = make("tr", {}, nameOf(row), ...cells);
  element.dataset.row = list.rows.indexOf(row);
  // The button in it is for the keyboard and for screen readers; its click arrives here too.
  element.addEventListener("click", () => open(row));
  return element;
}

function nameOf(row) {
  const button = make("button", { type: "button", className: "open" }, foreign(row.name || `#${text(row.id)}`));
  const told = [...list.columns.slice(1), "snippet"].filter((key) => key !== "status" && text(row[key]));
  const more = told.map((key) => make("span", { className: key }, ...noteOf(row, key)));
  return make("th", { scope: "row", className: "name" }, button, make("div", { className: "under" }, ...more));
}

function noteOf(row, key) {
  if (key === "id") return ["#", cellOf(row, key)];
  return SELF_EXPLANATORY.includes(key) ? [cellOf(row, key)] : [`${label(key)} `, cellOf(row, key)];
}

function cellOf(row, key) {
  const words = worded(key, text(row[key]));
  if (key === "status" && words) return badge(row.status);
  if (TIMES.includes(key) && words) return time(row[key], true);
  return foreign(words.length > LONGEST_CELL && key !== "snippet" ? `${words.slice(0, LONGEST_CELL - 1)}…` : words);
}

function emptyRow() {
  return make("tr", {}, make("td", { colSpan: list.columns.length }, say(list.rows.length ? "none" : "empty")));
}
