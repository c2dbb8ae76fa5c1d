/** What the user may choose. */
import { lazy, type ReactNode, Suspense, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStatus } from "../api/status";
import { listDevices } from "../audio/devices";
import { LANGUAGES } from "../i18n";
import { spokenLanguages } from "../i18n/languages";
import { Pane } from "../shell/Pane";
import { type Settings, useSettings } from "../state/settings";
import { assistant, complain } from "../state/talk";
import { grouped } from "./voices";

const Inspector = lazy(() => import("../inspector/Inspector"));

export default function Preferences() {
  const { t, i18n } = useTranslation();
  const { settings, change } = useSettings();
  const status = useStatus();
  const [devices, setDevices] = useState<Awaited<ReturnType<typeof listDevices>>>({
    microphones: [],
    speakers: [],
  });

  useEffect(() => {
    const look = () => void listDevices().then(setDevices, () => {});
    look();
    navigator.mediaDevices?.addEventListener("devicechange", look);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", look);
  }, []);

  /** A change that the server has to know of. */
  const tell = (some: Partial<Settings>) => {
    change(some);
    assistant.reconfigure();
  };
  const pick = (some: Partial<Settings>) => {
    change(some);
    assistant.changeDevices().catch(() => complain("microphone_failed"));
  };

  return (
    <Pane title={t("nav.settings")}>
      <Group title={t("settings.voice")}>
        <Choice
          label={t("settings.voice")}
          value={settings.voice}
          onChange={(voice) => tell({ voice })}
          options={[["", t("settings.usual")]]}
          groups={grouped(
            status?.voices ?? [],
            settings.language || (status?.languages[0] ?? ""),
            i18n.language,
          ).map(({ language, voices }) => ({
            label: language ?? t("settings.voices_named"),
            options: voices.map(({ id, name }) => [id, name]),
          }))}
        />
        <Slider
          label={t("settings.speed")}
          value={settings.speed}
          min={0.5}
          max={1.5}
          step={0.05}
          onChange={(speed) => tell({ speed })}
        />
        <Choice
          label={t("settings.language")}
          value={settings.language}
          onChange={(language) => tell({ language })}
          options={[["", t("settings.language_automatic")], ...Object.entries(LANGUAGES)]}
        />
        {status && status.personas.length > 0 && (
          <Choice
            label={t("settings.persona")}
            value={settings.persona}
            onChange={(persona) => tell({ persona })}
            options={[
              ["", t("settings.usual")],
              ...status.personas.map((persona): [string, string] => [persona.id, persona.title]),
            ]}
          />
        )}
      </Group>
      <Group title={t("interpreter.title")}>
        <p className="text-sm text-soft">
          {t(status?.interprets === false ? "interpreter.no_model" : "interpreter.what")}
        </p>
        {status?.interprets !== false && (
          <>
            <Choice
              label={t("interpreter.first")}
              value={settings.interpretFirst}
              onChange={(interpretFirst) => tell({ interpretFirst })}
              options={[["", t("interpreter.off")], ...spokenLanguages(i18n.language)]}
            />
            <Choice
              label={t("interpreter.second")}
              value={settings.interpretSecond}
              onChange={(interpretSecond) => tell({ interpretSecond })}
              options={[["", t("interpreter.off")], ...spokenLanguages(i18n.language)]}
            />
          </>
        )}
      </Group>
      <Group title={t("settings.turns")}>
        <Choice
          label={t("settings.turn_taking")}
          value={settings.turnTaking}
          onChange={(turnTaking) => tell({ turnTaking: turnTaking as Settings["turnTaking"] })}
          options={[
            ["semantic", t("settings.semantic")],
            ["silence", t("settings.silence")],
            ["push", t("settings.push")],
          ]}
        />
        {settings.turnTaking === "semantic" && (
          <Choice
            label={t("settings.eagerness")}
            value={settings.eagerness}
            onChange={(eagerness) => tell({ eagerness: eagerness as Settings["eagerness"] })}
            options={[
              ["low", t("settings.patient")],
              ["auto", t("settings.balanced")],
              ["high", t("settings.quick")],
            ]}
          />
        )}
        <Choice
          label={t("settings.microphone")}
          value={settings.microphone ?? ""}
          onChange={(microphone) => pick({ microphone: microphone || null })}
          options={named(devices.microphones, t("settings.default_device"))}
        />
        <Choice
          label={t("settings.speaker")}
          value={settings.speaker ?? ""}
          onChange={(speaker) => pick({ speaker: speaker || null })}
          options={named(devices.speakers, t("settings.default_device"))}
        />
      </Group>
      <Group title={t("settings.appearance")}>
        <Choice
          label={t("settings.interface")}
          value={settings.interface}
          onChange={(language) => change({ interface: language })}
          options={[["", t("settings.system")], ...Object.entries(LANGUAGES)]}
        />
        <Choice
          label={t("settings.theme")}
          value={settings.theme}
          onChange={(theme) => change({ theme: theme as Settings["theme"] })}
          options={(["system", "light", "dark", "contrast"] as const).map((theme) => [
            theme,
            t(`settings.${theme}`),
          ])}
        />
        <Choice
          label={t("settings.captions")}
          value={settings.captions}
          onChange={(captions) => change({ captions: captions as Settings["captions"] })}
          options={(["small", "medium", "large"] as const).map((size) => [size, t(`settings.${size}`)])}
        />
        <Choice
          label={t("settings.motion")}
          value={settings.motion}
          onChange={(motion) => change({ motion: motion as Settings["motion"] })}
          options={[
            ["system", t("settings.system")],
            ["reduced", t("settings.reduced")],
          ]}
        />
      </Group>
      <Group title={t("settings.server")}>
        {status && (
          <dl className="space-y-3 text-sm">
            {status.engines.map((engine) => (
              <div key={engine.part}>
                <dt className="font-medium">
                  {engine.part}: {engine.name}
                </dt>
                <dd className="text-soft">{engine.why}</dd>
                {status.problems[engine.part] && (
                  <dd className="text-warn">{status.problems[engine.part]}</dd>
                )}
                {engine.better && <dd className="text-soft">{engine.better}</dd>}
              </div>
            ))}
          </dl>
        )}
      </Group>
      <details className="rounded-2xl border border-line bg-card">
        <summary className="cursor-pointer px-4 py-3 font-medium">{t("inspector.title")}</summary>
        <Suspense fallback={null}>
          <Inspector />
        </Suspense>
      </details>
    </Pane>
  );
}

function named(devices: MediaDeviceInfo[], usual: string): [string, string][] {
  return [
    ["", usual],
    ...devices.map((device, at): [string, string] => [device.deviceId, device.label || `${at + 1}`]),
  ];
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="space-y-4 rounded-2xl border border-line bg-card p-5">
      <h3 className="font-medium">{title}</h3>
      {children}
    </section>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: [string, string][];
  /** More options, under headings. */
  groups?: { label: string; options: [string, string][] }[];
  onChange: (value: string) => void;
}

/** A setting: its name, and what it's set with, in one line where there is room. */
const LINE = "grid gap-1 sm:grid-cols-[1fr_18rem] sm:items-center sm:gap-4";

function Choice({ label, value, options, groups = [], onChange }: ChoiceProps) {
  const id = useId();
  const listed = (some: [string, string][]) =>
    some.map(([name, shown]) => (
      <option key={name} value={name}>
        {shown}
      </option>
    ));
  return (
    <div className={LINE}>
      <label htmlFor={id} className="text-sm">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-h-10 w-full min-w-0 rounded-xl border border-line bg-paper px-3 py-1.5 text-sm"
      >
        {listed(options)}
        {groups.map((group) => (
          <optgroup key={group.label} label={group.label}>
            {listed(group.options)}
          </optgroup>
        ))}
      </select>
    </div>
  );
}

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
}

function Slider({ label, value, onChange, ...range }: SliderProps) {
  const { i18n } = useTranslation();
  const id = useId();
  const shown = value.toLocaleString(i18n.language, { minimumFractionDigits: 2 });
  return (
    <div className={LINE}>
      <label htmlFor={id} className="text-sm">
        {label}
      </label>
      <span className="flex min-h-10 items-center gap-3">
        <input
          id={id}
          type="range"
          {...range}
          value={value}
          aria-valuetext={shown}
          onChange={(event) => onChange(Number(event.target.value))}
          className="min-w-0 grow accent-voice"
        />
        <span className="w-12 text-end text-sm text-soft tabular-nums">{shown}</span>
      </span>
    </div>
  );
}
