// The page's one script. Without it every form and link works, and news come with a reload; with it forms are posted in
// the background, and the server sends what has changed, piece by piece.

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const FIELDS = "input:not([type=hidden]), select, textarea";
const AT_END = 80;
const AGAIN_AFTER = 2000;

function trouble(words) {
  const line = find("#trouble");
  line.textContent = words;
  line.hidden = !words;
}

let source = null;

function listen() {
  hangUp();
  source = new EventSource(document.body.dataset.live);
  source.onopen = () => trouble("");
  source.onmessage = (event) => apply(JSON.parse(event.data));
  source.onerror = () => {
    trouble(document.body.dataset.again);
    // A browser tries again by itself, but not where it was answered with something else.
    if (source?.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_AFTER);
  };
}

function hangUp() {
  source?.close();
  source = null;
}

/** Brings a region up to date: its pieces in this order, of which those are given that are new or have changed. */
function apply({ region, order, pieces }) {
  const place = find(`[data-region="${region}"]`);
  if (!place) return;
  const followed = place.matches("[data-follow]") && isAtEnd(place);
  const focus = place.contains(document.activeElement) ? remembered(document.activeElement) : null;
  const wanted = new Set(order);
  let added = false;
  for (const old of [...place.children]) if (!wanted.has(old.id)) old.remove();
  order.forEach((id, index) => {
    let now = document.getElementById(id);
    if (id in pieces) {
      const template = document.createElement("template");
      template.innerHTML = pieces[id];
      const fresh = template.content.firstElementChild;
      if (!now) {
        now = fresh;
        added = true;
      } else if (now.dataset.version !== fresh.dataset.version) {
        const kept = typed(now);
        now.replaceWith(fresh);
        kept();
        now = fresh;
      }
    }
    if (now && place.children[index] !== now) place.insertBefore(now, place.children[index] ?? null);
  });
  if (place.matches("dialog")) showDialog(place, added);
  if (focus && !place.contains(document.activeElement)) focus(place);
  if (followed) place.scrollTop = place.scrollHeight;
  else if (added && place.matches("[data-follow]")) find("[data-latest]", place.parentElement)?.removeAttribute("hidden");
}

const isAtEnd = (place) => place.scrollHeight - place.scrollTop - place.clientHeight < AT_END;

/** Finds the element again that has the focus now, or what stands in its place. */
function remembered(element) {
  const piece = element.closest(".piece");
  const { id, name, value } = element;
  return (place) => {
    const fresh = piece && document.getElementById(piece.id);
    const same = (one) => one.name === name && (one.type !== "submit" || one.value === value);
    const candidates = fresh && name ? all("[name]:not([type=hidden])", fresh) : [];
    const target = (id && document.getElementById(id)) || candidates.find(same) || fresh?.querySelector("[tabindex]");
    (target ?? place).focus({ preventScroll: true });
  };
}

/** Keeps what somebody has typed, chosen or opened in a piece that is drawn anew. */
function typed(piece) {
  const fields = all(FIELDS, piece).filter((one) => one.name && isTouched(one));
  const open = all("details[open][id]", piece).map((one) => one.id);
  const popover = find(":popover-open", piece)?.id;
  const scrolled = find(".scroll", piece)?.scrollTop;
  return () => {
    const fresh = document.getElementById(piece.id);
    for (const old of fields) {
      const boxes = old.type === "checkbox" || old.type === "radio";
      const now = all(FIELDS, fresh).find((one) => one.name === old.name && (!boxes || one.value === old.value));
      if (!now) continue;
      if (boxes) now.checked = old.checked;
      else if (!old.multiple) now.value = old.value;
      else for (const one of now.options) one.selected = [...old.selectedOptions].some(({ value }) => value === one.value);
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (popover) document.getElementById(popover)?.showPopover?.();
    if (scrolled) find(".scroll", fresh).scrollTop = scrolled;
  };
}

function isTouched(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.value !== field.defaultValue;
}

function showDialog(dialog, isNew) {
  if (!dialog.children.length) {
    if (dialog.open) dialog.close();
    if (document.activeElement === document.body) find("#composer")?.focus();
    return;
  }
  if (!dialog.open) dialog.showModal();
  const wrong = find("[aria-invalid=true]", dialog);
  if (wrong) wrong.focus();
  else if (isNew) (find(`.scroll :is(${FIELDS})`, dialog) ?? find("#dialog-title", dialog)).focus();
}

async function post(address, body, form) {
  form?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    // The playground was started anew: its forms carry another token.
    if (answer.status === 403) location.reload();
    else trouble(answer.ok ? "" : await answer.text());
    return answer.ok;
  } catch {
    trouble(document.body.dataset.failed);
    return false;
  } finally {
    form?.removeAttribute("aria-busy");
  }
}

const body = (form, submitter) => new URLSearchParams(new FormData(form, submitter));

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const submitter = event.submitter;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return;
  submitter?.closest("[popover]")?.hidePopover();
  // A form's own `action` may be hidden behind a button of that name.
  const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const sent = body(form, submitter);
  const field = form.matches("[data-composer]") ? find("textarea", form) : null;
  if (!field) {
    await post(address, sent, form);
    return;
  }
  const said = field.value;
  type(field, "");
  const log = find("[data-follow]", form.parentElement);
  log.scrollTop = log.scrollHeight;
  if (!(await post(address, sent)) && !field.value) type(field, said);
});

/** A menu or field of which the bot is told at once. */
document.addEventListener("change", (event) => {
  const control = event.target.closest("[data-dispatch]");
  if (control && control.tagName !== "A") dispatch(control);
});

function dispatch(control) {
  const form = control.closest("form");
  const sent = body(form);
  sent.set("action", control.dataset.dispatch);
  post(form.getAttribute("action"), sent, form);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dispatch]");
  if (link) dispatch(link);
  const copying = event.target.closest("[data-copies]");
  if (copying) {
    await navigator.clipboard.writeText(document.getElementById(copying.dataset.copies).textContent);
    copying.classList.add("done");
    setTimeout(() => copying.classList.remove("done"), AGAIN_AFTER);
  }
  const log = event.target.closest("[data-latest]") && find("[data-follow]", event.target.parentElement);
  if (log) log.scrollTop = log.scrollHeight;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-suggest]")) {
    // Else it would send the whole form off.
    event.preventDefault();
    find("[name=suggest]", event.target.parentElement).click();
  }
  if (event.key !== "Escape" || find(":popover-open")) return;
  const dialog = find("dialog[open]");
  if (dialog) {
    event.preventDefault();
    find("[data-cancel]", dialog)?.click();
  } else if (!event.target.closest("[data-composer]")?.querySelector("textarea").value) {
    event.target.closest(".beside")?.querySelector("[data-close]")?.click();
  }
});

function type(field, words) {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const hintsOf = (field) => document.getElementById(field.getAttribute("aria-controls"));

function showHints(field, html) {
  const list = hintsOf(field);
  list.innerHTML = html;
  list.hidden = !list.children.length;
  field.removeAttribute("aria-activedescendant");
}

async function ask(field) {
  const words = field.value;
  if (!/^[/@]/.test(words)) return showHints(field, "");
  const address = new URL(field.dataset.hints, location.href);
  address.searchParams.set("text", words);
  const answer = await fetch(address).catch(() => null);
  const html = answer?.ok ? await answer.text() : "";
  // Meanwhile somebody may have typed on.
  if (field.value === words && document.activeElement === field) showHints(field, html);
}

function move(field, by) {
  const options = all("[role=option]", hintsOf(field));
  const before = options.findIndex((one) => one.id === field.getAttribute("aria-activedescendant"));
  const index = before < 0 && by < 0 ? options.length - 1 : (before + by + options.length) % options.length;
  options.forEach((one, number) => one.setAttribute("aria-selected", String(number === index)));
  field.setAttribute("aria-activedescendant", options[index].id);
  options[index].scrollIntoView({ block: "nearest" });
}

function pick(field, option) {
  const { kind, insert } = option.dataset;
  type(field, kind === "shortcut" ? "" : insert);
  field.focus();
  if (kind !== "shortcut") return;
  const sent = body(field.form);
  sent.set("callback_id", insert);
  post(field.dataset.shortcut, sent);
}

function compose(field) {
  const kept = `draft of ${field.form.getAttribute("action")}`;
  field.addEventListener("input", () => {
    field.rows = Math.min(8, field.value.split("\n").length);
    if (field.value) sessionStorage.setItem(kept, field.value);
    else sessionStorage.removeItem(kept);
    ask(field);
  });
  field.addEventListener("keydown", (event) => {
    const list = hintsOf(field);
    const active = document.getElementById(field.getAttribute("aria-activedescendant") ?? "");
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (active) pick(field, active);
      else if (field.value.trim()) field.form.requestSubmit();
    }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      pick(field, active ?? list.firstElementChild);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      showHints(field, "");
    }
  });
  field.addEventListener("blur", () => setTimeout(() => showHints(field, ""), 150));
  hintsOf(field).addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) pick(field, option);
  });
  field.value = sessionStorage.getItem(kept) ?? "";
}

all("[data-composer] textarea").forEach(compose);
for (const log of all("[data-follow]")) {
  log.scrollTop = log.scrollHeight;
  log.addEventListener("scroll", () => {
    if (isAtEnd(log)) find("[data-latest]", log.parentElement)?.setAttribute("hidden", "");
  });
}
if (matchMedia("(min-width: 60rem)").matches) (find("#reply") ?? find("#composer"))?.focus();
const dialog = find("dialog");
dialog.close();
showDialog(dialog, true);
listen();
// A browser keeps only few connections to one server: a tab that nobody looks at needs none.
document.addEventListener("visibilitychange", () => (document.hidden ? hangUp() : listen()));
