/** Where somebody goes on after they signed in. */

export const SIGN_IN = "/sign-in";

/** A place in the app, from what an address says of it: never another site, and never the sign-in page again. */
export function placeIn(wanted: string | null): string {
  // Browsers read a backslash as a slash, and leave out line ends and tabs.
  if (!wanted || !/^\/(?![/\\])[^\\\s]*$/.test(wanted)) return "/";
  const { origin, pathname, search, hash } = new URL(wanted, location.origin);
  if (origin !== location.origin || pathname.startsWith(SIGN_IN)) return "/";
  return pathname + search + hash;
}

/** The address of the sign-in page: why it is shown, and the screen to come back to, without what was open there. */
export function signInPath(reason: string | null, pathname: string | null): string {
  const query = new URLSearchParams();
  if (reason) query.set("error", reason);
  const screen = pathname?.split("/")[1];
  if (screen && `/${screen}` !== SIGN_IN) query.set("return_to", `/${screen}`);
  return query.size ? `${SIGN_IN}?${query}` : SIGN_IN;
}
