// Results as text: whatever a literal holds, it never becomes markup.
import { short } from "./completers.js";

const CHUNK = 250;

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** Where a page links for an IRI: the data's own to this server, wherever that is; nowhere if it is not http. */
export function target(iri, known) {
  for (const [from, to] of known.homes) if (iri.startsWith(from)) return to + iri.slice(from.length);
  return /^https?:\/\/[^\s<>"]+$/.test(iri) ? iri : null;
}

/** A plug-in for Yasr, in place of its own table, which makes markup out of values. */
export function table(known) {
  return class {
    constructor(yasr) {
      this.yasr = yasr;
      this.label = "Table";
      this.priority = 10;
    }

    canHandleResults() {
      return Boolean(this.yasr.results?.getVariables()?.length) && !this.yasr.results.getError();
    }

    draw() {
      const names = this.yasr.results.getVariables();
      const rows = this.yasr.results.getBindings() ?? [];
      const prefixes = this.yasr.getPrefixes();
      const box = element("div", names.length > 4 ? "scroll broad" : "scroll");
      box.tabIndex = 0;
      const made = box.appendChild(element("table", "result"));
      const head = made.createTHead().insertRow();
      const body = made.createTBody();
      for (const name of names) head.append(this.heading(name, body, rows, names));
      const more = element("button", "more");
      more.type = "button";
      more.addEventListener("click", () => fill(rows));
      const fill = (all, from = body.rows.length) => {
        for (const row of all.slice(from, from + CHUNK)) {
          const line = body.insertRow();
          for (const name of names) cell(line.insertCell(), row[name], known, prefixes);
        }
        more.hidden = body.rows.length >= all.length;
        more.textContent = `Show more: ${body.rows.length.toLocaleString()} of ${all.length.toLocaleString()} rows are shown`;
      };
      this.fill = fill;
      fill(rows);
      this.yasr.resultsEl.append(box, more);
    }

    /** A column's heading; a press sorts by the column. */
    heading(name, body, rows) {
      const place = element("th");
      place.scope = "col";
      const button = place.appendChild(element("button", "sort", `?${name}`));
      button.type = "button";
      button.title = "Sort by this column";
      button.addEventListener("click", () => {
        const down = place.getAttribute("aria-sort") === "ascending";
        for (const other of place.parentNode.children) other.removeAttribute("aria-sort");
        place.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row[name]?.value ?? "";
        rows.sort((a, b) => value(a).localeCompare(value(b), undefined, { numeric: true }) * (down ? -1 : 1));
        const shown = Math.max(body.rows.length, CHUNK);
        body.replaceChildren();
        while (body.rows.length < Math.min(shown, rows.length)) this.fill(rows);
      });
      return place;
    }

    getIcon() {
      return null;
    }

    download(name) {
      const getData = () => this.yasr.results?.asCsv() ?? "";
      return { getData, contentType: "text/csv", title: "Download as CSV", filename: `${name || "result"}.csv` };
    }
  };
}

function cell(place, term, known, prefixes) {
  if (!term) return;
  if (term.type === "uri") {
    const href = target(term.value, known);
    const text = short(term.value, prefixes).replace(/^<(.*)>$/, "$1").replace(known.base, "");
    const link = place.appendChild(element(href ? "a" : "span", "iri", text));
    link.title = term.value;
    if (href) link.href = href;
    return;
  }
  place.append(term.type === "bnode" ? `_:${term.value}` : term.value);
  const type = term.datatype && !term.datatype.endsWith("#string") ? short(term.datatype, prefixes) : "";
  const note = term["xml:lang"] || type;
  if (note && !["en", "xsd:integer", "xsd:boolean", "xsd:date", "xsd:decimal"].includes(note)) place.append(" ", element("span", "note", note));
}

/** A problem document (RFC 9457) as people read it. */
export async function problem(error) {
  let told;
  try {
    told = JSON.parse(error.text);
  } catch {
    return undefined;
  }
  const made = element("div", "problem");
  made.setAttribute("role", "alert");
  made.append(element("h3", "", told.title));
  made.append(element("p", "", `${told.where ? `${told.where}: ` : ""}${told.detail}.`));
  if (told.remedy) made.append(element("p", "", `${told.remedy}.`));
  return made;
}
