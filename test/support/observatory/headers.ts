import { readContentPolicy } from "./content-policy.ts";
import { type Finding, headerValues, lookUp, type ScannedAnswer } from "./scan.ts";

/** Six months by name, 180 days in fact: many sites have that. */
const LONG_ENOUGH = 15_552_000;

export function scoreTransportSecurity(answer: ScannedAnswer): Finding {
  const [value] = headerValues(answer, "strict-transport-security");
  if (value === undefined) return { result: "hsts-not-implemented", modifier: -20 };
  const words = value.split(";").map((word) => word.trim().toLowerCase());
  const seconds = words.findLast((word) => word.startsWith("max-age="))?.slice("max-age=".length);
  // Two headers in one line have a comma between them, and browsers heed neither.
  if (seconds === undefined || value.includes(",")) {
    return { result: "hsts-header-invalid", modifier: -20 };
  }
  return Number.parseInt(seconds, 10) < LONG_ENOUGH
    ? { result: "hsts-implemented-max-age-less-than-six-months", modifier: -10 }
    : { result: "hsts-implemented-max-age-at-least-six-months", modifier: 0 };
}

const PRIVATE = ["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"];
const TELLING = ["origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"];

/** The last word that is a policy counts, as in browsers. */
export function scoreReferrerPolicy(answer: ScannedAnswer): Finding {
  const values = headerValues(answer, "referrer-policy");
  if (values.length === 0) return { result: "referrer-policy-not-implemented", modifier: 0 };
  const words = values.join(",").split(",");
  const known = words.map((word) => word.trim().toLowerCase());
  const policy = known.findLast((word) => [...PRIVATE, ...TELLING].includes(word));
  if (policy === undefined) return { result: "referrer-policy-header-invalid", modifier: -5 };
  return PRIVATE.includes(policy)
    ? { result: "referrer-policy-private", modifier: 5 }
    : { result: "referrer-policy-unsafe", modifier: -5 };
}

export function scoreContentTypeOptions(answer: ScannedAnswer): Finding {
  const [value] = headerValues(answer, "x-content-type-options");
  if (value === undefined)
    return { result: "x-content-type-options-not-implemented", modifier: -5 };
  return value.trim().toLowerCase() === "nosniff"
    ? { result: "x-content-type-options-nosniff", modifier: 0 }
    : { result: "x-content-type-options-header-invalid", modifier: -5 };
}

/** `frame-ancestors` in a policy takes the place of the header. */
export function scoreFrameOptions(answer: ScannedAnswer): Finding {
  const policy = readContentPolicy(answer);
  if (policy.kind === "policy" && policy.directives.has("frame-ancestors")) {
    return { result: "x-frame-options-implemented-via-csp", modifier: 5 };
  }
  const [value] = headerValues(answer, "x-frame-options");
  if (value === undefined) return { result: "x-frame-options-not-implemented", modifier: -20 };
  const word = value.trim().toLowerCase();
  if (word === "deny" || word === "sameorigin") {
    return { result: "x-frame-options-sameorigin-or-deny", modifier: 5 };
  }
  return word.startsWith("allow-from")
    ? { result: "x-frame-options-allow-from-origin", modifier: 0 }
    : { result: "x-frame-options-header-invalid", modifier: -20 };
}

export function scoreResourcePolicy(answer: ScannedAnswer): Finding {
  const values = headerValues(answer, "cross-origin-resource-policy");
  const prefix = "corp-";
  if (values.length === 0) return { result: `${prefix}not-implemented`, modifier: 0 };
  return lookUp(
    {
      "same-origin": { result: `${prefix}implemented-with-same-origin`, modifier: 10 },
      "same-site": { result: `${prefix}implemented-with-same-site`, modifier: 10 },
      "cross-origin": { result: `${prefix}implemented-with-cross-origin`, modifier: 0 },
    },
    values.join(", ").trim().toLowerCase(),
    { result: `${prefix}header-invalid`, modifier: -5 },
  );
}

export function scoreOpenerPolicy(answer: ScannedAnswer): Finding {
  return scoreToken(answer, "cross-origin-opener-policy", "coop", {
    "same-origin": { result: "coop-implemented-with-same-origin", modifier: 10 },
    "same-origin-allow-popups": {
      result: "coop-implemented-with-same-origin-allow-popups",
      modifier: 10,
    },
    "noopener-allow-popups": {
      result: "coop-implemented-with-noopener-allow-popups",
      modifier: 10,
    },
    "unsafe-none": { result: "coop-implemented-with-unsafe-none", modifier: 0 },
  });
}

export function scoreEmbedderPolicy(answer: ScannedAnswer): Finding {
  return scoreToken(answer, "cross-origin-embedder-policy", "coep", {
    "require-corp": { result: "coep-implemented-with-require-corp", modifier: 10 },
    credentialless: { result: "coep-implemented-with-credentialless", modifier: 10 },
    "unsafe-none": { result: "coep-implemented-with-unsafe-none", modifier: 0 },
  });
}

/** Who may read the answer from another site. The scan's own Origin, echoed with credentials, is the worst. */
export function scoreSharing(answer: ScannedAnswer): Finding {
  const prefix = "cross-origin-resource-sharing-";
  const [allowed] = headerValues(answer, "access-control-allow-origin");
  if (allowed === undefined) return { result: `${prefix}not-implemented`, modifier: 0 };
  if (allowed.trim() === "*") {
    return { result: `${prefix}implemented-with-public-access`, modifier: 0 };
  }
  const [credentials = ""] = headerValues(answer, "access-control-allow-credentials");
  return allowed.trim() === SCAN_ORIGIN && credentials.trim().toLowerCase() === "true"
    ? { result: `${prefix}implemented-with-universal-access`, modifier: -50 }
    : { result: `${prefix}implemented-with-restricted-access`, modifier: 0 };
}

/** What a scan sends as `Origin` when it asks for what other sites may read. */
export const SCAN_ORIGIN = "https://http-observatory.security.mozilla.org";

/** A header whose value is one token of RFC 8941; case counts, and parameters do not matter. */
function scoreToken(
  answer: ScannedAnswer,
  name: string,
  prefix: string,
  table: Readonly<Record<string, Finding>>,
): Finding {
  const values = headerValues(answer, name);
  const [value] = values;
  if (value === undefined) return { result: `${prefix}-not-implemented`, modifier: 0 };
  const invalid = { result: `${prefix}-header-invalid`, modifier: -5 };
  const [, token = ""] = /^\s*([A-Za-z*][^\s;,"]*)\s*(?:;\s*[a-z*].*)?$/.exec(value) ?? [];
  return values.length > 1 ? invalid : lookUp(table, token, invalid);
}
