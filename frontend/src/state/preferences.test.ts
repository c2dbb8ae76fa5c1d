import { afterEach, beforeEach, expect, it, vi } from "vitest";

let kept: unknown;
const put: unknown[] = [];

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  localStorage.clear();
  put.length = 0;
  vi.stubGlobal("fetch", async (_: string, { method, body }: { method: string; body?: string }) => {
    if (method === "PUT") put.push(JSON.parse(body ?? "null"));
    return Response.json(kept);
  });
});
afterEach(() => vi.useRealTimers());

async function load(mode: "oidc" | "none" = "oidc") {
  const { useAccount } = await import("./account");
  const { useSettings } = await import("./settings");
  useAccount.setState({ session: { mode, signed_in: true, user: null, providers: [] } });
  useSettings.getState().change({ microphone: "desk", captions: "large" });
  const { followPreferences } = await import("./preferences");
  await followPreferences();
  return useSettings;
}

it("takes the server's, and what only this browser has stays here", async () => {
  kept = { theme: "dark", captions: "small", microphone: "another's", key: "x", voice: 3 };
  const settings = (await load()).getState().settings;
  expect(settings).toMatchObject({ theme: "dark", captions: "small", microphone: "desk", voice: "" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(put).toEqual([]);
});

it("tells the server every change once, without the devices", async () => {
  kept = { theme: "dark" };
  const { getState } = await load();
  getState().change({ speed: 1.2 });
  getState().change({ speed: 1.25 });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(put).toEqual([expect.objectContaining({ theme: "dark", captions: "large", speed: 1.25 })]);
  expect(put[0]).not.toHaveProperty("microphone");
  getState().change({ microphone: "headset" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(put).toHaveLength(1);
});

it("gives a server that has none those that were chosen here", async () => {
  kept = {};
  await load();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(put).toEqual([expect.objectContaining({ captions: "large" })]);
});

it("asks and tells nothing where nobody signs in", async () => {
  const { getState } = await load("none");
  getState().change({ speed: 1.2 });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(put).toEqual([]);
  expect(JSON.parse(localStorage.getItem("vasi.settings") ?? "{}").speed).toBe(1.2);
});
