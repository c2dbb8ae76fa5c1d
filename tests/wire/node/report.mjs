// What a test reads: one JSON object a line. Sound is told by its length.
import { createInterface } from 'node:readline';

export function report(line) {
  process.stdout.write(JSON.stringify(line, (key, value) => (key === 'audio' && typeof value === 'string' ? null : value)) + '\n');
}

export function reportEvent(event) {
  if (event.type === 'response.output_audio.delta') {
    report({ event: { ...event, delta: undefined, bytes: Buffer.byteLength(event.delta, 'base64') } });
  } else {
    report({ event });
  }
}

// Commands come one JSON object a line; the end of them ends the client.
export async function obey(perform, close) {
  for await (const line of createInterface({ input: process.stdin })) {
    perform(JSON.parse(line));
  }
  close();
}

process.on('unhandledRejection', (reason) => {
  report({ error: `unhandled: ${reason?.stack ?? reason}` });
});
