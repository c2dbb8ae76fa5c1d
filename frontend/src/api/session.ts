/** Who is signed in here, and how somebody can. */
import { send } from "./http";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type Session = Shapes["SessionShown"];
export type User = Shapes["UserShown"];
export type Provider = Shapes["ProviderShown"];

export async function readSession(): Promise<Session> {
  return (await (await send("GET", "/api/session")).json()) as Session;
}

/** Exchange a key for a cookie. Rejects with an `ApiError`. */
export async function signInWithKey(key: string): Promise<void> {
  await send("POST", "/auth/key", { key });
}

/** End the session of this browser; returns where the provider wants to end its own, null if it doesn't. */
export async function endSession(): Promise<string | null> {
  const answer = (await (await send("POST", "/auth/sign-out")).json()) as { location: string | null };
  return answer.location;
}

/** Where a provider signs somebody in, and where they come back to. */
export function signInAddress(provider: Provider, returnTo: string, invitation: string | null): string {
  const query = new URLSearchParams({ return_to: returnTo });
  if (invitation) query.set("invitation", invitation);
  return `/auth/${encodeURIComponent(provider.id)}/sign-in?${query}`;
}
