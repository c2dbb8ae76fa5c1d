/** The frame: where to go, and the screen that is shown. */
import { FileText, MessageCircle, NotebookPen, Rows3, Settings2 } from "lucide-react";
import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { ScreenLink } from "./shell/ScreenLink";
import { Undo } from "./shell/Undo";
import { UpdatePrompt } from "./shell/UpdatePrompt";
import { isSignedIn, useAccount, wantsSignIn } from "./state/account";
import { SCREENS, useView } from "./state/view";
import { Talk } from "./talk/Talk";

const Documents = lazy(() => import("./documents/Documents"));
const Notes = lazy(() => import("./notes/Notes"));
const Conversations = lazy(() => import("./conversations/Conversations"));
const Preferences = lazy(() => import("./settings/Preferences"));
const SourcePane = lazy(() => import("./sources/SourcePane"));
const SignIn = lazy(() => import("./account/SignIn"));
const AccountMenu = lazy(() => import("./account/AccountMenu"));
const Account = lazy(() => import("./account/Account"));
const Keys = lazy(() => import("./account/Keys"));
const Sessions = lazy(() => import("./account/Sessions"));
const Users = lazy(() => import("./administration/Users"));
const Collections = lazy(() => import("./documents/Collections"));
const Audit = lazy(() => import("./administration/Audit"));

const ICONS: Record<(typeof SCREENS)[number], typeof FileText> = {
  talk: MessageCircle,
  documents: FileText,
  notes: NotebookPen,
  conversations: Rows3,
  settings: Settings2,
};

export function App() {
  const left = useAccount((account) => account.left);
  const signIn = useAccount(wantsSignIn);
  if (left) return null;
  return signIn ? (
    <Suspense fallback={null}>
      <SignIn />
    </Suspense>
  ) : (
    <Frame />
  );
}

function Frame() {
  const { t } = useTranslation();
  const { screen, source } = useView();
  useEffect(() => {
    document.title = screen === "talk" ? t("app.name") : `${t(`nav.${screen}`)} · ${t("app.name")}`;
  }, [screen, t]);
  const narrow = useNarrow();
  const covered = narrow && source !== null;
  const menu = useAccount(isSignedIn) && (
    <Suspense fallback={null}>
      <AccountMenu above={narrow} inert={covered} />
    </Suspense>
  );
  return (
    <div className="flex h-full flex-col md:flex-row">
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:bg-card focus:p-3">
        {t("nav.skip")}
      </a>
      {narrow && menu}
      <header
        inert={covered}
        className="order-last shrink-0 border-t border-line bg-card md:order-first md:flex md:w-52 md:flex-col md:border-e md:border-t-0"
      >
        <p className="hidden px-5 pt-6 pb-4 text-xl font-semibold tracking-tight md:block">{t("app.name")}</p>
        <nav aria-label={t("nav.main")}>
          <ul className="flex justify-around md:flex-col md:gap-1 md:px-3">
            {SCREENS.map((name) => (
              <Tab key={name} name={name} current={screen === name} />
            ))}
          </ul>
        </nav>
        {!narrow && menu}
      </header>
      <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 grow">
        <h1 className="sr-only">{t(`nav.${screen}`)}</h1>
        <div inert={covered} className="relative min-h-0 min-w-0 grow overflow-y-auto">
          <Suspense fallback={null}>
            {/* The conversation goes on while another screen is shown. */}
            <div className={screen === "talk" ? "h-full" : "hidden"}>
              <Talk />
            </div>
            {screen === "documents" && <Documents />}
            {screen === "notes" && <Notes />}
            {screen === "conversations" && <Conversations />}
            {screen === "settings" && <Preferences />}
            {screen === "account" && <Account />}
            {screen === "keys" && <Keys />}
            {screen === "sessions" && <Sessions />}
            {screen === "users" && <Users />}
            {screen === "collections" && <Collections />}
            {screen === "audit" && <Audit />}
          </Suspense>
        </div>
        <Suspense fallback={null}>
          {source && <SourcePane key={`${source.source_id} ${source.id}`} place={source} />}
        </Suspense>
      </main>
      <Undo />
      <UpdatePrompt />
    </div>
  );
}

const narrow = matchMedia("(width < 48rem)");

/** Whether a source covers the whole screen instead of standing beside it. */
function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      narrow.addEventListener("change", changed);
      return () => narrow.removeEventListener("change", changed);
    },
    () => narrow.matches,
  );
}

function Tab({ name, current }: { name: (typeof SCREENS)[number]; current: boolean }) {
  const { t } = useTranslation();
  const Icon = ICONS[name];
  return (
    <li className="min-w-0 grow md:grow-0">
      <ScreenLink
        screen={name}
        className={`flex flex-col items-center gap-1 rounded-lg px-0.5 py-2.5 text-[0.6875rem] md:flex-row md:gap-3 md:px-3 md:text-sm ${
          current ? "font-semibold text-voice md:bg-voice-soft" : "text-soft hover:text-ink"
        }`}
      >
        <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
        <span className="max-w-full truncate">{t(`nav.${name}`)}</span>
      </ScreenLink>
    </li>
  );
}
