/** The conversation: what was said above, the voice below. */
import { Download, MicOff, PhoneOff, Plus, Square } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../shell/Pane";
import { save } from "../shell/save";
import { useSettings } from "../state/settings";
import { assistant, startConversation, useConversation } from "../state/talk";
import { Composer } from "./Composer";
import { Interpreter } from "./Interpreter";
import { beginTalking, Orb } from "./Orb";
import { asJson, asMarkdown } from "./record";
import { ProblemNote, Status } from "./Status";
import { Transcript } from "./Transcript";

export function Talk() {
  return (
    <section className="flex h-full min-h-0 flex-col">
      <div className="relative flex min-h-0 grow flex-col overflow-y-auto">
        <Interpreter />
        <Keep />
        <Transcript />
      </div>
      <div className="shrink-0 space-y-3 border-t border-line bg-paper pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
        <ProblemNote />
        <div className="flex items-center justify-center gap-6">
          <Left />
          <Orb />
          <Right />
        </div>
        <Status />
        <Composer />
      </div>
      <SpaceBar />
    </section>
  );
}

/** Take the conversation along. */
function Keep() {
  const { t } = useTranslation();
  const said = useConversation((state) => state.turns.some((turn) => turn.text && !turn.provisional));
  if (!said) return null;
  const names = { user: t("transcript.you"), assistant: t("transcript.assistant") };
  return (
    <div className="mx-auto flex w-full max-w-prose justify-end gap-1 px-3 pt-3">
      <Button
        kind="quiet"
        onClick={() =>
          save("conversation.md", asMarkdown(useConversation.getState(), names), "text/markdown")
        }
      >
        <Download size={15} aria-hidden="true" />
        {t("transcript.export_markdown")}
      </Button>
      <Button
        kind="quiet"
        onClick={() => save("conversation.json", asJson(useConversation.getState()), "application/json")}
      >
        <Download size={15} aria-hidden="true" />
        {t("transcript.export_json")}
      </Button>
    </div>
  );
}

function Left() {
  const { t } = useTranslation();
  const microphone = useConversation((state) => state.microphone);
  const muted = microphone === "muted";
  return (
    <Round
      label={muted ? t("talk.unmute") : t("talk.mute")}
      pressed={muted}
      disabled={microphone === "off" || microphone === "opening"}
      onClick={() => assistant.mute(!muted)}
    >
      <MicOff size={20} aria-hidden="true" />
    </Round>
  );
}

function Right() {
  const { t } = useTranslation();
  const busy = useConversation((state) => state.playing !== null || Boolean(state.exchange?.response));
  const link = useConversation((state) => state.link);
  const begun = useConversation((state) => state.turns.length > 0);
  if (busy)
    return (
      <Round label={t("talk.silence")} onClick={() => void assistant.interrupt()}>
        <Square size={18} aria-hidden="true" />
      </Round>
    );
  if (begun)
    return (
      <Round label={t("talk.new")} onClick={() => startConversation(null)}>
        <Plus size={20} aria-hidden="true" />
      </Round>
    );
  return (
    <Round label={t("talk.hang_up")} disabled={link === "closed"} onClick={() => assistant.hangUp()}>
      <PhoneOff size={18} aria-hidden="true" />
    </Round>
  );
}

interface RoundProps {
  label: string;
  onClick: () => void;
  children: ReactNode;
  disabled?: boolean;
  pressed?: boolean;
}

function Round({ label, onClick, children, disabled, pressed }: RoundProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
      className={`grid size-12 place-items-center rounded-full border disabled:opacity-35 ${
        pressed ? "border-warn bg-warn-soft text-warn" : "border-line bg-card hover:border-voice"
      }`}
    >
      {children}
    </button>
  );
}

/** The space bar talks, wherever the focus is, unless it has something better to do there. */
function SpaceBar() {
  const push = useSettings(({ settings }) => settings.turnTaking === "push");
  useEffect(() => {
    if (!push) return;
    const elsewhere = (event: KeyboardEvent) =>
      event.target instanceof Element &&
      event.target.closest("button, a, input, textarea, select, [role=dialog], [contenteditable]") !== null;
    const down = (event: KeyboardEvent) => {
      if (event.key !== " " || event.repeat || elsewhere(event)) return;
      event.preventDefault();
      void beginTalking();
    };
    const up = (event: KeyboardEvent) => {
      if (event.key === " ") assistant.endTalking();
    };
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    return () => {
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
    };
  }, [push]);
  return null;
}
