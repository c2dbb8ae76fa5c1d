/** Parts of forms: fields with their names, what to copy, and a dialog that wants a word typed. */
import { Check, Copy } from "lucide-react";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";

const INPUT =
  "min-h-10 min-w-0 rounded-xl border border-line bg-paper px-3 py-1.5 text-sm placeholder:text-soft";

type FieldProps = ComponentProps<"input"> & { label: string; hint?: string };

export function Field({ label, hint, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block text-sm">
        {label}
      </label>
      <input
        id={id}
        className={`${INPUT} w-full`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...rest}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </p>
      )}
    </div>
  );
}

type PickProps = ComponentProps<"select"> & {
  label: string;
  options: readonly (readonly [string, string])[];
};

export function Pick({ label, options, ...rest }: PickProps) {
  const id = useId();
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block text-sm">
        {label}
      </label>
      <select id={id} className={`${INPUT} w-full`} {...rest}>
        {options.map(([value, shown]) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Tick({ label, hint, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-5 shrink-0 accent-voice"
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...rest}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="block text-sm">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-soft">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

export function Card({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="space-y-4 rounded-2xl border border-line bg-card p-5">
      {title && <h3 className="font-medium">{title}</h3>}
      {children}
    </section>
  );
}

/** What went wrong with a form; null while nothing did. */
export function Problem({ text }: { text: string | null }) {
  return (
    text !== null && (
      <p role="alert" className="rounded-xl bg-warn-soft px-4 py-3 text-sm text-warn" dir="auto">
        {text}
      </p>
    )
  );
}

interface CopyBoxProps {
  label: string;
  text: string;
  autoFocus?: boolean;
}

/** Something that is shown once, to be copied. */
export function CopyBox({ label, text, autoFocus = false }: CopyBoxProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="flex flex-wrap items-stretch gap-2">
      <input
        readOnly
        // biome-ignore lint/a11y/noAutofocus: it takes the place of the form that had the focus
        autoFocus={autoFocus}
        aria-label={label}
        dir="ltr"
        value={text}
        onFocus={(event) => event.target.select()}
        className={`${INPUT} grow basis-60 font-mono`}
      />
      <button
        type="button"
        onClick={() => void copy()}
        className="inline-flex min-h-10 shrink-0 items-center gap-2 rounded-full border border-line bg-card px-4 text-sm hover:border-voice"
      >
        {copied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
        <span aria-live="polite">{t(copied ? "transcript.copied" : "transcript.copy")}</span>
      </button>
    </div>
  );
}
