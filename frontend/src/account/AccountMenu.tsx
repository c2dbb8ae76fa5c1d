/** Who is signed in, where their own things are, and the way out. */
import { CircleUserRound, LogOut } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../i18n/problem";
import { ScreenLink, useAdministration } from "../shell/ScreenLink";
import { signOut, useAccount } from "../state/account";
import { tell } from "../state/notice";
import { ACCOUNT, type Screen } from "../state/view";

interface Props {
  /** A strip above the screen, as on a phone; else the menu stands below the navigation. */
  above: boolean;
  inert: boolean;
}

const ENTRY = "flex min-h-10 w-full items-center gap-3 rounded-lg px-3 text-start text-sm hover:bg-sunken";

export default function AccountMenu({ above, inert }: Props) {
  const { t } = useTranslation();
  const user = useAccount(({ session }) => session?.user ?? null);
  const behindProxy = useAccount(({ session }) => session?.mode === "proxy");
  const administration = useAdministration();
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!frame.current?.contains(event.target as Node)) setOpen(false);
    };
    const close = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener("pointerdown", outside);
    addEventListener("focusin", outside);
    addEventListener("keydown", close);
    return () => {
      removeEventListener("pointerdown", outside);
      removeEventListener("focusin", outside);
      removeEventListener("keydown", close);
    };
  }, [open]);

  const name = user?.name || user?.email || t("account.by_key");
  const leave = async () => {
    try {
      await signOut();
    } catch (error) {
      tell(explain(error));
    }
  };
  const links = (screens: readonly Screen[]) =>
    screens.map((screen) => (
      <li key={screen}>
        <ScreenLink
          screen={screen}
          className={`${ENTRY} aria-[current]:font-semibold aria-[current]:text-voice`}
          onFollow={() => setOpen(false)}
        >
          {t(`nav.${screen}`)}
        </ScreenLink>
      </li>
    ));
  return (
    <nav
      ref={frame}
      inert={inert}
      aria-label={t("account.menu")}
      className={
        above
          ? "relative z-20 flex shrink-0 items-center justify-between border-b border-line bg-card ps-4"
          : "relative mt-auto border-t border-line p-3"
      }
    >
      {above && <span className="font-semibold tracking-tight">{t("app.name")}</span>}
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className={`flex min-h-11 items-center gap-3 rounded-lg px-3 text-sm hover:bg-sunken ${
          above ? "max-w-[70%]" : "w-full"
        }`}
      >
        <CircleUserRound size={20} strokeWidth={1.75} className="shrink-0 text-soft" aria-hidden="true" />
        <bdi className="min-w-0 truncate">{name}</bdi>
      </button>
      {open && (
        <div
          className={`absolute z-20 w-64 max-w-[calc(100vw-1rem)] space-y-1 rounded-2xl border border-line bg-card p-2 shadow-lg ${
            above ? "end-2 top-full mt-1" : "start-3 bottom-full mb-1"
          }`}
        >
          <div className="border-b border-line px-3 pt-1 pb-2 text-sm">
            <p className="truncate font-medium">
              <bdi>{name}</bdi>
            </p>
            {user?.email && user.email !== name && (
              <p className="truncate text-soft">
                <bdi>{user.email}</bdi>
              </p>
            )}
            {user && <p className="text-soft">{t(`account.role.${user.role}`)}</p>}
          </div>
          <ul>{links(ACCOUNT)}</ul>
          {user?.role === "administrator" && (
            <ul aria-label={t("administration")} className="border-t border-line pt-1">
              {links(administration)}
            </ul>
          )}
          {!behindProxy && (
            <div className="border-t border-line pt-1">
              <button type="button" className={ENTRY} onClick={() => void leave()}>
                <LogOut size={16} className="rtl:rotate-180" aria-hidden="true" />
                {t("account.sign_out")}
              </button>
            </div>
          )}
        </div>
      )}
    </nav>
  );
}
