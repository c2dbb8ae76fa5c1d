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
