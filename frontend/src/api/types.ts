/** Shapes of `/api` by their short names; `schema.ts` is generated from the server's own description. */
import type { components } from "./schema";

type Shapes = components["schemas"];

export type DocumentInfo = Shapes["DocumentShown"];
export type DocumentList = Shapes["DocumentList"];
export type Meanings = Shapes["Meanings"];
export type Job = Shapes["JobShown"];
export type FoundPassage = Shapes["PassageFound"];
export type PageText = Shapes["SectionShown"];
export type NoteInfo = Shapes["NoteShown"];
export type ConversationInfo = Shapes["ConversationShown"];
export type WholeConversation = Shapes["WholeConversation"];
export type Status = Shapes["Status"];
export type CollectionInfo = Shapes["CollectionShown"];
export type CollectionList = Shapes["CollectionList"];

/** Until the description has them. */
export interface SessionInfo {
  id: string;
  created_at: string;
  used_at: string;
  expires_at: string;
  address: string;
  agent: string;
  current: boolean;
}
export interface SessionList {
  sessions: SessionInfo[];
}
export interface KeyInfo {
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  used_at: string | null;
}
export interface KeyList {
  keys: KeyInfo[];
}
export interface NewKey extends KeyInfo {
  key: string;
}
export interface AccountInfo {
  user: { id: string; name: string; email: string; role: "user" | "administrator"; groups: string[] };
  limits: { tokens_per_day: number | null; minutes_per_day: number | null };
  spending: { tokens: number; minutes: number };
}
export interface ImportOutcome {
  documents: number;
  notes: number;
  conversations: number;
}
export interface UserInfo {
  id: string;
  name: string;
  email: string;
  role: "user" | "administrator";
  groups: string[];
  disabled: boolean;
  created_at: string;
  seen_at: string | null;
  limits: { tokens_per_day: number | null; minutes_per_day: number | null };
  spending: { tokens: number; minutes: number };
}
export interface UserList {
  users: UserInfo[];
}
export interface InvitationInfo {
  id: string;
  email: string;
  role: "user" | "administrator";
  groups: string[];
  created_at: string;
  expires_at: string;
}
export interface InvitationList {
  invitations: InvitationInfo[];
}
export interface NewInvitation extends InvitationInfo {
  url: string;
}
export interface AuditEntry {
  seq: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  address: string;
  detail: string;
}
export interface AuditList {
  entries: AuditEntry[];
}
