/** The one large control: its look is the state of the conversation, its ring the true level of both voices. */
import { Mic, MicOff, Search, TriangleAlert, WifiOff } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { deflection } from "../audio/samples";
import { type Phase, phaseOf } from "../state/conversation";
import { useSettings } from "../state/settings";
import { assistant, complain, talk, useConversation } from "../state/talk";

const QUIET: ReadonlySet<Phase> = new Set(["idle", "muted", "error", "reconnecting"]);

export function Orb() {
  const { t } = useTranslation();
  const phase = useConversation(phaseOf);
  const microphone = useConversation((state) => state.microphone);
  const push = useSettings(({ settings }) => settings.turnTaking === "push");
  const ring = useRef<SVGCircleElement>(null);
  const halo = useRef<SVGCircleElement>(null);

  // Nothing is drawn while nothing can sound: an idle page costs nothing.
  const quiet = useConversation((state) => state.microphone !== "on" && state.playing === null);
  useEffect(() => {
    let frame = 0;
    let user = 0;
    let voice = 0;
    const draw = () => {
      user += (deflection(quiet ? 0 : assistant.levels.user) - user) * 0.35;
      voice += (deflection(quiet ? 0 : assistant.levels.assistant) - voice) * 0.35;
      ring.current?.setAttribute("r", String(62 + 14 * user));
      halo.current?.setAttribute("r", String(70 + 26 * voice));
      halo.current?.setAttribute("opacity", String(0.12 + 0.5 * voice));
      if (!quiet || user + voice > 0.01) frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [quiet]);

  const on = microphone === "on" || microphone === "muted";
  const label = push ? t("talk.hold") : on ? t("talk.stop") : t("talk.start");

  const press = () => {
    if (push) return;
    if (on) assistant.stopListening();
    else void talk();
  };
  const down = (event: PointerEvent<HTMLButtonElement>) => {
    if (!push) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    void beginTalking();
  };
  const key = (event: KeyboardEvent, pressed: boolean) => {
    if (!push || event.repeat || (event.key !== " " && event.key !== "Enter")) return;
    event.preventDefault();
    if (pressed) void beginTalking();
    else assistant.endTalking();
  };

  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={push ? undefined : on}
      data-phase={phase}
      onClick={press}
      onPointerDown={down}
      onPointerUp={() => push && assistant.endTalking()}
      onPointerCancel={() => push && assistant.endTalking()}
      onKeyDown={(event) => key(event, true)}
      onKeyUp={(event) => key(event, false)}
      className="orb relative grid size-40 touch-none place-items-center rounded-full select-none"
    >
      <svg viewBox="0 0 200 200" className="absolute inset-0 size-full" aria-hidden="true">
        <circle ref={halo} cx="100" cy="100" r="70" className="fill-voice" opacity="0.12" />
        <circle ref={ring} cx="100" cy="100" r="62" className="fill-none stroke-voice" strokeWidth="2" />
        <circle
          cx="100"
          cy="100"
          r="58"
          className={QUIET.has(phase) ? "fill-sunken stroke-line" : "fill-voice"}
          strokeWidth="1"
        />
      </svg>
      <span className={`relative ${QUIET.has(phase) ? "text-ink" : "text-voice-ink"}`}>
        <Icon phase={phase} />
      </span>
    </button>
  );
}

function Icon({ phase }: { phase: Phase }) {
  const usual = { size: 34, strokeWidth: 1.75, "aria-hidden": true } as const;
  switch (phase) {
    case "error":
      return <TriangleAlert {...usual} />;
    case "reconnecting":
      return <WifiOff {...usual} />;
    case "searching":
      return <Search {...usual} />;
    case "muted":
      return <MicOff {...usual} />;
    case "connecting":
    case "thinking":
      return <Dots />;
    case "speaking":
      return <Wave />;
    default:
      return <Mic {...usual} />;
  }
}

function Dots() {
  return (
    <span className="flex gap-1.5" aria-hidden="true">
      {[0, 1, 2].map((dot) => (
        <span key={dot} className={`size-2.5 animate-pulse rounded-full bg-current dot-${dot}`} />
      ))}
    </span>
  );
}

function Wave() {
  return (
    <span className="flex h-8 items-center gap-1" aria-hidden="true">
      {["h-3", "h-6", "h-8", "h-5", "h-3"].map((height, bar) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars never move
        <span key={bar} className={`w-1 rounded-full bg-current ${height}`} />
      ))}
    </span>
  );
}

/** Push to talk: connect and open the microphone on the first press. */
export async function beginTalking(): Promise<void> {
  if (useConversation.getState().link === "closed") assistant.connect();
  try {
    await assistant.beginTalking();
  } catch {
    complain("microphone_failed");
  }
}
