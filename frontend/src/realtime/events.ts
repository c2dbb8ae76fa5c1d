/** The Realtime events that the app sends and understands; others pass through to the inspector. */

export interface ContentPart {
  type: "input_text" | "input_audio" | "output_text" | "output_audio" | "input_image";
  text?: string;
  transcript?: string | null;
}

export interface Item {
  id: string;
  type: string;
  role?: "user" | "assistant" | "system";
  status?: "in_progress" | "completed" | "incomplete";
  content?: ContentPart[];
}

export interface Passage {
  id: string;
  document: string;
  document_id?: string | null;
  page: number | null;
  heading: string;
  text: string;
  score: number;
}

export interface ResponseObject {
  id: string;
  status: "in_progress" | "completed" | "cancelled" | "failed" | "incomplete";
  status_details: { type?: string; reason?: string; error?: { code?: string; message?: string } } | null;
  output: Item[];
  metadata?: Record<string, string> | null;
}

export interface ErrorBody {
  type: string;
  code?: string | null;
  message: string;
  param?: string | null;
  event_id?: string | null;
}

interface InResponse {
  response_id: string;
  item_id: string;
  output_index: number;
  content_index: number;
}

export type KnownServerEvent =
  | { type: "error"; error: ErrorBody }
  | { type: "session.created" | "session.updated"; session: SessionShown }
  | {
      type: "conversation.item.added" | "conversation.item.done";
      item: Item;
      previous_item_id: string | null;
    }
  | { type: "conversation.item.retrieved"; item: Item }
  | { type: "conversation.item.deleted"; item_id: string }
  | { type: "conversation.item.truncated"; item_id: string; content_index: number; audio_end_ms: number }
  | { type: "conversation.item.input_audio_transcription.delta"; item_id: string; delta: string }
  | { type: "conversation.item.input_audio_transcription.completed"; item_id: string; transcript: string }
  | {
      type: "conversation.item.input_audio_transcription.failed";
      item_id: string;
      error: { message?: string };
    }
  | { type: "input_audio_buffer.speech_started"; item_id: string; audio_start_ms: number }
  | { type: "input_audio_buffer.speech_stopped"; item_id: string; audio_end_ms: number }
  | { type: "input_audio_buffer.committed"; item_id: string; previous_item_id: string | null }
  | { type: "response.created" | "response.done"; response: ResponseObject }
  | ({
      type: "response.output_text.delta" | "response.output_audio_transcript.delta";
      delta: string;
    } & InResponse)
  | ({ type: "response.output_audio.delta"; delta: string } & InResponse)
  | ({ type: "response.output_audio.done" } & InResponse)
  | { type: "vasi.conversation"; conversation_id: string }
  | { type: "vasi.session"; resume_token: string; grace_s: number; resumed: boolean; complete: boolean }
  | {
      type: "vasi.output_audio.words";
      item_id: string;
      content_index: number;
      words: { start: number; end: number; audio_start_ms: number }[];
    }
  | { type: "vasi.output_audio.hold" | "vasi.output_audio.resume" }
  | { type: "vasi.tool_call.started"; response_id: string; call_id: string; name: string; arguments: string }
  | { type: "vasi.tool_call.done"; response_id: string; call_id: string; name: string; status: string }
  | {
      type: "vasi.notes.changed";
      action: "added" | "updated" | "removed";
      note: { id: string; text: string };
    }
  | { type: "vasi.passages"; response_id: string; call_id: string; found: boolean; passages: Passage[] }
  | {
      type: "vasi.citation";
      response_id: string;
      item_id: string;
      content_index: number;
      start: number;
      end: number;
      text: string;
      passages: string[];
    };

export type ServerEvent = (KnownServerEvent | { type: string; [key: string]: unknown }) & {
  event_id?: string;
};

export interface SessionShown {
  id: string;
  model?: string;
  expires_at?: number;
  audio?: { output?: { voice?: string; speed?: number } };
}

export type ClientEvent = { type: string; event_id?: string; [key: string]: unknown };
