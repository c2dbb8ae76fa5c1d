import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Session, User } from "../api/session";

const ADA: User = { id: "user_a", name: "Ada", email: "ada@example.com", role: "user", groups: [] };
const BEN: User = { ...ADA, id: "user_b", name: "Ben" };
const signedIn = (user: User): Session => ({ mode: "oidc", signed_in: true, user, providers: [] });
const OUT: Session = { mode: "oidc", signed_in: false, user: null, providers: [] };
const OPEN: Session = { mode: "none", signed_in: true, user: null, providers: [] };

/** What the server answers, by method and path; null where it can't be reached. */
let answers: Record<string, unknown>;
const asked: string[] = [];
const replaced: string[] = [];
const channels: Channel[] = [];

class Channel {
  readonly said: unknown[] = [];
  private readonly listeners: ((event: { data: unknown }) => void)[] = [];
  constructor() {
    channels.push(this);
  }
  addEventListener(_: string, listener: (event: { data: unknown }) => void): void {
    this.listeners.push(listener);
  }
  postMessage(message: unknown): void {
    this.said.push(message);
  }
  hear(data: unknown): void {
    for (const listener of this.listeners) listener({ data });
  }
}

const channel = () => channels[0] as Channel;

/** The app as it is after a page was loaded: with nothing in memory. */
async function load(path = "/") {
  vi.resetModules();
  channels.length = replaced.length = asked.length = 0;
  history.replaceState(null, "", path);
  vi.spyOn(location, "replace").mockImplementation((url) => void replaced.push(String(url)));
  vi.spyOn(location, "reload").mockImplementation(() => void replaced.push("reload"));
  const account = await import("./account");
  await account.begin();
  return account;
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  answers = { "GET /api/session": OPEN };
  vi.stubGlobal("BroadcastChannel", Channel);
  vi.stubGlobal("fetch", async (path: string, { method }: { method: string }) => {
    const name = `${method} ${path}`;
    asked.push(name);
    if (answers[name] === null) throw new TypeError("no network");
    const answer = answers[name];
    return answer instanceof Response ? answer.clone() : Response.json(answer ?? {});
  });
});

const refused = (status: number, code: string | null = null) =>
  new Response(JSON.stringify({ error: { message: "No.", code } }), { status });

describe("the account", () => {
  it("is nobody's where nobody signs in", async () => {
    const { useAccount, wantsSignIn, isSignedIn } = await load();
    expect([wantsSignIn(useAccount.getState()), isSignedIn(useAccount.getState())]).toEqual([false, false]);
    expect(replaced).toEqual([]);
  });

  it("wants a sign-in where somebody has to, and leads back to the screen", async () => {
    answers["GET /api/session"] = OUT;
    localStorage.setItem("vasi.settings", '{"voice":"ada"}');
    const { useAccount, wantsSignIn, returnTo } = await load("/conversations/conv_1#item");
    expect(wantsSignIn(useAccount.getState())).toBe(true);
    expect(location.pathname + location.search).toBe("/sign-in?return_to=%2Fconversations");
    expect(returnTo()).toBe("/conversations");
    expect(localStorage.length).toBe(0);
  });

  it("is known at once the next time, and without a network", async () => {
    answers["GET /api/session"] = signedIn(ADA);
    await load();
    expect(channel().said).toEqual([{ type: "signed_in", who: "user_a" }]);
    answers["GET /api/session"] = null;
    const { useAccount, isSignedIn } = await load("/notes");
    expect(isSignedIn(useAccount.getState())).toBe(true);
    expect(useAccount.getState().session?.user?.name).toBe("Ada");
  });

  it("leaves nothing behind when it is signed out, and tells the other tabs", async () => {
    answers["GET /api/session"] = signedIn(ADA);
    answers["POST /auth/sign-out"] = { location: "https://provider.example/end" };
    const { signOut, useAccount } = await load();
    sessionStorage.setItem("vasi.conversation", "conv_1");
    await signOut();
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
    expect(useAccount.getState().left).toBe(true);
    expect(channel().said.at(-1)).toEqual({ type: "signed_out", owed: false });
    expect(replaced).toEqual(["https://provider.example/end"]);
  });

  it("is left when the server says that nobody is signed in, and why", async () => {
    answers["GET /api/session"] = signedIn(ADA);
    answers["GET /api/notes"] = refused(401, "account_disabled");
    await load("/conversations/conv_1");
    const { get } = await import("../api/http");
    await expect(get("/notes")).rejects.toThrow();
    await vi.waitFor(() => expect(replaced).toEqual(["/sign-in?error=disabled&return_to=%2Fconversations"]));
    expect(localStorage.length).toBe(0);
  });

  it("is left in this tab when another one signs out", async () => {
    answers["GET /api/session"] = signedIn(ADA);
    await load();
    channel().hear({ type: "signed_in", who: "user_a" });
    expect(replaced).toEqual([]);
    channel().hear({ type: "signed_out", owed: false });
    await vi.waitFor(() => expect(replaced).toEqual(["/sign-in?error=out"]));
    expect(localStorage.length).toBe(0);
  });

  it("is another one's after another tab signed in as somebody else", async () => {
    answers["GET /api/session"] = signedIn(ADA);
    await load();
    channel().hear({ type: "signed_in", who: "user_b" });
    await vi.waitFor(() => expect(replaced).toEqual(["reload"]));
  });

  it("leaves nothing to whoever signs in after it", async () => {
    answers["GET /api/session"] = signedIn(ADA);
    await load();
    localStorage.setItem("vasi.settings", '{"voice":"ada"}');
    answers["GET /api/session"] = signedIn(BEN);
    await load("/notes");
    await vi.waitFor(() => expect(replaced).toEqual(["reload"]));
    expect(localStorage.getItem("vasi.settings")).toBeNull();
  });

  it("is signed out at the server as soon as that can be reached", async () => {
    answers["GET /api/session"] = signedIn(ADA);
    answers["POST /auth/sign-out"] = null;
    const { signOut } = await load();
    await signOut();
    expect(replaced).toEqual(["/sign-in?error=out"]);
    // Another tab forgets as well, and not that the server is to be told.
    expect(channel().said.at(-1)).toEqual({ type: "signed_out", owed: true });
    expect(Object.keys(localStorage)).toEqual(["vasi.sign_out"]);
    const offline = await load("/sign-in?error=out");
    expect(offline.wantsSignIn(offline.useAccount.getState())).toBe(true);
    expect(asked).toEqual(["POST /auth/sign-out"]);
    answers["POST /auth/sign-out"] = { location: null };
    answers["GET /api/session"] = OUT;
    const online = await load("/sign-in?error=out");
    expect(asked).toEqual(["POST /auth/sign-out", "GET /api/session"]);
    expect(online.useAccount.getState().owesSignOut).toBe(false);
  });

  it("stays when the other browsers can't be signed out", async () => {
    answers["GET /api/session"] = signedIn(ADA);
    answers["DELETE /api/account/sessions"] = null;
    const { signOut, useAccount } = await load();
    await expect(signOut(true)).rejects.toThrow();
    expect(useAccount.getState().left).toBe(false);
    expect(replaced).toEqual([]);
  });

  it("exchanges the key of an earlier app once, and erases it", async () => {
    const kept = () => JSON.parse(localStorage.getItem("vasi.settings") ?? "{}");
    answers["GET /api/session"] = { ...signedIn(ADA), mode: "keys", user: null };
    answers["POST /auth/key"] = null;
    localStorage.setItem("vasi.settings", '{"key":"secret","voice":"ada"}');
    await load();
    expect(kept()).toEqual({ key: "secret", voice: "ada" });
    answers["POST /auth/key"] = {};
    await load();
    expect(asked[0]).toBe("POST /auth/key");
    expect(kept()).toEqual({ voice: "ada" });
    await load();
    expect(asked).not.toContain("POST /auth/key");
    localStorage.setItem("vasi.settings", '{"key":"wrong"}');
    answers["POST /auth/key"] = refused(401);
    await load();
    expect(kept()).toEqual({});
  });
});
