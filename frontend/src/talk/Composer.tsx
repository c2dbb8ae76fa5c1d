/** Typing instead of talking, in the same conversation. */
import { ArrowUp } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../state/talk";

export const LONGEST = 4_000;

export function Composer() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    const said = text.trim();
    if (!said) return;
    setText("");
    // What couldn't be sent is still there to be sent again.
    ask(said).catch(() => setText((newer) => newer || said));
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={send} className="mx-auto flex w-full max-w-prose items-end gap-2 px-4">
      <textarea
        id="composer"
        dir={text ? "auto" : undefined}
        aria-label={t("composer.label")}
        placeholder={t("composer.placeholder")}
        rows={1}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={key}
        className="field-sizing-content max-h-40 min-h-11 grow resize-none rounded-3xl border border-line bg-card px-4 py-2.5 placeholder:text-soft"
      />
      <button
        type="submit"
        disabled={!text.trim()}
        aria-label={t("composer.send")}
        className="grid size-11 shrink-0 place-items-center rounded-full bg-ink text-paper disabled:opacity-40"
      >
        <ArrowUp size={20} aria-hidden="true" />
      </button>
    </form>
  );
}
