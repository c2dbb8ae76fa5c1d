/** Everything of the user's as one file to keep, and back from it. */
import { Download, FileUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, get } from "../api/http";
import type { ImportOutcome, ImportProgress } from "../api/types";
import { explain } from "../i18n/problem";
import { Card, Problem } from "../shell/Form";
import { Button } from "../shell/Pane";
import { save } from "../shell/save";
import { megabytes } from "../shell/when";
import { download, importFile, type Progress } from "./transfer";

type Work = "export" | "import";

const LOOK_MS = 1_000;

export function Takeout() {
  const { t, i18n } = useTranslation();
  const [work, setWork] = useState<Work | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<string | null>(null);
  const [failures, setFailures] = useState<string[]>([]);
  const picker = useRef<HTMLInputElement>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const run = async (kind: Work, task: (signal: AbortSignal) => Promise<string>) => {
    const controller = new AbortController();
    abort.current = controller;
    setWork(kind);
    setProblem(null);
    setOutcome(null);
    setFailures([]);
    setProgress(null);
    try {
      setOutcome(await task(controller.signal));
    } catch (failure) {
      if (controller.signal.aborted) return;
      setProblem(failure instanceof ApiError ? explain(failure) : String(failure));
    } finally {
      setWork(null);
    }
  };
  const exportAll = () =>
    run("export", async (signal) => {
      const { name, file } = await download(setProgress, signal);
      save(name, file, file.type);
      return t("takeout.exported", { size: megabytes(file.size, i18n.language) });
    });
  const importAll = (file: File) =>
    run("import", async (signal) => {
      const counts = await importFile<ImportOutcome>(file, setProgress, signal);
      setFailures(counts.problems);
      return t("takeout.imported", { ...counts });
    });

  const sent = work === "import" && progress !== null && progress.bytes === progress.total;
  const taken = useTaken(sent);
  const share = taken
    ? taken.done / taken.total
    : progress?.total && !sent
      ? progress.bytes / progress.total
      : undefined;
  return (
    <Card title={t("takeout.title")}>
      <p className="text-sm text-soft">{t("takeout.what")}</p>
      <div className="flex flex-wrap gap-2">
        <Button disabled={work !== null} onClick={() => void exportAll()}>
          <Download size={16} aria-hidden="true" /> {t("takeout.export")}
        </Button>
        <Button disabled={work !== null} onClick={() => picker.current?.click()}>
          <FileUp size={16} aria-hidden="true" /> {t("takeout.import")}
        </Button>
        <input
          ref={picker}
          type="file"
          accept=".zip,application/zip"
          hidden
          aria-label={t("takeout.import")}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = "";
            if (file) void importAll(file);
          }}
        />
        {work && (
          <Button kind="quiet" onClick={() => abort.current?.abort()}>
            {t("transcript.cancel")}
          </Button>
        )}
      </div>
      {work && (
        <div className="space-y-1">
          <progress
            aria-label={t(`takeout.${work}`)}
            className="h-1.5 w-full overflow-hidden rounded-full accent-voice"
            max={1}
            value={share}
          />
          <p className="text-sm text-soft tabular-nums">
            {sent
              ? taken
                ? t("takeout.taken", { done: taken.done, total: taken.total })
                : t("takeout.reading")
              : progress && t("takeout.so_far", { size: megabytes(progress.bytes, i18n.language) })}
          </p>
        </div>
      )}
      <p role="status" className="text-sm empty:hidden">
        {outcome}
      </p>
      {failures.length > 0 && (
        <ul className="space-y-1 text-sm text-warn">
          {failures.map((failure) => (
            <li key={failure} dir="auto">
              {failure}
            </li>
          ))}
        </ul>
      )}
      <Problem text={problem} />
    </Card>
  );
}

/** How far the server is with what was sent; null while it doesn't say. */
function useTaken(sent: boolean): ImportProgress | null {
  const [taken, setTaken] = useState<ImportProgress | null>(null);
  useEffect(() => {
    if (!sent) return;
    const look = () =>
      get<ImportProgress>("/account/import").then(
        (progress) => setTaken(progress.running && progress.total > 0 ? progress : null),
        () => {},
      );
    const timer = setInterval(look, LOOK_MS);
    return () => {
      clearInterval(timer);
      setTaken(null);
    };
  }, [sent]);
  return taken;
}
