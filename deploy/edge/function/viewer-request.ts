import { headComment, layOut, writeList } from "./layout.ts";
import { MATCH_CODE, READ_CODE } from "./path-code.ts";
import { requestCode } from "./request-code.ts";
import { type RuleRow, writeData, writeRow } from "./spelling.ts";

/** What the viewer-request function is made of. */
export type RequestFunction = {
  /** The canonical host first; empty where any name will do. */
  readonly hosts: readonly string[];
  /** The value of Strict-Transport-Security on what the function answers itself; "" for none. */
  readonly hsts: string;
  readonly rows: readonly RuleRow[];
  /** Encoded addresses. */
  readonly kept: readonly string[];
  /** Whether it reads a KeyValueStore. `kept` is in there then. */
  readonly store: boolean;
};

/** The code of the viewer-request function: clean URLs, redirects, hosts. */
export function writeViewerRequest({ hosts, hsts, rows, kept, store }: RequestFunction): string {
  const conditions = rows.some((row) => row[5].length > 0);
  return layOut(`${headComment("the rules in _redirects and slipway.config.ts")}
${store ? STORE : ""}const HOSTS = ${writeData(hosts)};
const HSTS = ${writeData(hsts)};
const REASONS = { "400": "Bad Request", "404": "Not Found", "410": "Gone", "508": "Loop Detected" };
// From, to, status, 1 if forced, 1 for pages only, conditions.
const RULES = ${writeList(rows.map(writeRow))};
${store ? "" : `const KEPT = ${writeList(kept.map(writeData))};\n`}${requestCode({ store, conditions })}${READ_CODE}${MATCH_CODE}`);
}

const STORE = `import cf from "cloudfront";
const STORE = cf.kvs();
`;
