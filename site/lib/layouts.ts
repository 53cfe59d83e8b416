import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import type { Expression } from "./checks/template-error.ts";

/** Where layouts and parts of pages are, seen from the project root. */
export const INCLUDES = "site/_includes";

const CONTENT = "site/content";
const NAME = "slipway-layouts-";
const IN_COPY = new RegExp(`\\S*?${NAME}\\w+/`, "g");

/**
 * The layouts of a run: as they were written, until something in them fails. Then a copy without it, so that
 * the run can find what else is wrong. Nothing that is made from a copy may be published.
 */
export type Layouts = {
  /** Where Eleventy finds the copy, seen from the folder of the content. */
  place(): { readonly includes?: string };
  /** Puts spaces where the expression is. False where that is no output of a layout. */
  leaveOut(expression: Expression): boolean;
  remove(): void;
};

export function createLayouts(): Layouts {
  let copy: string | undefined;
  return {
    place: () => (copy === undefined ? {} : { includes: relative(resolve(CONTENT), copy) }),
    leaveOut(expression) {
      // Without half of a block the template would be wrong in another way.
      if (!expression.text.startsWith("{{")) return false;
      if (!expression.file.startsWith(`${INCLUDES}/`)) return false;
      copy ??= copyLayouts();
      return blank(expression, join(copy, expression.file.slice(INCLUDES.length)));
    },
    remove() {
      if (copy !== undefined) rmSync(copy, { recursive: true, force: true });
    },
  };
}

/** A message with the author's own files in place of those of a copy. */
export function namedAsWritten(message: string): string {
  return message.replace(IN_COPY, `${INCLUDES}/`);
}

function copyLayouts(): string {
  const copy = mkdtempSync(join(tmpdir(), NAME));
  cpSync(INCLUDES, copy, { recursive: true });
  return copy;
}

function blank({ line, text }: Expression, path: string): boolean {
  const lines = readFileSync(path, "utf8").split("\n");
  const whole = lines[line - 1];
  if (!whole?.includes(text)) return false;
  lines[line - 1] = whole.replace(text, () => " ".repeat(text.length));
  writeFileSync(path, lines.join("\n"));
  return true;
}
