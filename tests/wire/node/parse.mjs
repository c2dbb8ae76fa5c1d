// Which events the Agents SDK has no schema for: one event a line comes in, the numbers of those lines go out.
import { createInterface } from 'node:readline';
import { parseRealtimeEvent } from './node_modules/@openai/agents-realtime/dist/openaiRealtimeEvents.mjs';

let number = 0;
for await (const line of createInterface({ input: process.stdin })) {
  if (parseRealtimeEvent({ data: line }).isGeneric) console.log(number);
  number += 1;
}
