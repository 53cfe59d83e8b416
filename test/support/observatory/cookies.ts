import { scoreTransportSecurity } from "./headers.ts";
import { type Finding, headerValues, type ScannedAnswer } from "./scan.ts";

type Cookie = { readonly name: string; readonly attributes: ReadonlyMap<string, string> };

/** The worst of what is wrong with any cookie counts. */
export function scoreCookies(answer: ScannedAnswer): Finding {
  const cookies = headerValues(answer, "set-cookie").map(readCookie);
  if (cookies.length === 0) return { result: "cookies-not-found", modifier: 0 };
  const hsts = scoreTransportSecurity(answer).modifier === 0;
  const faults = cookies.flatMap((cookie) => faultsOf(cookie, hsts));
  const worst = WORSE.findLast(({ result }) => faults.includes(result));
  if (worst !== undefined) return worst;
  return cookies.every(({ attributes }) => attributes.has("samesite"))
    ? { result: "cookies-secure-with-httponly-sessions-and-samesite", modifier: 5 }
    : { result: "cookies-secure-with-httponly-sessions", modifier: 0 };
}

/** Each worse than the one before. */
const WORSE: readonly Finding[] = [
  { result: "cookies-without-secure-flag-but-protected-by-hsts", modifier: -5 },
  { result: "cookies-without-secure-flag", modifier: -20 },
  { result: "cookies-session-without-secure-flag-but-protected-by-hsts", modifier: -10 },
  { result: "cookies-samesite-flag-invalid", modifier: -20 },
  { result: "cookies-anticsrf-without-samesite-flag", modifier: -20 },
  { result: "cookies-session-without-httponly-flag", modifier: -30 },
  { result: "cookies-session-without-secure-flag", modifier: -40 },
];

function faultsOf({ name, attributes }: Cookie, hsts: boolean): readonly string[] {
  const secure = attributes.has("secure");
  const isSession = /login|sess/i.test(name);
  const sameSite = attributes.get("samesite")?.toLowerCase();
  const saved = hsts ? "-but-protected-by-hsts" : "";
  const known = sameSite === undefined || ["strict", "lax", "none"].includes(sameSite);
  return [
    !known || (sameSite === "none" && !secure) ? "cookies-samesite-flag-invalid" : "",
    secure ? "" : `cookies-without-secure-flag${saved}`,
    /csrf/i.test(name) && sameSite === undefined ? "cookies-anticsrf-without-samesite-flag" : "",
    isSession && !secure ? `cookies-session-without-secure-flag${saved}` : "",
    isSession && !attributes.has("httponly") ? "cookies-session-without-httponly-flag" : "",
  ];
}

function readCookie(text: string): Cookie {
  const [pair = "", ...rest] = text.split(";").map((part) => part.trim());
  const attributes = rest.map((part): [string, string] => {
    const [name = "", value = ""] = part.split("=");
    return [name.trim().toLowerCase(), value.trim()];
  });
  return { name: pair.replace(/=.*$/, ""), attributes: new Map(attributes) };
}
