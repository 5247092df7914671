// Asks a server of the Model Context Protocol through @ai-sdk/mcp, which shares no code with the protocol's own SDKs:
// node ai-sdk.cjs URL. Prints what it is told as one line of JSON.
const { createMCPClient } = require('@ai-sdk/mcp');

async function main([url]) {
  const client = await createMCPClient({ transport: { type: 'http', url } });
  const tools = await client.tools();
  const call = (name, args) => tools[name].execute(args, { toolCallId: name, messages: [] });
  const [resources, templates, prompts] = await Promise.all([
    client.listResources(), client.listResourceTemplates(), client.experimental_listPrompts()]);
  console.log(JSON.stringify({
    tools: Object.keys(tools),
    said: (await call('who_says', { statement: 'the ferry was late' })).structuredContent,
    outside: (await call('get_claim', { claim: 'https://example.org/x' })).structuredContent,
    refused: await call('sparql', { query: 'DROP ALL' }),
    resources: resources.resources.length,
    templates: templates.resourceTemplates.map((template) => template.uriTemplate),
    prompts: prompts.prompts.map((prompt) => prompt.name),
    read: (await client.readResource({ uri: 'quoth://doc/claim/harbour/ferry-late' })).contents[0].text,
  }));
  await client.close();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
