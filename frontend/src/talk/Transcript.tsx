/** Both sides of the conversation as it is spoken: provisional words, cuts, sources beside the sentence they carry. */
import { Check, Copy, Pencil } from "lucide-react";
import { type ComponentProps, type FormEvent, memo, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { explain } from "../i18n/problem";
import type { PassageShown } from "../protocol/wire";
import { focusComposer, useFocusBack } from "../shell/focus";
import { Button } from "../shell/Pane";
import { PassageCard } from "../shell/PassageCard";
import { usePlaceName } from "../shell/place";
import { pieces } from "../state/pieces";
import { assistant, lastConversation, startConversation, useConversation } from "../state/talk";
import type { Turn } from "../state/turn";
import { openSource, type SourcePlace } from "../state/view";
import { Suggestions } from "./Suggestions";
import { nearestTo, samePlace, sourcesOf } from "./sources";

export function Transcript() {
  const { t } = useTranslation();
  const ids = useConversation(useShallow((state) => state.turns.map((turn) => turn.id)));
  const end = useRef<HTMLDivElement>(null);
  const length = useConversation((state) =>
    state.turns.reduce((sum, turn) => sum + turn.text.length + turn.nearest.length, 0),
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: every new word or card may need scrolling
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [length, ids.length]);

  if (ids.length === 0)
    return (
      <div className="m-auto max-w-prose space-y-6 px-6 text-center">
        <p className="text-lg text-balance text-soft">{t("transcript.empty")}</p>
        <Suggestions />
        {lastConversation && (
          <Button onClick={() => startConversation(lastConversation)}>{t("talk.go_on")}</Button>
        )}
      </div>
    );
  return (
    <div className="mx-auto w-full max-w-prose">
      <ol aria-label={t("transcript.title")} className="space-y-6 px-5 py-6">
        {ids.map((id) => (
          <Line key={id} id={id} />
        ))}
      </ol>
      <div ref={end} />
    </div>
  );
}

const Line = memo(function Line({ id }: { id: string }) {
  const turn = useConversation((state) => state.turns.find((candidate) => candidate.id === id));
  if (!turn || (turn.text === "" && !turn.failed && turn.role === "assistant")) return null;
  return <li>{turn.role === "user" ? <Said turn={turn} /> : <Answer turn={turn} />}</li>;
});

function Said({ turn }: { turn: Turn }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const edit = useFocusBack(editing);
  if (editing) return <Correction turn={turn} onDone={() => setEditing(false)} />;
  return (
    <div className="group ms-auto w-fit max-w-[85%]">
      <span className="sr-only">{t("transcript.you")}: </span>
      <p
        dir="auto"
        data-provisional={turn.provisional || undefined}
        className={`caption rounded-2xl rounded-ee-md bg-sunken px-4 py-2.5 ${turn.provisional && turn.spoken ? "text-soft italic" : ""}`}
      >
        {turn.text || "…"}
      </p>
      {turn.failed && (
        <p className="mt-1 text-sm text-warn">{t("transcript.failed", { why: explain(turn.failed) })}</p>
      )}
      {!turn.provisional && (
        <div className="flex justify-end">
          <IconButton ref={edit} label={t("transcript.edit")} onClick={() => setEditing(true)}>
            <Pencil size={15} aria-hidden="true" />
          </IconButton>
        </div>
      )}
    </div>
  );
}

function Correction({ turn, onDone }: { turn: Turn; onDone: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(turn.text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim() || text.trim() === turn.text) return onDone();
    // The turn goes, and this with it.
    void assistant.correct(turn.id, text.trim());
    focusComposer();
  };
  return (
    <form onSubmit={submit} className="ms-auto max-w-[85%] space-y-2">
      <textarea
        aria-label={t("transcript.edit_label")}
        // biome-ignore lint/a11y/noAutofocus: the user asked to edit just this
        autoFocus
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onDone()}
        className="caption w-full rounded-2xl border border-line bg-card px-4 py-2.5"
      />
      <div className="flex justify-end gap-2 text-sm">
        <button type="button" className="rounded-full px-3 py-1.5 text-soft" onClick={onDone}>
          {t("transcript.cancel")}
        </button>
        <button type="submit" className="rounded-full bg-voice px-4 py-1.5 font-medium text-voice-ink">
          {t("transcript.resend")}
        </button>
      </div>
    </form>
  );
}

function Answer({ turn }: { turn: Turn }) {
  const { t } = useTranslation();
  const playedMs = useConversation((state) => (state.playing?.item === turn.id ? state.playing.ms : null));
  const passages = useConversation((state) => state.passages);
  const spans = pieces(turn, playedMs);
  const sources = sourcesOf(turn, passages);
  const nearest = nearestTo(turn, passages);
  const numbered = (ids: string[]) => {
    const places = ids
      .map((id) => passages[id])
      .map((cited) => sources.findIndex((source) => samePlace(source, cited)));
    return [...new Set(places)]
      .filter((at) => at >= 0)
      .map((at) => ({ number: at + 1, passage: sources[at] as SourcePlace }));
  };
  return (
    <div className="group space-y-2">
      <span className="sr-only">{t("transcript.assistant")}: </span>
      <p className="caption" dir="auto" data-provisional={turn.provisional || undefined}>
        {spans.map((piece) => (
          <span
            key={piece.start}
            className={piece.lit ? "rounded bg-voice-soft transition-colors" : undefined}
            data-lit={piece.lit || undefined}
          >
            {piece.text}
            {numbered(piece.sources).map(({ number, passage }) => (
              <Mark key={number} number={number} passage={passage} lit={piece.lit} />
            ))}
          </span>
        ))}
        {turn.cutAtMs !== null && <span className="ms-1 text-sm text-soft">— {t("transcript.cut")}</span>}
      </p>
      {turn.failed && (
        <p className="text-sm text-warn">{t("transcript.failed", { why: explain(turn.failed) })}</p>
      )}
      {sources.length > 0 && (
        <ol
          aria-label={t("transcript.sources")}
          className="space-y-0.5 border-s-2 border-voice-soft ps-2 text-sm text-soft"
        >
          {sources.map((passage, at) => (
            <SourceLine key={passage.id} number={at + 1} passage={passage} />
          ))}
        </ol>
      )}
      {nearest.length > 0 && <Nearest passages={nearest} />}
      {!turn.provisional && <CopyButton text={turn.text} />}
    </div>
  );
}

/** Where to look on when an answer says that something isn't there. */
function Nearest({ passages }: { passages: PassageShown[] }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section aria-labelledby={id} className="space-y-2 pt-1">
      <h2 id={id} className="text-sm font-medium text-soft">
        {t("transcript.nearest")}
      </h2>
      <ul className="space-y-2">
        {passages.map((passage) => (
          <li key={passage.id}>
            <PassageCard passage={passage} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A number in the text; its name stands below the answer. */
function Mark({ number, passage, lit }: { number: number; passage: SourcePlace; lit: boolean }) {
  const place = usePlaceName()(passage);
  return (
    <button
      type="button"
      onClick={() => openSource(passage)}
      aria-label={place}
      title={place}
      className={`ms-1 inline-grid min-w-5 place-items-center rounded-full px-1.5 align-text-top text-xs leading-5 font-semibold tabular-nums ${
        lit ? "bg-voice text-voice-ink" : "bg-voice-soft text-voice hover:bg-voice hover:text-voice-ink"
      }`}
    >
      {number}
    </button>
  );
}

function SourceLine({ number, passage }: { number: number; passage: SourcePlace }) {
  const place = usePlaceName()(passage);
  return (
    <li className="flex gap-2">
      <span className="w-4 shrink-0 text-end tabular-nums" aria-hidden="true">
        {number}
      </span>
      <button
        type="button"
        onClick={() => openSource(passage)}
        className="min-w-0 truncate hover:text-voice hover:underline"
      >
        {place}
      </button>
    </li>
  );
}

function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <IconButton label={copied ? t("transcript.copied") : t("transcript.copy")} onClick={copy}>
      {copied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
    </IconButton>
  );
}

function IconButton({ label, ...rest }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="grid size-8 place-items-center rounded-full text-soft hover:bg-sunken hover:text-ink"
      {...rest}
    />
  );
}
