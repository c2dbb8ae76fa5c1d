/** The settings of whoever is signed in are kept on the server, so that every browser of theirs has them. */
import { get, request } from "../api/http";
import { isSignedIn, useAccount } from "./account";
import { known, type Settings, useSettings } from "./settings";
import { assistant } from "./talk";

/** They belong to a device, and to nobody's other browser. */
type Local = "microphone" | "speaker";

const WAIT_MS = 500;

let sent = "";
let timer: ReturnType<typeof setTimeout> | undefined;

function preferences({ microphone: _, speaker: __, ...others }: Settings): Omit<Settings, Local> {
  return others;
}

/** Take what the server keeps, and have it keep every change; where it keeps nothing yet, what is chosen here. */
export async function followPreferences(): Promise<void> {
  if (!isSignedIn(useAccount.getState())) return;
  try {
    const { microphone: _, speaker: __, ...kept } = known(await get<unknown>("/account/preferences"));
    if (Object.keys(kept).length > 0) {
      sent = JSON.stringify(preferences({ ...useSettings.getState().settings, ...kept }));
      useSettings.getState().change(kept);
      assistant.reconfigure();
    }
  } catch {
    return; // those of this browser count until the server can be asked
  }
  keep();
  useSettings.subscribe(keep);
}

function keep(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void store(), WAIT_MS);
}

async function store(): Promise<void> {
  const content = JSON.stringify(preferences(useSettings.getState().settings));
  if (content === sent || useAccount.getState().left) return;
  try {
    await request("PUT", "/account/preferences", JSON.parse(content));
    sent = content;
  } catch {
    // The next change tells it all.
  }
}
