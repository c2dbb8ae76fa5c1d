/** Shapes of `/api`. */

export interface DocumentInfo {
  id: string;
  name: string;
  media_type: string;
  source: string;
  uploaded: boolean;
  bytes: number;
  pages: number | null;
  passages: number;
  added_at: string;
  updated_at: string;
}

export interface Job {
  id: string;
  name: string;
  stage: "received" | "reading" | "indexing" | "done" | "failed";
  error: string | null;
}

export interface FoundPassage {
  id: string;
  document_id: string | null;
  document: string;
  page: number | null;
  heading: string;
  text: string;
  score: number;
}

export interface PageText {
  page: number | null;
  heading: string | null;
  text: string;
  passages: { id: string; start: number; end: number }[];
}

export interface NoteInfo {
  id: string;
  text: string;
  tags: string[];
  pinned: boolean;
  created_at: string;
  updated_at: string;
  conversation_id?: string | null;
  item_id?: string | null;
}

export interface ConversationInfo {
  id: string;
  title: string;
  created_at: string;
  updated_at: string;
  turns: number;
  preview: string;
}

export interface Status {
  version: string;
  ready: boolean;
  backend: string;
  engines: { part: string; name: string; why: string; better: string }[];
  voices: string[];
  languages: string[];
  limits: Record<string, number>;
  personas: { id: string; title: string; description: string }[];
}
