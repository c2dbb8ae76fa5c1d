// The official `openai` client for Node: sends the events that it is told to, reports all that come.
import OpenAI, { AzureOpenAI } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { obey, report, reportEvent } from './report.mjs';

const { baseURL, endpoint, apiKey } = JSON.parse(process.argv[2]);
const azure = { endpoint, apiKey, apiVersion: '2025-04-01-preview', deployment: 'speech' };
const client = endpoint
  ? await OpenAIRealtimeWS.azure(new AzureOpenAI(azure))
  : new OpenAIRealtimeWS({ model: 'gpt-realtime' }, new OpenAI({ apiKey, baseURL }));

client.on('event', reportEvent);
client.on('error', (error) => report({ error: error.message }));
client.socket.on('open', () => {
  void obey(
    ({ send }) => client.send(send),
    () => client.close(),
  );
});
client.socket.on('close', (code) => {
  report({ closed: code });
  process.exit(0);
});
