// Dereferences URLs by rdf-dereference, and prints how many quads each gave: node dereference.cjs URL...
const { rdfDereferencer } = require('rdf-dereference');

async function main(urls) {
  for (const url of urls) {
    const { data } = await rdfDereferencer.dereference(url);
    let count = 0;
    for await (const _ of data) count += 1;
    console.log(count);
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
