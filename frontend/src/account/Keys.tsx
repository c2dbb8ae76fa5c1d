/** The keys that programs of the user use: made, shown once, and removed. */
import { Plus, Trash2 } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import { useLoaded } from "../api/loaded";
import type { KeyInfo, KeyList, NewKey } from "../api/types";
import { explain } from "../i18n/problem";
import { Card, CopyBox, Field, Pick, Problem, Tick } from "../shell/Form";
import { focusScreen, useFocusBack } from "../shell/focus";
import { Button, Empty, Notice, Pane, SmallButton } from "../shell/Pane";
import { ScreenRow } from "../shell/ScreenLink";
import { day, inDays, moment } from "../shell/when";
import { useAccount } from "../state/account";
import { tell } from "../state/notice";
import { ACCOUNT } from "../state/view";

const SCOPES = ["realtime", "read", "write", "admin"] as const;
type Scope = (typeof SCOPES)[number];
const USUAL: Scope[] = ["realtime", "read", "write"];

export default function Keys() {
  const { t } = useTranslation();
  const { answer, error, reload } = useLoaded<KeyList>("/account/keys");
  const [making, setMaking] = useState(false);
  const [fresh, setFresh] = useState<NewKey | null>(null);
  const opener = useFocusBack(making || fresh !== null);
  const made = (key: NewKey) => {
    setMaking(false);
    setFresh(key);
    void reload();
  };
  const remove = async (key: KeyInfo) => {
    if (!confirm(t("keys.confirm", { name: key.name }))) return;
    try {
      await request("DELETE", `/account/keys/${key.id}`);
      if (fresh?.id === key.id) setFresh(null);
      focusScreen();
      tell(t("keys.removed", { name: key.name }));
      await reload();
    } catch (failure) {
      tell(explain(failure));
    }
  };
  return (
    <Pane
      title={t("nav.keys")}
      before={<ScreenRow label={t("nav.account")} screens={ACCOUNT} />}
      actions={
        <Button ref={opener} kind="voice" aria-expanded={making} onClick={() => setMaking(!making)}>
          <Plus size={16} aria-hidden="true" /> {t("keys.make")}
        </Button>
      }
    >
      <p className="text-sm text-soft">{t("keys.what")}</p>
      {making && <Maker onMade={made} onCancel={() => setMaking(false)} />}
      {fresh && <Fresh key={fresh.id} made={fresh} onDone={() => setFresh(null)} />}
      <Notice stale={false} error={error} />
      {answer?.keys.length === 0 && <Empty>{t("keys.none")}</Empty>}
      <ul aria-label={t("nav.keys")} className="divide-y divide-line">
        {answer?.keys.map((key) => (
          <Entry key={key.id} info={key} onRemove={() => void remove(key)} />
        ))}
      </ul>
    </Pane>
  );
}

function Maker({ onMade, onCancel }: { onMade: (key: NewKey) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const administrator = useAccount(({ session }) => session?.user?.role === "administrator");
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(USUAL);
  const [days, setDays] = useState("90");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const asked = { name: name.trim(), scopes, expires_at: inDays(days) };
      onMade((await (await request("POST", "/account/keys", asked)).json()) as NewKey);
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  return (
    <Card title={t("keys.make")}>
      <form
        className="space-y-4"
        onSubmit={(event) => void submit(event)}
        onKeyDown={(event) => event.key === "Escape" && onCancel()}
      >
        <Field
          label={t("keys.name")}
          hint={t("keys.name_hint")}
          autoFocus
          required
          maxLength={100}
          dir="auto"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className="space-y-3">
          <legend className="text-sm">{t("keys.scopes")}</legend>
          {SCOPES.filter((scope) => scope !== "admin" || administrator).map((scope) => (
            <Tick
              key={scope}
              label={t(`keys.scope.${scope}`)}
              checked={scopes.includes(scope)}
              onChange={({ target }) =>
                setScopes(SCOPES.filter((one) => (one === scope ? target.checked : scopes.includes(one))))
              }
            />
          ))}
        </fieldset>
        <Pick
          label={t("keys.expires")}
          value={days}
          onChange={(event) => setDays(event.target.value)}
          options={[
            ...["30", "90", "365"].map((count) => [count, t("keys.days", { count: Number(count) })] as const),
            ["", t("keys.never")],
          ]}
        />
        <Problem text={problem} />
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onCancel}>
            {t("transcript.cancel")}
          </Button>
          <Button kind="voice" type="submit" disabled={!name.trim() || scopes.length === 0}>
            {t("keys.make")}
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** A key that was just made: this is the only time that it's shown. */
function Fresh({ made, onDone }: { made: NewKey; onDone: () => void }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLElement>(null);
  useEffect(() => frame.current?.focus(), []);
  return (
    <section
      ref={frame}
      tabIndex={-1}
      aria-label={t("keys.fresh", { name: made.name })}
      className="space-y-3 rounded-2xl border border-voice bg-voice-soft p-5"
    >
      <p className="font-medium" dir="auto">
        {t("keys.fresh", { name: made.name })}
      </p>
      <p className="text-sm">{t("keys.once")}</p>
      <CopyBox label={t("keys.key")} text={made.key} />
      <CopyBox label={t("keys.address")} text={`${location.origin}/v1`} />
      <div className="flex justify-end">
        <Button onClick={onDone}>{t("keys.done")}</Button>
      </div>
    </section>
  );
}

function Entry({ info, onRemove }: { info: KeyInfo; onRemove: () => void }) {
  const { t, i18n } = useTranslation();
  const over = info.expires_at !== null && new Date(info.expires_at).getTime() <= Date.now();
  return (
    <li className="flex items-center gap-2 py-3">
      <div className="min-w-0 grow text-sm">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="min-w-0 truncate font-medium" dir="auto">
            {info.name}
          </span>
          <code className="text-soft" dir="ltr">
            {info.hint}
          </code>
        </p>
        <p className="text-soft">{info.scopes.map((scope) => t(`keys.scope.${scope}`)).join(" · ")}</p>
        <p className="text-soft">
          {t("keys.created", { when: day(info.created_at, i18n.language) })} ·{" "}
          <span className={over ? "text-warn" : ""}>
            {info.expires_at
              ? t(over ? "keys.expired" : "keys.ends", { when: day(info.expires_at, i18n.language) })
              : t("keys.never_ends")}
          </span>{" "}
          ·{" "}
          {info.used_at
            ? t("keys.used", { when: moment(info.used_at, i18n.language) })
            : t("keys.never_used")}
        </p>
      </div>
      <SmallButton label={t("keys.remove", { name: info.name })} onClick={onRemove}>
        <Trash2 size={16} aria-hidden="true" />
      </SmallButton>
    </li>
  );
}
