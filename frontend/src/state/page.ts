/** What happens to the page and its network, and what the conversation makes of it. */
import { ApiError, get, signWith } from "../api/http";
import { followAnew } from "../api/live";
import { useSettings } from "./settings";
import { assistant, complain, LAST, useConversation } from "./talk";
import { followAddress } from "./view";

/** Connect the stores with the page that they live in; once, before anything is shown. */
export function start(): void {
  signWith(() => useSettings.getState().settings.key);
  followAddress();
  useConversation.subscribe(keepConversation);
  useConversation.subscribe((state, before) => {
    if (state.link === "waiting" && before.link !== "waiting") void explainRefusal();
  });
  const wake = () => assistant.wake();
  const moved = () => {
    wake();
    followAnew();
  };
  // The network may be another one now, or none: `online` alone isn't told when a phone changes from one to the next.
  for (const change of ["online", "offline"]) addEventListener(change, moved);
  (navigator as { connection?: EventTarget }).connection?.addEventListener("change", moved);
  document.addEventListener("resume", moved); // the page was frozen
  addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
}

/** The conversation outlives a reload of this tab. */
function keepConversation(): void {
  const { conversation } = assistant;
  if (conversation && sessionStorage.getItem(LAST) !== conversation)
    sessionStorage.setItem(LAST, conversation);
}

/** A browser doesn't say why a WebSocket was refused; the API does. */
async function explainRefusal(): Promise<void> {
  try {
    await get("/status");
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) return;
    assistant.hangUp();
    complain("key_wanted", error.message);
  }
}
