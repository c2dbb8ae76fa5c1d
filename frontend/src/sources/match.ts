/**
 * Which of the pieces of a page's text belong to a passage.
 *
 * @param pieces the page's text as a PDF holds it: broken anywhere, hyphenated, with or without spaces.
 * @param passage what was read from it.
 * @returns places in `pieces`, rising; none where the passage isn't on this page.
 */
export function matchingPieces(pieces: string[], passage: string): number[] {
  const wanted = bare(passage);
  if (!wanted) return [];
  const starts: number[] = [];
  let page = "";
  for (const piece of pieces) {
    starts.push(page.length);
    page += bare(piece);
  }
  let from = page.indexOf(wanted);
  let to = from + wanted.length;
  if (from < 0) {
    // A heading or a table may stand between its parts, so its longest beginning and end have to do.
    const edge = Math.min(60, wanted.length);
    from = page.indexOf(wanted.slice(0, edge));
    const end = page.indexOf(wanted.slice(-edge), Math.max(0, from));
    if (from < 0 && end < 0) return [];
    to = end < 0 ? from + wanted.length : end + edge;
    if (from < 0) from = Math.max(0, to - wanted.length);
  }
  const found: number[] = [];
  for (const [at, start] of starts.entries()) {
    const end = start + bare(pieces[at] as string).length;
    if (end > start && start < to && end > from) found.push(at);
  }
  return found;
}

/** Letters and digits alone: what is left when spaces, hyphens and marks are broken differently. */
function bare(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
