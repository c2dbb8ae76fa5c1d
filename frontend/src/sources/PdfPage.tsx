/** A page of a PDF with the passage marked. Fetched only when the first PDF is opened. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy, type PDFPageProxy, Util } from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentInfo } from "../api/types";
import { SmallButton } from "../shell/Pane";
import { matchingPieces } from "./match";

GlobalWorkerOptions.workerSrc = worker;

interface Props {
  document: DocumentInfo;
  start: number;
  passage: string;
  /** The file can't be shown: gone, changed, or the server can't be reached. */
  onFail: () => void;
}

export default function PdfPage({ document, start, passage, onFail }: Props) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null);
  const [number, setNumber] = useState(start);
  const [text, setText] = useState("");

  useEffect(() => {
    const task = getDocument({
      url: `/api/documents/${document.id}/content`,
      isEvalSupported: false,
    });
    let current = true;
    task.promise.then(setPdf, () => current && onFail());
    return () => {
      current = false;
      void task.destroy();
    };
  }, [document.id, onFail]);

  useEffect(() => {
    if (!pdf || !canvas.current) return;
    const target = canvas.current;
    let current = true;
    let stop = () => {};
    const show = async () => {
      const page = await pdf.getPage(Math.min(number, pdf.numPages));
      if (!current) return;
      const drawing = draw(page, target, number === start ? passage : "");
      stop = drawing.cancel;
      const shown = await drawing.text;
      if (current) setText(shown);
    };
    // The page of a closed document, and a drawing that another page replaced, fail too: that isn't shown to the user.
    show().catch(() => current && onFail());
    return () => {
      current = false;
      stop();
    };
  }, [pdf, number, passage, start, onFail]);

  return (
    <div className="space-y-3 p-4">
      <div className="flex items-center justify-center gap-2 text-sm text-soft">
        <SmallButton
          label={t("source.previous")}
          disabled={number <= 1}
          onClick={() => setNumber(number - 1)}
        >
          <ChevronLeft size={18} aria-hidden="true" className="rtl:rotate-180" />
        </SmallButton>
        <span className="tabular-nums" aria-live="polite">
          {t("source.of", { page: number, pages: pdf?.numPages ?? "…" })}
        </span>
        <SmallButton
          label={t("source.next")}
          disabled={!pdf || number >= pdf.numPages}
          onClick={() => setNumber(number + 1)}
        >
          <ChevronRight size={18} aria-hidden="true" className="rtl:rotate-180" />
        </SmallButton>
      </div>
      {/* A canvas writes in the direction that it stands in; a PDF places its letters itself. */}
      <canvas
        ref={canvas}
        dir="ltr"
        data-page={number}
        className="w-full rounded border border-line bg-white"
      />
      <p className="sr-only">{text}</p>
    </div>
  );
}

function draw(
  page: PDFPageProxy,
  canvas: HTMLCanvasElement,
  passage: string,
): { cancel: () => void; text: Promise<string> } {
  const width = canvas.clientWidth || 640;
  const viewport = page.getViewport({
    scale: (width / page.getViewport({ scale: 1 }).width) * devicePixelRatio,
  });
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  const rendering = page.render({ canvas, viewport });
  const text = (async () => {
    const [content] = await Promise.all([page.getTextContent(), rendering.promise]);
    const items = content.items.filter((item) => "str" in item);
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.globalCompositeOperation = "multiply";
    context.fillStyle = "#b7e4dd";
    for (const at of matchingPieces(
      items.map((item) => item.str),
      passage,
    )) {
      const item = items[at] as (typeof items)[number];
      const [a, b, , , x, y] = Util.transform(viewport.transform, item.transform) as number[] as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const height = Math.hypot(a, b);
      context.fillRect(x, y - height, item.width * viewport.scale, height * 1.25);
    }
    return items.map((item) => item.str).join(" ");
  })();
  return { cancel: () => rendering.cancel(), text };
}
