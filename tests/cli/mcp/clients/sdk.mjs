// The official TypeScript clients against `secrets mcp`.
//
//     node sdk.mjs PROGRAM MODE     MODE: 1 (@modelcontextprotocol/sdk, the line 1.x); or legacy, auto,
//                                   a revision as 2026-07-28 (@modelcontextprotocol/client)
//
// The value to store is in CANARY. Prints nothing but `ok`.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [program, mode] = process.argv.slice(2);
// The packages lie where they were installed, not beside this file.
const require = createRequire(process.env.MCP_CLIENTS + '/');
const load = (name) => import(pathToFileURL(require.resolve(name)));

const KEY = 'project/consilio/stripe_api_key';
const canary = process.env.CANARY;
const me = { name: 'typescript-sdk', version: mode };
const server = { command: program, args: ['mcp'], env: process.env };

async function connected() {
    if (mode === '1') {
        const { Client } = await load('@modelcontextprotocol/sdk/client/index.js');
        const { StdioClientTransport } = await load('@modelcontextprotocol/sdk/client/stdio.js');
        const client = new Client(me);
        await client.connect(new StdioClientTransport(server));
        return client;
    }
    const { Client } = await load('@modelcontextprotocol/client');
    const { StdioClientTransport } = await load('@modelcontextprotocol/client/stdio');
    const negotiation = mode === 'legacy' || mode === 'auto' ? mode : { pin: mode };
    const client = new Client(me, { versionNegotiation: { mode: negotiation } });
    await client.connect(new StdioClientTransport(server));
    return client;
}

const client = await connected();
if (mode !== '1') {
    assert.equal(client.getNegotiatedProtocolVersion(), mode === 'legacy' ? '2025-11-25' : '2026-07-28');
}
const { tools } = await client.listTools();
assert.equal(tools.length, 10);
assert.ok(tools.every((tool) => tool.outputSchema.type === 'object'));

const call = (name, args) => client.callTool({ name, arguments: args });
// The client checks each answer against the tool's output schema.
const given = async (name, args) => {
    const result = await call(name, args);
    assert.ok(!result.isError, result.content[0].text);
    assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
    return result.structuredContent;
};
const refused = async (name, args) => {
    const result = await call(name, args);
    assert.equal(result.isError, true);
    assert.ok(result.content[0].text.startsWith('error: '));
    return JSON.parse(result.content[1].text).error;
};

const description = 'Stripe API key for payment processing';
await given('set_secret', { keyPath: KEY, value: canary, description });
assert.equal((await given('get_secret', { keyPath: KEY })).value, canary);
const { secrets } = await given('list_secrets', { scope: 'project', project: 'consilio' });
assert.deepEqual(secrets.map((secret) => secret.keyPath), [KEY]);
const missing = await refused('set_secret', { keyPath: 'project/consilio/test_key', value: canary });
assert.equal(missing.code, 'description_missing');
assert.deepEqual((await refused('set_secret', { keyPath: KEY, valeu: canary })).hints, ['did you mean value?']);
const jwt = 'project/consilio/jwt_secret';
await given('generate_secret', { keyPath: jwt, description: 'Signs the session tokens of users' });
assert.equal((await given('rotate_secret', { keyPath: jwt })).version, 2);
assert.ok((await given('verify_secrets', {})).ok);
await given('diff_env', { project: 'consilio' });
await given('import_env', { project: 'consilio' });
await given('restore_env', { project: 'consilio', dryRun: true });
await given('secret_history', { keyPath: jwt });
const values = await Promise.all(
    Array.from({ length: 12 }, () => given('get_secret', { keyPath: KEY })),
);
assert.ok(values.every(({ value }) => value === canary));
await client.close();
console.log('ok');
