/** What the Observatory looks at: one answer, had over https, and how http led there. */
export type ScannedAnswer = {
  /** Names in lower case; a header that came several times is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly redirection: Redirection;
};

/** What became of a request by http. */
export type Redirection =
  | "redirection-to-https"
  | "redirection-not-needed-no-http"
  | "redirection-off-host-from-http"
  | "redirection-not-to-https-on-initial-redirection"
  | "redirection-not-to-https"
  | "redirection-missing";

/** What a test found, in the Observatory's own name for it, and what that is worth. */
export type Finding = { readonly result: string; readonly modifier: number };

/** Every value of a header, in order. */
export function headerValues({ headers }: ScannedAnswer, name: string): readonly string[] {
  const value = headers[name] ?? [];
  return typeof value === "string" ? [value] : value;
}

/** One finding for each known value of a word; `otherwise` for all others. */
export function lookUp(
  table: Readonly<Record<string, Finding>>,
  word: string,
  otherwise: Finding,
): Finding {
  return Object.hasOwn(table, word) ? (table[word] ?? otherwise) : otherwise;
}
