/** The session that the app asks for, from the user's settings. */
import type { AudioOutput, ClientEvent, Session, TurnDetection } from "../protocol/wire";

export type TurnTaking = "semantic" | "silence" | "push";

/** Those of the user's settings that the server has to know. */
export interface SpeechSettings {
  voice: string;
  speed: number;
  /** Of the speech; "" leaves it to the server. */
  language: string;
  turnTaking: TurnTaking;
  eagerness: "low" | "auto" | "high";
  /** A prompt of the server; "" for its usual one. */
  persona: string;
  /** The two languages that it interprets between; "" if it doesn't. */
  interpretFirst: string;
  interpretSecond: string;
}

/** The languages that it interprets between; null if it answers. */
export function interpreting(settings: SpeechSettings): [string, string] | null {
  const { interpretFirst: first, interpretSecond: second } = settings;
  return first && second && first !== second ? [first, second] : null;
}

/** An update names only what it changes. */
type Changes<Shape> = Shape extends object ? { [Field in keyof Shape]?: Changes<Shape[Field]> } : Shape;

/** The first event of every connection, and of every change of settings. */
export function sessionUpdate(settings: SpeechSettings): ClientEvent {
  const output: Changes<AudioOutput> = {
    format: { type: "audio/pcm", rate: 24_000 },
    speed: settings.speed,
  };
  if (settings.voice) output.voice = settings.voice;
  const session: Changes<Session> = {
    type: "realtime",
    include: ["vasi.activity"],
    vasi: {
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      interpreting: interpreting(settings),
    },
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
  return { type: "session.update", session: { ...session } };
}

function turnDetection(settings: SpeechSettings): Changes<TurnDetection> | null {
  /** Who speaks on doesn't want the interpreter to stop. */
  const interrupt_response = interpreting(settings) === null;
  switch (settings.turnTaking) {
    case "push":
      return null;
    case "silence":
      return { type: "server_vad", create_response: true, interrupt_response };
    case "semantic":
      return {
        type: "semantic_vad",
        eagerness: settings.eagerness,
        create_response: true,
        interrupt_response,
      };
  }
}
