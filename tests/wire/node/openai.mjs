// The official `openai` client for Node: sends the events that it is told to, reports all that come.
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { obey, report, reportEvent } from './report.mjs';

const { baseURL } = JSON.parse(process.argv[2]);
const client = new OpenAIRealtimeWS({ model: 'gpt-realtime' }, new OpenAI({ apiKey: 'sk-anything', baseURL }));

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
