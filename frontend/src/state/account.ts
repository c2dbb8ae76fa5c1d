/** Who uses the app, and how they leave it: with nothing of theirs left in this browser. */
import { create } from "zustand";
import { ApiError, onSignedOut, request, UNREACHABLE } from "../api/http";
import { endSession, readSession, type Session, signInWithKey } from "../api/session";
import { eraseBrowser } from "./erasure";
import { placeIn, SIGN_IN, signInPath } from "./returning";
import { PLACE as SETTINGS } from "./settings";
import { assistant } from "./talk";

interface Account {
  /** Null until the server has told, or where it can't be reached. */
  session: Session | null;
  /** The user left while the server couldn't be reached: it is told as soon as it can be. */
  owesSignOut: boolean;
  /** The page is being left: it shows nothing of the user any more. */
  left: boolean;
}

export const useAccount = create<Account>()(() => ({ session: null, owesSignOut: false, left: false }));

/** The session that this browser saw last, so that the app opens at once, and without a network. */
const REMEMBERED = "vasi.session";
const OWED = "vasi.sign_out";

type Message = { type: "signed_out"; owed: boolean } | { type: "signed_in"; who: string };
const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("vasi.session") : null;

/** Whether nobody is signed in where somebody has to be. */
export function wantsSignIn({ session, owesSignOut }: Account): boolean {
  return owesSignOut || (session !== null && whoIs(session) === null);
}

/** Whether somebody is signed in; not so where nobody has to. */
export function isSignedIn({ session }: Account): boolean {
  return session !== null && session.mode !== "none" && session.signed_in;
}

/** Tells users from each other; null where nobody is signed in. */
function whoIs({ mode, signed_in, user }: Session): string | null {
  if (mode === "none") return "";
  return signed_in ? (user?.id ?? "key") : null;
}

/** Find out who uses the app; once, before anything is shown. */
export async function begin(): Promise<void> {
  leaveWhenSignedOut();
  tabs?.addEventListener("message", ({ data }) => void hear(data as Message));
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && useAccount.getState().left) location.reload();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void look();
  });
  addEventListener("online", () => useAccount.getState().owesSignOut && location.reload());
  if (!(await paySignOut())) return;
  await exchangeOldKey();
  const session = remembered();
  useAccount.setState({ session });
  if (session) void look();
  else await look();
}

function leaveWhenSignedOut(): void {
  onSignedOut(({ code }) => {
    const reason = code === "account_disabled" ? "disabled" : "session_ended";
    void leave(signInPath(reason, location.pathname), { dropCookie: true });
  });
}

/** Ask the server who is signed in; whoever it isn't any more leaves. */
async function look(): Promise<void> {
  let session: Session;
  try {
    session = await readSession();
  } catch {
    return; // what was seen last goes on; requests tell what is wrong
  }
  const { session: before, left } = useAccount.getState();
  if (left) return;
  const was = before && whoIs(before);
  const who = whoIs(session);
  if (was !== null && was !== who)
    return who === null
      ? leave(signInPath("session_ended", location.pathname), { dropCookie: true })
      : leave(location.href);
  if (who === null) await eraseBrowser();
  else remember(session);
  useAccount.setState({ session });
  if (who === null) {
    if (location.pathname !== SIGN_IN) history.replaceState(null, "", signInPath(null, location.pathname));
  } else {
    if (was === null && session.signed_in) tell({ type: "signed_in", who });
    if (location.pathname === SIGN_IN) location.replace(returnTo());
  }
}

/** Where the sign-in page leads. */
export function returnTo(): string {
  return placeIn(new URLSearchParams(location.search).get("return_to"));
}

/** Sign in with a key. Rejects with an `ApiError`. */
export async function enterKey(key: string): Promise<void> {
  await signInWithKey(key);
  location.replace(returnTo());
}

/** Sign out here, or in every browser. Rejects with an `ApiError` where the others can't be signed out. */
export async function signOut(everywhere = false): Promise<void> {
  onSignedOut(() => {}); // that is what is wanted
  let elsewhere: string | null = null;
  let owed = false;
  try {
    if (everywhere) await request("DELETE", "/account/sessions");
    else elsewhere = await endSession();
  } catch (error) {
    owed = error instanceof ApiError && error.code === UNREACHABLE;
    if (everywhere && !(error instanceof ApiError && error.status === 401)) {
      leaveWhenSignedOut();
      throw error;
    }
  }
  await leave(elsewhere ?? signInPath("out", null), { owed, dropCookie: everywhere });
}

/** The account is gone, and with it what this browser kept. */
export async function leaveForGood(): Promise<void> {
  await leave(signInPath("deleted", null), { dropCookie: true });
}

interface Leaving {
  /** The server is to be told. */
  owed?: boolean;
  /** The session has ended at the server; scripts can't remove its cookie, but the server can. */
  dropCookie?: boolean;
}

async function leave(next: string, { owed = false, dropCookie = false }: Leaving = {}): Promise<void> {
  if (useAccount.getState().left) return;
  useAccount.setState({ left: true });
  assistant.hangUp();
  tell({ type: "signed_out", owed });
  await forget(owed);
  if (dropCookie) await dropDeadCookie().catch(() => {});
  if (next === location.href) location.reload();
  else location.replace(next);
}

/** Unless somebody has signed in meanwhile, in another tab. */
async function dropDeadCookie(): Promise<void> {
  if (!(await readSession()).signed_in) await endSession();
}

async function forget(owed: boolean): Promise<void> {
  useAccount.setState({ left: true });
  await eraseBrowser();
  if (owed) localStorage.setItem(OWED, "yes");
}

/** What another tab says. */
async function hear(message: Message): Promise<void> {
  const { session, left } = useAccount.getState();
  if (left || session?.mode === "none") return;
  const who = session && whoIs(session);
  if (message.type === "signed_in") {
    if (who === message.who) return;
    if (who === null) return location.replace(location.pathname === SIGN_IN ? returnTo() : location.href);
  } else if (who === null) return;
  assistant.hangUp();
  await forget(message.type === "signed_out" && message.owed);
  if (message.type === "signed_in") location.reload();
  else location.replace(signInPath("out", null));
}

function tell(message: Message): void {
  tabs?.postMessage(message);
}

function remember(session: Session): void {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(session));
  } catch {
    // It's asked for anew each time.
  }
}

function remembered(): Session | null {
  try {
    const session = JSON.parse(localStorage.getItem(REMEMBERED) ?? "null") as Session | null;
    return session && whoIs(session) !== null ? session : null;
  } catch {
    return null;
  }
}

/** Sign out at the server where it couldn't be reached before; returns whether that is done. */
async function paySignOut(): Promise<boolean> {
  if (localStorage.getItem(OWED) === null) return true;
  try {
    await endSession();
  } catch (error) {
    if (error instanceof ApiError && error.code === UNREACHABLE) {
      useAccount.setState({ owesSignOut: true });
      return false;
    }
  }
  localStorage.removeItem(OWED);
  return true;
}

/** An earlier app kept a key among its settings: it's exchanged for a cookie, and erased. */
async function exchangeOldKey(): Promise<void> {
  try {
    const settings = JSON.parse(localStorage.getItem(SETTINGS) ?? "{}") as { key?: unknown };
    if (!("key" in settings)) return;
    const { key, ...others } = settings;
    if (typeof key === "string" && key) await signInWithKey(key).catch(keepWhereUnreachable);
    localStorage.setItem(SETTINGS, JSON.stringify(others));
  } catch {
    // Nothing was kept, or it may be of use when the server can be reached.
  }
}

function keepWhereUnreachable(error: unknown): void {
  if (error instanceof ApiError && error.code === UNREACHABLE) throw error;
}
