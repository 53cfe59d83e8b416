import { lineNumbers } from "./line-marks.ts";

/** What stands behind the first fence of a code block: ```` ```ts title="a.ts" {2,4-5} ````. */
export type FenceInfo = {
  /** Empty where none is named. */
  readonly language: string;
  readonly title: string;
  readonly marked: ReadonlySet<number>;
  /** Whether the Markdown inside is shown as what it becomes, too. */
  readonly isExample: boolean;
  /** What no word of ours is, as it was written. */
  readonly unknown: readonly string[];
};

/** Reads the words behind a fence. Never fails: what it does not know is in `unknown`. */
export function readFenceInfo(info: string): FenceInfo {
  const [language = ""] = /^[^\s{"]*/.exec(info.trim()) ?? [];
  let title = "";
  let isExample = false;
  const marked = new Set<number>();
  const unknown: string[] = [];
  const rest = info.trim().slice(language.length);
  for (const [word] of rest.matchAll(/[\w-]+="[^"]*"|\{[^}]*\}|\S+/g)) {
    const named = /^title="([^"]+)"$/.exec(word)?.[1];
    const numbers = word.startsWith("{") ? lineNumbers(word.slice(1, -1)) : undefined;
    if (named !== undefined) title = named;
    else if (numbers !== undefined) for (const number of numbers) marked.add(number);
    else if (word === "example" && language === "markdown") isExample = true;
    else unknown.push(word);
  }
  return { language, title, marked, isExample, unknown };
}
