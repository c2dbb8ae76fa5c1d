/** Everything of the user's as one file, out of the server and into it, with how far it is. */
import { ApiError, refusal, unreachable } from "../api/http";

/** Pieces that are put together before the browser may keep them elsewhere than in memory. */
const PIECE_BYTES = 8_000_000;
/** The last part of a file's path. */
const NAME = /filename\*?=(?:UTF-8'')?"?([^";]+)"?/i;

export interface Progress {
  bytes: number;
  /** Null where it isn't known. */
  total: number | null;
}

/** Fetch everything. Rejects with an `ApiError`. */
export async function download(
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<{ name: string; file: Blob }> {
  let response: Response;
  try {
    response = await fetch("/api/account/export", { signal, cache: "no-store" });
  } catch (error) {
    throw signal.aborted ? error : unreachable();
  }
  if (!response.ok) throw await refusal(response);
  const length = Number(response.headers.get("content-length"));
  const total = response.headers.has("content-encoding") || !length ? null : length;
  const done: Blob[] = [];
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let kept = 0;
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
      bytes += next.value.length;
      if (bytes - kept >= PIECE_BYTES) {
        done.push(new Blob(pieces));
        pieces = [];
        kept = bytes;
      }
      onProgress({ bytes, total });
    }
  } catch (error) {
    throw signal.aborted ? error : unreachable();
  }
  const name = NAME.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return {
    name: name ? decodeURIComponent(name) : "vasi.zip",
    file: new Blob([...done, ...pieces], { type: "application/zip" }),
  };
}

/** Send a file of everything back. Rejects with an `ApiError`; `fetch` can't tell how much has been sent. */
export function importFile<Outcome>(
  file: File,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/account/import");
    request.setRequestHeader("content-type", "application/zip");
    request.upload.onprogress = ({ loaded, total }) => onProgress({ bytes: loaded, total });
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new ApiError("Cancelled.", "cancelled", 0));
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText || "null") as Outcome);
      else refusal(new Response(request.responseText, { status: request.status })).then(reject, reject);
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
