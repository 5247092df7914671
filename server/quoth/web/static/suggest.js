// Completes what is typed into a search field from /suggest, through the browser's own list. Without it nothing lacks.
for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `suggestions-${Math.random().toString(36).slice(2)}`;
  field.after(list);
  field.setAttribute("list", list.id);
  field.autocomplete = "off";
  let waiting, asked;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const text = field.value.trim();
      if (text.length < 2) return list.replaceChildren();
      try {
        const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: asked.signal });
        const [, names, remarks = []] = answer.ok ? await answer.json() : [text, []];
        const option = (value, i) => Object.assign(document.createElement("option"), { value, label: remarks[i] ? `${value} (${remarks[i]})` : "" });
        list.replaceChildren(...names.map(option));
      } catch { /* typed on, or offline: no suggestions */ }
    }, 120);
  });
}
