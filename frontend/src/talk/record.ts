/** The conversation on this page as a file to keep. */
import type { Conversation } from "../state/conversation";
import { sourcesOf } from "./sources";

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
