import type { Cause, ChangeCauses } from "../core/causes.ts";

/**
 * The causes of many changes as one sentence, or nothing. Says how many pages it speaks of, and never
 * claims anything of a page that was not compared. `quote` makes page text harmless where it is shown.
 */
export function renderCauses(
  { changed, compared, causes }: ChangeCauses,
  quote: (text: string) => string,
): string {
  const [top] = causes;
  const all = `${compared} of ${changed} changed pages compared`;
  if (top === undefined) return `${all}, no two by the same edit`;
  const edits = `: ${describeEdits(top, quote)}`;
  if (compared === changed) return `${top.pages} of ${changed} changed pages ${verb(top)}${edits}`;
  const share = top.pages === compared ? "all" : String(top.pages);
  return `${all}, ${share} ${top.only === top.pages ? "by the same edit" : shared(top)}${edits}`;
}

function verb(cause: Cause): string {
  return cause.only === cause.pages ? "changed by the same edit" : shared(cause);
}

/** An edit that is not the only one of its pages explains them in part. */
function shared({ only }: Cause): string {
  return `with the same edit (${only} of them with no other)`;
}

function describeEdits({ edits, editCount }: Cause, quote: (text: string) => string): string {
  const [first] = edits;
  const signed = (sign: string, text = "") => (text === "" ? [] : [`${sign} ${quote(text)}`]);
  const parts = [...signed("-", first?.removed), ...signed("+", first?.added)];
  const more = editCount - 1;
  const rest = more > 0 ? ` (and ${more} more ${more === 1 ? "edit" : "edits"})` : "";
  return `${parts.join(" ")}${rest}`;
}
