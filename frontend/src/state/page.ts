/** What happens to the page and its network, and what the conversation makes of it. */
import { get } from "../api/http";
import { followAnew } from "../api/live";
import { useAccount } from "./account";
import { assistant, LAST, useConversation } from "./talk";
import { followAddress } from "./view";

/** Connect the stores with the page that they live in; once, before anything is shown. */
export function start(): void {
  followAddress();
  useConversation.subscribe(keepConversation);
  useConversation.subscribe((state, before) => {
    const lost = state.link === "waiting" || (state.link === "closed" && state.problem !== before.problem);
    // A browser doesn't say why a WebSocket was refused or closed; the API does, where nobody is signed in any more.
    if (lost && state.link !== before.link) get("/status").catch(() => {});
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
  if (conversation && !useAccount.getState().left && sessionStorage.getItem(LAST) !== conversation)
    sessionStorage.setItem(LAST, conversation);
}
