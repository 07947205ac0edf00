// What happens when: the host's news, and what people do.

/** Show what went wrong in words; without an error, take the last one away. */
function complain(error = null) {
  part("waiting").hidden = true;
  part("trouble").textContent = error ? error.message : "";
  part("trouble").hidden = !error;
}

function show(result) {
  try {
    const data = dataOf(result);
    opened = data;
    complain();
    if (Array.isArray(data.assistants)) startList(data);
    else if (data.assistant) present(data, data).catch(complain);
    else complain(new Error(say("unreadable")));
  } catch (error) {
    complain(error);
  }
}

/** Say everything that stands in the page in its language. */
function translate() {
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.ariaLabel = say(element.dataset.label);
  part("waiting").textContent = say("waiting");
}

notified.set("ui/notifications/tool-input", (input) => {
  list.parameters = input.arguments ?? {};
});
notified.set("ui/notifications/tool-result", show);
notified.set("ui/notifications/tool-cancelled", ({ reason }) => {
  complain(new Error([say("cancelled"), reason].filter(Boolean).join(" ")));
});
notified.set("ui/notifications/host-context-changed", (news) => {
  inform(news);
  translate();
  if (!part("list").hidden) showTable();
  else if (!part("detail").hidden) showDetail(detail.answer, detail.note);
});

for (const key of ["search", ...CHOICES]) part(key).addEventListener("input", showRows);
part("sort").addEventListener("input", () => sortBy(part("sort").value, part("sort").value === "updated"));
part("more").addEventListener("click", loadMore);
part("back").addEventListener("click", close);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !part("detail").hidden && list.page) close();
});

speak({});
translate();
greet().then(translate, complain);
