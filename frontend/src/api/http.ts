/** Requests to `/api`, with the key if the server wants one, and with what was read last when the network is gone. */
import { storeAnswer, storedAnswer } from "./cache";

/** What the server said against a request, or that it couldn't be reached. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string | null,
    readonly status: number,
  ) {
    super(message);
  }
}

export const UNREACHABLE = "unreachable";

let currentKey = (): string => "";

/** Where requests get the key from: "" where there is none. */
export function signWith(key: () => string): void {
  currentKey = key;
}

/** Whether there is a key to sign requests with. */
export function isSigned(): boolean {
  return currentKey() !== "";
}

export function headers(): Record<string, string> {
  const key = currentKey();
  return key ? { authorization: `Bearer ${key}` } : {};
}

export async function request(method: string, path: string, body?: unknown): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers: { ...headers(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError("The server can't be reached.", UNREACHABLE, 0);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

export async function refusal(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as { error: { message: string; code: string | null } };
    return new ApiError(error.message, error.code, response.status);
  } catch {
    return new ApiError(`The server answered ${response.status}.`, null, response.status);
  }
}

export async function get<Answer>(path: string): Promise<Answer> {
  return (await (await request("GET", path)).json()) as Answer;
}

/** As `get`, and kept for when the server can't be reached: then `fresh` is false. */
export async function read<Answer>(path: string): Promise<{ answer: Answer; fresh: boolean }> {
  try {
    const answer = await get<Answer>(path);
    void storeAnswer(path, answer);
    return { answer, fresh: true };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== UNREACHABLE) throw error;
    const answer = await storedAnswer<Answer>(path);
    if (answer === undefined) throw error;
    return { answer, fresh: false };
  }
}
