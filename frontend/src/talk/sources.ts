/** What an answer rests on, as it is listed below the answer. */
import type { PassageShown } from "../protocol/wire";
import type { Conversation } from "../state/conversation";
import type { Turn } from "../state/turn";
import type { SourcePlace } from "../state/view";

/** The passages a turn rests on, each once, in the order in which it names them. */
export function sourcesOf(turn: Turn, passages: Conversation["passages"]): PassageShown[] {
  const ids = new Set(turn.citations.flatMap((citation) => citation.passages));
  const found: PassageShown[] = [];
  for (const id of ids) {
    const passage = passages[id];
    if (passage && !found.some((known) => samePlace(known, passage))) found.push(passage);
  }
  return found;
}

/** What comes nearest to what was asked, where an answer rests on nothing. */
export function nearestTo(turn: Turn, passages: Conversation["passages"]): PassageShown[] {
  return turn.nearest.flatMap((id) => passages[id] ?? []);
}

/** Whether two passages stand on the same page of the same document. */
export function samePlace(one: SourcePlace, other: SourcePlace | undefined): boolean {
  return one.kind === other?.kind && one.source_id === other.source_id && one.page === other.page;
}
