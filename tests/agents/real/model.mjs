// A scripted model on the loopback interface, for coding agents under test.
//
//     node model.mjs STEPS LOG
//
// STEPS is a JSON file: a list of tool calls [{"tool": REGEX, "arguments": {…}}]. To every request that
// offers tools it answers with the call that follows the results that are in the conversation, and
// with "done" after the last one. LOG gets one line of JSON for each request: the results so far.
// Prints the port that it listens on. Speaks four protocols: Anthropic's messages, OpenAI's responses
// and chat completions, and Gemini's generateContent.
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [stepsFile, logFile] = process.argv.slice(2);
const steps = JSON.parse(readFileSync(stepsFile, 'utf8'));

// A result as text, whatever it is wrapped in.
const flat = (value) => typeof value === 'string' ? value
    : Array.isArray(value) ? value.map(flat).join('\n')
        : value === null || typeof value !== 'object' ? String(value ?? '')
            : 'text' in value ? flat(value.text) : Object.values(value).map(flat).join('\n');

// The call that comes next; null for the end.
function next(names, results, note) {
    appendFileSync(logFile, JSON.stringify({ results, ...note }) + '\n');
    const step = steps[results.length];
    if (!step) return null;
    const name = names.find((name) => new RegExp(`^(?:${step.tool})$`).test(name));
    if (!name) appendFileSync(logFile, JSON.stringify({ missing: step.tool, names }) + '\n');
    return name ? { name, arguments: step.arguments } : null;
}

const protocols = [
    {
        // Anthropic: POST /v1/messages
        path: /\/v1\/messages$/,
        offered: (body) => (body.tools ?? []).map((tool) => tool.name),
        results: (body) => body.messages
            .flatMap((message) => Array.isArray(message.content) ? message.content : [])
            .filter((block) => block.type === 'tool_result')
            .map((block) => flat(block.content)),
        answer(body, call) {
            const id = `msg_${Date.now()}`;
            const block = call
                ? { type: 'tool_use', id: `toolu_${Date.now()}`, name: call.name, input: {} }
                : { type: 'text', text: '' };
            const delta = call
                ? { type: 'input_json_delta', partial_json: JSON.stringify(call.arguments) }
                : { type: 'text_delta', text: 'done' };
            const usage = { input_tokens: 1, output_tokens: 1 };
            const message = {
                id, type: 'message', role: 'assistant', model: body.model, content: [],
                stop_reason: null, stop_sequence: null, usage,
            };
            const stop_reason = call ? 'tool_use' : 'end_turn';
            if (!body.stream) {
                const content = [call ? { ...block, input: call.arguments } : { type: 'text', text: 'done' }];
                return { json: { ...message, content, stop_reason } };
            }
            return {
                events: [
                    { type: 'message_start', message },
                    { type: 'content_block_start', index: 0, content_block: block },
                    { type: 'content_block_delta', index: 0, delta },
                    { type: 'content_block_stop', index: 0 },
                    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
                    { type: 'message_stop' },
                ],
            };
        },
    },
    {
        // OpenAI: POST /v1/responses
        path: /\/responses$/,
        // The tools of an MCP server may be in a namespace.
        offered: (body) => (body.tools ?? []).flatMap((tool) =>
            tool.type === 'namespace' ? tool.tools.map((one) => `${tool.name}${one.name}`) : [tool.name ?? tool.type]),
        results: (body) => body.input
            .filter((item) => /_call_output$/.test(item.type))
            .map((item) => flat(item.output)),
        answer(body, call) {
            const namespace = (body.tools ?? []).find((tool) =>
                call && tool.type === 'namespace' && call.name.startsWith(tool.name)
                && tool.tools.some((one) => tool.name + one.name === call.name));
            const custom = (body.tools ?? []).find((tool) => call && tool.type === 'custom' && tool.name === call.name);
            const call_id = `call_${Date.now()}`;
            const item = !call
                ? { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed',
                    content: [{ type: 'output_text', text: 'done', annotations: [] }] }
                : custom
                    ? { type: 'custom_tool_call', id: 'ctc_1', call_id, name: call.name, input: call.arguments.input }
                    : { type: 'function_call', id: 'fc_1', call_id, status: 'completed',
                        name: namespace ? call.name.slice(namespace.name.length) : call.name,
                        ...(namespace && { namespace: namespace.name }),
                        arguments: JSON.stringify(call.arguments) };
            const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2,
                input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
            const response = { id: `resp_${Date.now()}`, object: 'response', status: 'completed', output: [item], usage };
            return {
                events: [
                    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
                    { type: 'response.output_item.done', output_index: 0, item },
                    { type: 'response.completed', response },
                ],
            };
        },
    },
    {
        // OpenAI: POST /v1/chat/completions
        path: /\/chat\/completions$/,
        offered: (body) => (body.tools ?? []).map((tool) => tool.function?.name),
        results: (body) => body.messages.filter(({ role }) => role === 'tool').map(({ content }) => flat(content)),
        answer(body, call) {
            const message = call
                ? { role: 'assistant', content: null, tool_calls: [{ index: 0, id: `call_${Date.now()}`,
                    type: 'function',
                    function: { name: call.name, arguments: JSON.stringify(call.arguments) } }] }
                : { role: 'assistant', content: 'done' };
            const finish_reason = call ? 'tool_calls' : 'stop';
            const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
            const shared = { id: 'c1', created: 1, model: body.model };
            if (!body.stream) {
                return { json: { ...shared, object: 'chat.completion', usage,
                    choices: [{ index: 0, message, finish_reason }] } };
            }
            const chunk = (choice) => ({ ...shared, object: 'chat.completion.chunk', choices: [choice] });
            return {
                plain: true,
                events: [
                    chunk({ index: 0, delta: message, finish_reason: null }),
                    { ...chunk({ index: 0, delta: {}, finish_reason }), usage },
                    '[DONE]',
                ],
            };
        },
    },
    {
        // Gemini: POST /v1beta/models/NAME:streamGenerateContent
        path: /:(stream)?[gG]enerateContent/,
        offered: (body) => (body.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []).map(({ name }) => name),
        results: (body) => body.contents
            .flatMap(({ parts }) => parts ?? [])
            .filter((part) => part.functionResponse)
            .map((part) => flat(part.functionResponse.response)),
        answer(body, call, url) {
            const part = call
                ? { functionCall: { name: call.name, args: call.arguments } }
                : { text: 'done' };
            const answer = {
                candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
                usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
            };
            return /stream/.test(url) ? { plain: true, events: [answer] } : { json: answer };
        },
    },
];

const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
        const protocol = protocols.find(({ path }) => path.test(request.url.split('?')[0]));
        const json = (value, status = 200) => {
            response.writeHead(status, { 'content-type': 'application/json' });
            response.end(JSON.stringify(value));
        };
        if (request.method !== 'POST' || !protocol) {
            appendFileSync(logFile, JSON.stringify({ unknown: `${request.method} ${request.url}` }) + '\n');
            return json(/models/.test(request.url) ? { object: 'list', data: [], models: [] } : {},
                /models/.test(request.url) ? 200 : 404);
        }
        const body = JSON.parse(Buffer.concat(chunks).toString() || '{}');
        const names = protocol.offered(body);
        // Requests for a title, a summary or the like offer no tools.
        const call = names.length > 0 ? next(names, protocol.results(body), {}) : null;
        const answer = protocol.answer(body, call, request.url);
        if (answer.json) return json(answer.json);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const event of answer.events) {
            if (!answer.plain) response.write(`event: ${event.type}\n`);
            response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
        }
        response.end();
    });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
