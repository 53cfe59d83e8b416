import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { SlipwayError } from "../core/errors.ts";

export type Asking = {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
  /** `--yes`: every answer is yes, and nothing is asked. */
  readonly yes: boolean;
};

/**
 * Asks a person, whose default is no. Without a terminal there is nobody to ask, and no answer is
 * assumed: that is an error which names `--yes`.
 */
export async function ask(question: string, { input, output, yes }: Asking): Promise<boolean> {
  if (yes) return true;
  if (input.isTTY !== true) {
    throw new SlipwayError("usage", {
      what: "This command asks a question, and there is no terminal to answer it",
      why: `the question is: ${question}`,
      next: "Run it again with --yes if the answer is yes.",
    });
  }
  const terminal = createInterface({ input, output });
  const aborted = new AbortController();
  terminal.once("close", () => aborted.abort());
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: aborted.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } catch {
    // Ctrl-C or end of input: nobody said yes.
    return false;
  } finally {
    terminal.close();
  }
}
