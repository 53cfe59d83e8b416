import { scopeHeaders } from "../headers-for.ts";
import type { EdgeRules } from "../rules.ts";
import { headComment, layOut, writeList } from "./layout.ts";
import { MATCH_CODE, READ_CODE } from "./path-code.ts";
import { RESPONSE_CODE } from "./response-code.ts";
import { spellPattern, writeData } from "./spelling.ts";

/** The code of the viewer-response function: statuses of pages, headers of paths, noindex for copies. */
export function writeViewerResponse(rules: EdgeRules): string {
  const rows = scopeHeaders(rules.headers).map(({ from, set, remove }) => {
    const row = [spellPattern(from), Object.fromEntries(set.map((one) => [one.name, one.value]))];
    return writeData(remove.length === 0 ? row : [...row, remove]);
  });
  return layOut(`${headComment("the headers in _headers and slipway.config.ts")}
const HOST = ${writeData(rules.hosts?.canonical ?? "")};
// Path, headers to set, headers to take away.
const HEADERS = ${writeList(rows)};
${RESPONSE_CODE}${READ_CODE}${MATCH_CODE}`);
}
