/** Requests to the server, which knows the user by a cookie; and what was read last when the network is gone. */
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

let signedOut: (error: ApiError) => void = () => {};

/** Call `listener` whenever the server answers that nobody is signed in. */
export function onSignedOut(listener: (error: ApiError) => void): void {
  signedOut = listener;
}

/** A request to any path of the server. Rejects with an `ApiError`. */
export async function send(method: string, path: string, body?: unknown): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
  } catch {
    throw unreachable();
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

/** A request to the API. Rejects with an `ApiError`; that nobody is signed in is told to the listener as well. */
export async function request(method: string, path: string, body?: unknown): Promise<Response> {
  try {
    return await send(method, `/api${path}`, body);
  } catch (error) {
    throw report(error as ApiError);
  }
}

export function unreachable(): ApiError {
  return new ApiError("The server can't be reached.", UNREACHABLE, 0);
}

/** An answer that isn't one, as an error; that nobody is signed in is told to the listener as well. */
export async function refusal(response: Response): Promise<ApiError> {
  return report(await errorOf(response));
}

function report(error: ApiError): ApiError {
  if (error.status === 401) signedOut(error);
  return error;
}

async function errorOf(response: Response): Promise<ApiError> {
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
