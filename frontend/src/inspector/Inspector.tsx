/** Under the hood: how long each answer took, and every event on the wire. */
import { Download, Eraser } from "lucide-react";
import { useId, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { carriesAudio, isFlow, type Traced } from "../realtime/trace";
import { Button } from "../shell/Pane";
import { save } from "../shell/save";
import { assistant } from "../state/talk";
import { Waterfall } from "./Waterfall";

const SHOWN = 300;

export default function Inspector() {
  const { t } = useTranslation();
  const { trace } = assistant;
  const events = useSyncExternalStore(trace.subscribe, trace.read);
  const [filter, setFilter] = useState("");
  const [audio, setAudio] = useState(false);
  const id = useId();
  const wanted = filter.trim().toLowerCase();
  const matching = events.filter(
    ({ event }) => (audio || !isFlow(event.type)) && (!wanted || event.type.toLowerCase().includes(wanted)),
  );
  const shown = matching.slice(-SHOWN).reverse();

  return (
    <div className="space-y-4 border-t border-line p-4">
      <Waterfall />
      <div className="flex flex-wrap items-center gap-3">
        <input
          type="search"
          aria-label={t("inspector.filter")}
          placeholder={t("inspector.filter")}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="min-h-10 min-w-40 grow rounded-xl border border-line bg-paper px-3 text-sm placeholder:text-soft"
        />
        <label htmlFor={id} className="flex items-center gap-2 text-sm">
          <input
            id={id}
            type="checkbox"
            checked={audio}
            onChange={(event) => setAudio(event.target.checked)}
          />
          {t("inspector.audio")}
        </label>
        <Button onClick={() => save("vasi-trace.jsonl", trace.export(), "application/jsonl")}>
          <Download size={16} aria-hidden="true" /> JSONL
        </Button>
        <Button onClick={() => trace.clear()}>
          <Eraser size={16} aria-hidden="true" /> {t("inspector.clear")}
        </Button>
      </div>
      <p className="text-sm text-soft">{t("inspector.count", { count: matching.length })}</p>
      <ol
        dir="ltr"
        className="relative max-h-96 overflow-auto rounded-xl bg-sunken font-mono text-xs"
        aria-label={t("inspector.events")}
      >
        {shown.map((each) => (
          <Row key={`${each.at}:${each.event.event_id ?? each.event.type}`} each={each} />
        ))}
      </ol>
    </div>
  );
}

function Row({ each }: { each: Traced }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const sent = each.direction === "sent";
  return (
    <li className="border-b border-line last:border-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full gap-3 px-3 py-1.5 text-start hover:bg-card"
      >
        <span className="w-16 shrink-0 text-end text-soft tabular-nums">{(each.at / 1000).toFixed(3)}</span>
        <span className={sent ? "text-warn" : "text-voice"} aria-hidden="true">
          {sent ? "→" : "←"}
        </span>
        <span className="sr-only">{t(sent ? "inspector.sent" : "inspector.received")}</span>
        <span className="min-w-0 truncate">{each.event.type}</span>
      </button>
      {open && <pre className="overflow-x-auto px-3 pb-3 whitespace-pre-wrap break-all">{plain(each)}</pre>}
    </li>
  );
}

/** The event with its audio counted instead of shown. */
function plain({ event }: Traced): string {
  const hide = carriesAudio(event.type);
  return JSON.stringify(
    event,
    (name, value: unknown) =>
      hide && (name === "audio" || name === "delta") && typeof value === "string"
        ? `(${value.length} characters)`
        : value,
    2,
  );
}
