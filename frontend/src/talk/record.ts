/** The conversation on this page as a file to keep. */
import type { Passage } from "../realtime/events";
import type { Conversation, Turn } from "../state/conversation";

/** The passages a turn rests on, each once, in the order in which it names them. */
export function sourcesOf(turn: Turn, passages: Conversation["passages"]): Passage[] {
  const ids = new Set(turn.citations.flatMap((citation) => citation.passages));
  const found: Passage[] = [];
  for (const id of ids) {
    const passage = passages[id];
    if (passage && !found.some((known) => samePlace(known, passage))) found.push(passage);
  }
  return found;
}

/** Whether two passages stand on the same page of the same document. */
export function samePlace(one: Passage, other: Passage | undefined): boolean {
  return one.document === other?.document && one.page === other.page;
}

export function asMarkdown(state: Conversation, names: { user: string; assistant: string }): string {
  const blocks = state.turns
    .filter((turn) => turn.text && !turn.provisional)
    .map((turn) => {
      const lines = [`**${names[turn.role]}:** ${turn.text}`];
      for (const { document, page } of sourcesOf(turn, state.passages))
        lines.push(`- ${document}${page === null ? "" : `, ${page}`}`);
      return lines.join("\n\n").replace(/\n\n- /g, "\n- ");
    });
  return `${blocks.join("\n\n")}\n`;
}

export function asJson(state: Conversation): string {
  const turns = state.turns
    .filter((turn) => turn.text && !turn.provisional)
    .map((turn) => ({
      id: turn.id,
      role: turn.role,
      text: turn.text,
      heard_ms: turn.cutAtMs,
      sources: sourcesOf(turn, state.passages).map(({ document, page, text }) => ({ document, page, text })),
    }));
  return `${JSON.stringify({ turns }, null, 2)}\n`;
}
