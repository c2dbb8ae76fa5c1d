/** Links to screens, and the row of them above the screens that belong together. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "../state/account";
import { ADMINISTRATION, pathOf, type Screen, show, useView } from "../state/view";

interface Props {
  screen: Screen;
  className: string;
  children: ReactNode;
  onFollow?: () => void;
}

export function ScreenLink({ screen, className, children, onFollow }: Props) {
  const current = useView((view) => view.screen === screen);
  return (
    <a
      href={pathOf(screen)}
      aria-current={current ? "page" : undefined}
      className={className}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a tab of its own
        event.preventDefault();
        show(screen);
        onFollow?.();
      }}
    >
      {children}
    </a>
  );
}

/** What there is to administer: users only where people sign in by name. */
export function useAdministration(): readonly Screen[] {
  const named = useAccount(({ session }) => session?.mode !== "keys");
  return named ? ADMINISTRATION : ADMINISTRATION.filter((screen) => screen !== "users");
}

export function ScreenRow({ label, screens }: { label: string; screens: readonly Screen[] }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-x-1 gap-y-2 border-b border-line pb-3">
        {screens.map((screen) => (
          <li key={screen}>
            <ScreenLink
              screen={screen}
              className="inline-flex min-h-9 items-center rounded-full px-4 text-sm text-soft hover:bg-sunken hover:text-ink aria-[current]:bg-voice-soft aria-[current]:font-medium aria-[current]:text-voice"
            >
              {t(`nav.${screen}`)}
            </ScreenLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
