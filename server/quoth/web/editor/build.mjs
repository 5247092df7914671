// Bundles the editor into one script and one style sheet: node build.mjs OUTPUT
import { readFile } from "node:fs/promises";
import { build } from "esbuild";

// A tool tip of the editor has a style attribute, for which the page's policy would have to allow inline styles.
const STYLED = "<strong style='text-decoration:underline'>";
const withoutInlineStyle = {
  name: "without-inline-style",
  setup({ onLoad }) {
    onLoad({ filter: /@zazuko[\\/]yasgui[\\/]build[\\/]yasgui\.esm\.js$/ }, async ({ path }) => {
      const parts = (await readFile(path, "utf8")).split(STYLED);
      if (parts.length !== 2) throw new Error("yasgui has changed: look for inline styles anew");
      return { contents: parts.join("<strong>"), loader: "js" };
    });
  },
};

await build({
  entryPoints: { editor: "src/editor.js" },
  outdir: process.argv[2],
  bundle: true,
  format: "iife",
  target: "es2021",
  minify: true,
  legalComments: "linked",
  define: { "process.env.NODE_ENV": '"production"', global: "window" },
  loader: { ".svg": "dataurl" },
  plugins: [withoutInlineStyle],
  logLevel: "warning",
});
