/** The session that the app asks for, from the user's settings. */
import type { Settings } from "../state/settings";
import type { ClientEvent } from "./events";

/** The first event of every connection, and of every change of settings. */
export function sessionUpdate(settings: Settings): ClientEvent {
  const output: Record<string, unknown> = {
    format: { type: "audio/pcm", rate: 24_000 },
    speed: settings.speed,
  };
  if (settings.voice) output.voice = settings.voice;
  const session: Record<string, unknown> = {
    type: "realtime",
    include: ["vasi.activity"],
    prompt: settings.persona ? { id: settings.persona } : null,
    audio: {
      input: {
        format: { type: "audio/pcm", rate: 24_000 },
        transcription: settings.language ? { language: settings.language } : {},
        turn_detection: turnDetection(settings),
      },
      output,
    },
  };
  return { type: "session.update", session };
}

function turnDetection(settings: Settings): Record<string, unknown> | null {
  switch (settings.turnTaking) {
    case "push":
      return null;
    case "silence":
      return { type: "server_vad", create_response: true, interrupt_response: true };
    case "semantic":
      return {
        type: "semantic_vad",
        eagerness: settings.eagerness,
        create_response: true,
        interrupt_response: true,
      };
  }
}
