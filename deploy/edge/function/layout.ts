/** What a person reads first who opens the code in the AWS console. */
export function headComment(source: string): string {
  return `// Made by Slipway from ${source}.
// Do not edit: the next deploy replaces it.`;
}

/** An array with a line for each of its items. */
export function writeList(items: readonly string[]): string {
  return items.length === 0 ? "[]" : `[\n  ${items.join(",\n  ")}\n]`;
}

/** Indents with tabs: every byte counts. */
export function layOut(code: string): string {
  return code.replace(/^( {2})+/gm, (indent) => "\t".repeat(indent.length / 2));
}
