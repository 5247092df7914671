// Asks an endpoint through fetch-sparql-endpoint: node fetch.cjs METHOD DIRECT ENDPOINT QUERY, where DIRECT is "direct"
// or "form". Prints a line for each solution or triple, or true or false.
const { SparqlEndpointFetcher } = require('fetch-sparql-endpoint');

async function main([method, direct, endpoint, query]) {
  const fetcher = new SparqlEndpointFetcher({ method, directPost: direct === 'direct' });
  const kind = fetcher.getQueryType(query);
  if (kind === 'ASK') {
    console.log(await fetcher.fetchAsk(endpoint, query));
    return;
  }
  const stream = await (kind === 'SELECT' ? fetcher.fetchBindings(endpoint, query) : fetcher.fetchTriples(endpoint, query));
  for await (const item of stream) {
    console.log(JSON.stringify(item));
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
