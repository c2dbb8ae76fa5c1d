/** Buttons to sign in with, as Microsoft's and Google's rules for their brands want them; plain ones for others. */
import { LogIn } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Provider } from "../api/session";

/** The four squares: 21 px with a gap of 1 px, in the colours of the brand. */
function MicrosoftLogo() {
  return (
    <svg width="21" height="21" viewBox="0 0 21 21" aria-hidden="true" className="shrink-0">
      <path fill="#f25022" d="M0 0h10v10H0z" />
      <path fill="#7fba00" d="M11 0h10v10H11z" />
      <path fill="#00a4ef" d="M0 11h10v10H0z" />
      <path fill="#ffb900" d="M11 11h10v10H11z" />
    </svg>
  );
}

/** The letter in its standard colours, 20 px. */
function GoogleLogo() {
  return (
    <svg width="20" height="20" viewBox="0 0 48 48" aria-hidden="true" className="shrink-0">
      <path
        fill="#ea4335"
        d="M24 9.5c3.54 0 6.71 1.22 9.21 3.6l6.85-6.85C35.9 2.38 30.47 0 24 0 14.62 0 6.51 5.38 2.56 13.22l7.98 6.19C12.43 13.72 17.74 9.5 24 9.5z"
      />
      <path
        fill="#4285f4"
        d="M46.98 24.55c0-1.57-.15-3.09-.38-4.55H24v9.02h12.94c-.58 2.96-2.26 5.48-4.78 7.18l7.73 6c4.51-4.18 7.09-10.36 7.09-17.65z"
      />
      <path
        fill="#fbbc05"
        d="M10.53 28.59c-.48-1.45-.76-2.99-.76-4.59s.27-3.14.76-4.59l-7.98-6.19C.92 16.46 0 20.12 0 24c0 3.88.92 7.54 2.56 10.78l7.97-6.19z"
      />
      <path
        fill="#34a853"
        d="M24 48c6.48 0 11.93-2.13 15.89-5.81l-7.73-6c-2.15 1.45-4.92 2.3-8.16 2.3-6.26 0-11.57-4.22-13.47-9.91l-7.98 6.19C6.51 42.62 14.62 48 24 48z"
      />
    </svg>
  );
}

interface Brand {
  logo: ReactNode;
  /** Colours, edge, font and spaces that the brand prescribes for a light and for a dark page. */
  look: string;
  text: "sign_in.microsoft" | "sign_in.google";
}

const BRANDS: Record<string, Brand> = {
  entra: {
    logo: <MicrosoftLogo />,
    look: "min-h-[41px] gap-3 border border-[#8c8c8c] bg-white px-3 font-['Segoe_UI',Selawik,sans-serif] text-[15px] font-semibold text-[#5e5e5e] dark:border-[#2f2f2f] dark:bg-[#2f2f2f] dark:text-white",
    text: "sign_in.microsoft",
  },
  google: {
    logo: <GoogleLogo />,
    look: "min-h-10 gap-2.5 rounded border border-[#747775] bg-white px-3 font-[Roboto,arial,sans-serif] text-sm font-medium text-[#1f1f1f] dark:border-[#8e918f] dark:bg-[#131314] dark:text-[#e3e3e3]",
    text: "sign_in.google",
  },
};

export function ProviderButton({ provider, href }: { provider: Provider; href: string }) {
  const { t } = useTranslation();
  const brand = BRANDS[provider.kind];
  const look =
    brand?.look ??
    "min-h-10 gap-2.5 rounded border border-line bg-card px-3 text-sm font-medium hover:border-voice";
  return (
    <a href={href} className={`flex w-full items-center justify-center py-1 text-start ${look}`}>
      {brand?.logo ?? <LogIn size={20} aria-hidden="true" className="shrink-0 rtl:rotate-180" />}
      <span className="min-w-0">{brand ? t(brand.text) : t("sign_in.other", { title: provider.title })}</span>
    </a>
  );
}
