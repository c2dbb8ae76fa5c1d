// The Agents SDK for JavaScript, with its defaults: a RealtimeSession that does what it is told and reports all it sees.
import { hostedMcpTool } from '@openai/agents-core';
import { RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { parseRealtimeEvent } from './node_modules/@openai/agents-realtime/dist/openaiRealtimeEvents.mjs';
import { obey, report, reportEvent } from './report.mjs';

const { url, apiKey, tools, servers = [] } = JSON.parse(process.argv[2]);

let answering = false;
const agent = new RealtimeAgent({
  name: 'helper',
  instructions: 'Be brief.',
  tools: [...servers.map(hostedMcpTool), ...tools.map(({ name, output, slow }) =>
    tool({
      name,
      description: name,
      parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
      strict: false,
      // A slow one returns only when the response that called it has ended.
      execute: () =>
        slow && answering ? new Promise((resolve) => session.transport.once('turn_done', () => resolve(output))) : output,
    }),
  )],
});
const session = new RealtimeSession(agent, { transport: 'websocket' });

session.transport.on('*', (event) => {
  // Events that the SDK's schemas don't know are passed on, but never acted upon.
  const { isGeneric } = parseRealtimeEvent({ data: JSON.stringify(event) });
  if (isGeneric) report({ generic: event });
  reportEvent(event);
});
session.transport.on('turn_started', () => (answering = true));
session.transport.on('turn_done', () => (answering = false));
session.on('error', ({ error }) => report({ error: error?.message ?? error }));
session.on('audio_interrupted', () => report({ interrupted: true }));
session.on('tool_approval_requested', (context, agent, { approvalItem }) => {
  report({ asked: approvalItem.name });
  void (approvalItem.name === 'drain' ? session.reject(approvalItem) : session.approve(approvalItem));
});
session.on('mcp_tools_changed', (available) => report({ available: available.map(({ name }) => name) }));
session.on('history_updated', (history) => report({ history }));

await session.connect({ apiKey, url });
report({ connected: true });
await obey(
  ({ say, hear }) => (say === undefined ? session.sendAudio(Uint8Array.from(Buffer.from(hear, 'base64')).buffer) : session.sendMessage(say)),
  () => session.close(),
);
process.exit(0);
