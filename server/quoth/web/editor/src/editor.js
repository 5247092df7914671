// Turns the plain form of the endpoint into an editor. Without this script the form works by itself.
import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import "./editor.css";
import { completers } from "./completers.js";
import { element, problem, table } from "./results.js";

const { Yasqe, Yasr } = Yasgui;
const LONGEST_GET = 4000;

async function start(form) {
  const textarea = form.querySelector("textarea");
  const known = await (await fetch(form.dataset.terms, { headers: { Accept: "application/json" } })).json();
  const endpoint = new URL(form.getAttribute("action"), document.baseURI).href;

  Yasr.registerPlugin("table", table(known));
  for (const completer of completers(Yasqe, known)) Yasqe.registerAutocompleter(completer, false);

  const place = element("div", "editor yasgui");
  const results = element("section", "results yasgui");
  results.hidden = true;
  results.setAttribute("aria-label", "Result");
  textarea.before(place);
  form.after(results);

  const yasqe = new Yasqe(place, {
    value: textarea.value,
    persistenceId: null,
    autocompleters: ["prefixes", "quoth-classes", "quoth-properties", "quoth-concepts", "variables"],
    prefixCcApi: null,
    highlightSelectionMatches: false,
    resizeable: true,
    editorHeight: "24rem",
    consumeShareLink: consume,
    createShareableLink: (y) => `${endpoint}#query=${encodeURIComponent(y.getValue())}`,
    hintConfig: { container: place },
    requestConfig: {
      endpoint,
      method: (y) => (encodeURIComponent(y.getValue()).length > LONGEST_GET ? "POST" : "GET"),
      acceptHeaderSelect: "application/sparql-results+json",
      acceptHeaderGraph: "text/turtle",
      withCredentials: false,
    },
  });
  const yasr = new Yasr(results, {
    persistenceId: null,
    prefixes: () => ({ ...known.prefixes, ...yasqe.getPrefixesFromQuery() }),
    errorRenderers: [problem],
    defaultPlugin: "table",
  });
  results.querySelector(".yasr_external_ref_btn")?.remove(); // the manual is elsewhere, and ours is /guide
  Object.assign(yasqe.getScrollerElement(), { tabIndex: 0, role: "region", ariaLabel: "Text of the query" }); // keys scroll it
  yasqe.getInputField().setAttribute("aria-label", "Query");
  yasqe.getInputField().setAttribute("aria-describedby", "keys");
  yasqe.on("queryResponse", (_, response, duration) => {
    for (const old of document.querySelectorAll("[data-answer]")) old.hidden = true;
    results.hidden = false;
    yasr.setResponse(response, duration);
  });
  yasqe.on("change", () => (textarea.value = yasqe.getValue()));

  form.addEventListener("submit", (event) => {
    if (place.contains(event.submitter)) return event.preventDefault(); // a button of the editor's own
    textarea.value = yasqe.getValue();
    form.method = textarea.value.length > LONGEST_GET ? "post" : "get";
    if (form.elements.format.value === "html") {
      event.preventDefault();
      yasqe.query().catch(() => {}); // the error is shown as the result
    }
  });
  form.querySelector(".actions").append(questions(known, yasqe));
  const focused = document.activeElement === textarea;
  const caret = textarea.selectionStart;
  form.classList.add("enhanced");
  document.getElementById("keys").hidden = false;
  yasqe.refresh();
  yasqe.getDoc().setCursor(yasqe.getDoc().posFromIndex(caret));
  if (focused) yasqe.focus(); // whoever has gone on meanwhile stays there
}

function consume(yasqe) {
  const query = new URLSearchParams(location.hash.slice(1)).get("query");
  if (query) yasqe.setValue(query);
}

/** A list of the competency questions; choosing one loads it. */
function questions(known, yasqe) {
  const label = element("label", "load", "Load a question");
  const select = label.appendChild(element("select"));
  select.append(new Option("…", ""));
  for (const question of known.questions) select.append(new Option(question.title, question.name));
  select.addEventListener("change", () => {
    const chosen = known.questions.find((q) => q.name === select.value);
    if (chosen) yasqe.setValue(chosen.sparql);
    yasqe.focus();
  });
  return label;
}

const form = document.querySelector("form.query[data-terms]");
if (form) start(form).catch((error) => console.warn("The plain form stays:", error));
