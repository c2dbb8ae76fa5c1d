/** Add a web page by its address. What speaks against it stands beside the address. */
import { LoaderCircle } from "lucide-react";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../i18n/problem";
import { Button } from "../shell/Pane";
import { tell } from "../state/notice";
import { addPage, pageAddress } from "./upload";

/** Characters that the server takes for an address. */
const LONGEST = 2_000;

export function NewPage({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const [fetching, setFetching] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const open = useRef(false);
  useEffect(() => {
    open.current = true;
    field.current?.focus();
    return () => {
      open.current = false;
    };
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim() || fetching) return;
    setFetching(true);
    setProblem(null);
    try {
      await addPage(pageAddress(text));
      if (open.current) onDone();
    } catch (error) {
      // The form may have been left meanwhile; why there is no page is told all the same.
      if (!open.current) return tell(explain(error));
      setProblem(explain(error));
      field.current?.focus();
    } finally {
      setFetching(false);
    }
  };
  return (
    <form
      noValidate
      aria-label={t("documents.page.add")}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === "Escape" && onDone()}
      className="space-y-2 rounded-2xl border border-line bg-card p-4"
    >
      <label htmlFor={id} className="block text-sm font-medium">
        {t("documents.page.address")}
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          ref={field}
          id={id}
          type="url"
          dir="ltr"
          autoComplete="url"
          placeholder="https://"
          maxLength={LONGEST}
          value={text}
          readOnly={fetching}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          onChange={(event) => setText(event.target.value)}
          className="min-h-11 min-w-0 grow basis-60 rounded-full border border-line bg-paper px-4 placeholder:text-soft aria-invalid:border-warn"
        />
        <Button kind="voice" type="submit" aria-busy={fetching} disabled={!text.trim()}>
          {fetching && <LoaderCircle size={16} className="animate-spin" aria-hidden="true" />}
          {t(fetching ? "documents.stage.fetching" : "documents.page.read")}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          {t("transcript.cancel")}
        </Button>
      </div>
      <p role="status" className="sr-only">
        {fetching && t("documents.stage.fetching")}
      </p>
      {problem !== null && (
        <p id={`${id}-problem`} role="alert" className="text-sm text-warn" dir="auto">
          {problem}
        </p>
      )}
    </form>
  );
}
