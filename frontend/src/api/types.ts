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
export type AccountInfo = Shapes["AccountShown"];
export type SessionInfo = Shapes["SessionOfBrowser"];
export type SessionList = Shapes["SessionList"];
export type KeyInfo = Shapes["KeyShown"];
export type KeyList = Shapes["KeyList"];
export type NewKey = Shapes["NewKey"];
export type UserInfo = Shapes["UserOfServer"];
export type UserList = Shapes["UserList"];
export type InvitationInfo = Shapes["InvitationShown"];
export type InvitationList = Shapes["InvitationList"];
export type NewInvitation = Shapes["NewInvitation"];
export type AuditEntry = Shapes["AuditEntryShown"];
export type AuditList = Shapes["AuditList"];
export type ImportOutcome = Shapes["ImportShown"];
export type ImportProgress = Shapes["ImportProgress"];
