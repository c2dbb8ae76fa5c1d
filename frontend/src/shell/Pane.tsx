/** The frame of every screen but the conversation. */
import type { ComponentProps, InputHTMLAttributes, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/http";
import { explain } from "../i18n/problem";

export function Pane({
  title,
  before,
  actions,
  children,
}: {
  title: string;
  /** Stands above the title. */
  before?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="mx-auto w-full max-w-3xl space-y-6 px-5 py-6 md:py-10">
      {before}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-2xl font-semibold tracking-tight text-balance" dir="auto">
          {title}
        </h2>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

export function Notice({ stale, error }: { stale: boolean; error: ApiError | null }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="empty:m-0!">
      {error ? (
        <p className="rounded-xl bg-warn-soft px-4 py-3 text-sm text-warn">{explain(error)}</p>
      ) : (
        stale && <p className="rounded-xl bg-sunken px-4 py-3 text-sm text-soft">{t("offline.stale")}</p>
      )}
    </div>
  );
}

type ButtonProps = ComponentProps<"button"> & { kind?: "quiet" | "plain" | "voice" };

const LOOKS = {
  quiet: "text-soft hover:bg-sunken hover:text-ink",
  plain: "border border-line bg-card hover:border-voice",
  voice: "bg-voice text-voice-ink font-medium",
};

export function Button({ kind = "plain", className = "", ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`inline-flex min-h-9 items-center justify-center gap-2 rounded-full px-4 py-1.5 text-sm disabled:opacity-40 ${LOOKS[kind]} ${className}`}
      {...rest}
    />
  );
}

export function SmallButton({ label, children, ...rest }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="grid size-9 shrink-0 place-items-center rounded-full text-soft hover:bg-sunken hover:text-ink aria-pressed:text-voice"
      {...rest}
    >
      {children}
    </button>
  );
}

export function SearchBox({ label, ...rest }: InputHTMLAttributes<HTMLInputElement> & { label: string }) {
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      className="min-h-11 w-full rounded-full border border-line bg-card px-4 placeholder:text-soft"
      {...rest}
    />
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return (
    <p className="rounded-2xl border border-dashed border-line px-6 py-10 text-center text-soft">
      {children}
    </p>
  );
}
