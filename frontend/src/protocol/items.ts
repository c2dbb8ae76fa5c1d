/** What items say. */
import type { AnyItem, Part } from "./wire";

/** The words of each part of a message that has any; none for other items. */
export function textsOf(item: Pick<AnyItem, "type"> & { content?: Part[] }): string[] {
  return (item.content ?? []).map(textOf).filter((text) => text !== null);
}

function textOf(part: Part): string | null {
  switch (part.type) {
    case "input_text":
    case "output_text":
      return part.text;
    case "input_audio":
    case "output_audio":
      return part.transcript ?? null;
    case "input_image":
      return null;
  }
}
