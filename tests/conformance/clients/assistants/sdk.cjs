// The same through @modelcontextprotocol/sdk, the protocol's own client for Node: node sdk.cjs URL.
const { Client } = require('@modelcontextprotocol/sdk/client/index.js');
const { StreamableHTTPClientTransport } = require('@modelcontextprotocol/sdk/client/streamableHttp.js');

async function main([url]) {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const call = (name, args) => client.callTool({ name, arguments: args });
  console.log(JSON.stringify({
    tools: (await client.listTools()).tools.map((tool) => tool.name),
    said: (await call('who_says', { statement: 'the ferry was late' })).structuredContent,
    outside: (await call('get_claim', { claim: 'https://example.org/x' })).structuredContent,
    refused: await call('sparql', { query: 'DROP ALL' }),
    resources: (await client.listResources()).resources.length,
    templates: (await client.listResourceTemplates()).resourceTemplates.map((template) => template.uriTemplate),
    prompts: (await client.listPrompts()).prompts.map((prompt) => prompt.name),
    read: (await client.readResource({ uri: 'quoth://doc/claim/harbour/ferry-late' })).contents[0].text,
  }));
  await client.close();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
