/** Names in a line of text, with commas between. */
export function namesIn(text: string): string[] {
  const names = text.split(/[,،、;]+/).map((name) => name.trim());
  return [...new Set(names.filter(Boolean))];
}
