// Autocompletion out of our own ontology. Nothing is asked of prefix.cc or of Linked Open Vocabularies.
import { element } from "./results.js";

const LIMIT = 60;

export function completers(Yasqe, known) {
  const of = (kind) => known.terms.filter((term) => term.kind === kind);
  return [
    {
      ...Yasqe.Autocompleters.prefixes,
      name: "prefixes",
      persistenceId: null,
      get: () => Object.entries(known.prefixes).map(([prefix, space]) => `${prefix}: <${space}>`),
    },
    completer("quoth-classes", known, of("class"), afterType),
    completer("quoth-properties", known, of("property"), inPredicatePlace),
    completer("quoth-concepts", known, of("concept"), inObjectPlace),
  ];
}

function completer(name, known, terms, isValidCompletionPosition) {
  return {
    name,
    bulk: false,
    autoShow: true,
    isValidCompletionPosition,
    get: (yasqe, token) => matching(terms, token.string).map((term) => term.iri),
    postProcessSuggestion: (yasqe, token, iri) => short(iri, { ...known.prefixes, ...yasqe.getPrefixesFromQuery() }),
    postprocessHints: (yasqe, hints) => hints.map((hint) => ({ ...hint, render: render(terms, hint.text) })),
  };
}

/** The terms that a beginning can mean: by prefixed name first, then by local name or label. */
function matching(terms, typed) {
  const text = typed.trim().toLowerCase();
  if (text.startsWith("<")) return terms.filter((t) => t.iri.toLowerCase().startsWith(text.slice(1).replace(/>$/, ""))).slice(0, LIMIT);
  const local = text.slice(text.indexOf(":") + 1);
  const prefix = text.includes(":") ? text.slice(0, text.indexOf(":") + 1) : "";
  const first = terms.filter((t) => t.short.toLowerCase().startsWith(text));
  const more = terms.filter(
    (t) => !first.includes(t) && t.short.toLowerCase().startsWith(prefix) && `${t.short} ${t.label}`.toLowerCase().includes(local),
  );
  return [...first, ...more].slice(0, LIMIT);
}

export function short(iri, prefixes) {
  for (const [prefix, space] of Object.entries(prefixes)) {
    if (iri.startsWith(space) && /^[\p{L}\d_][\p{L}\d_-]*$/u.test(iri.slice(space.length))) return `${prefix}:${iri.slice(space.length)}`;
  }
  return `<${iri}>`;
}

function render(terms, text) {
  const term = terms.find((t) => t.short === text);
  return (place) => {
    place.append(text);
    if (term && term.label) place.append(element("span", "hint-label", term.label));
    if (term && term.note) place.title = term.note;
  };
}

const isVariable = (token) => token.string[0] === "?" || token.string[0] === "$";

function afterType(yasqe) {
  const token = yasqe.getCompleteToken();
  if (isVariable(token)) return false;
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
  const typed = ["a", "rdf:type"];
  return typed.includes(before.string.trim()) || (before.string === "," && typed.includes(before.state.lastProperty));
}

function inPredicatePlace(yasqe) {
  const token = yasqe.getCompleteToken();
  return token.string.trim().length > 0 && !isVariable(token) && token.state.possibleCurrent.includes("a");
}

function inObjectPlace(yasqe) {
  const token = yasqe.getCompleteToken();
  if (!/^[<\w]/.test(token.string) || isVariable(token) || token.state.possibleCurrent.includes("a")) return false;
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
  return !["PREFIX", "BASE", ""].includes(before.string.toUpperCase()) && !afterType(yasqe) && /[\w>:]$/.test(before.string);
}
