/** Reads what a source says from the server, or from what was read before. */
import { read } from "../api/http";
import type { DocumentInfo, FoundPassage, NoteInfo, PageText } from "../api/types";
import type { SourcePlace } from "../state/view";

export interface OpenedDocument {
  document: DocumentInfo;
  pages: PageText[];
  /** As it stands in the document now; null where the document was opened as a whole. */
  passage: { id: string; page: number | null; text: string } | null;
}

/** The document in which something stands, and where it stands there now. */
export async function readDocument(place: SourcePlace): Promise<OpenedDocument> {
  // Without its document a citation is found by its passage alone, or the server says what became of it.
  const sourceId = place.source_id || (await readPassage(place.id)).source_id;
  const { answer } = await read<Omit<OpenedDocument, "passage">>(`/documents/${sourceId}/text`);
  if (!place.id) return { ...answer, passage: null };
  for (const page of answer.pages)
    for (const { id, start, end } of page.passages)
      if (id === place.id)
        return {
          ...answer,
          passage: { id, page: page.page, text: place.text ?? page.text.slice(start, end) },
        };
  // The document was read again since: its passages have other ids, and this one may stand elsewhere.
  return { ...answer, passage: await readPassage(place.id) };
}

async function readPassage(id: string): Promise<FoundPassage> {
  return (await read<FoundPassage>(`/passages/${id}`)).answer;
}

/** The text of a note: as the search found it, else as it is now; rejects where it isn't among the newest notes. */
export async function readNote(place: SourcePlace): Promise<string> {
  if (place.text) return place.text;
  const { answer } = await read<{ notes: NoteInfo[] }>("/notes?limit=200");
  const note = answer.notes.find(({ id }) => id === place.source_id);
  return note?.text ?? (await readPassage(place.id)).text;
}
