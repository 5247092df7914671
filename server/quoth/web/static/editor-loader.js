// Loads the query editor when somebody goes to the query, and not before: it is large, and the plain form does till then.
const { script, style } = document.currentScript.dataset;
const text = document.querySelector("form.query textarea");

function load() {
  text.removeEventListener("focus", load);
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
  document.head.append(sheet, Object.assign(document.createElement("script"), { src: script }));
}

text.addEventListener("focus", load);
// The text may have the focus already, and a link to a query needs the editor to show it.
if (document.activeElement === text || location.hash.startsWith("#query=")) load();
