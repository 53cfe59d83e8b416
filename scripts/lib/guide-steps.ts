/** Something that a guide tells its reader to do. */
export type GuideStep =
  | { readonly kind: "run"; readonly line: number; readonly commands: string }
  | {
      readonly kind: "write";
      readonly line: number;
      readonly path: string;
      readonly content: string;
    };

const FENCE = /^```(\w*)\s*$/;
const FILE_NAME = /^`([^`\s]+)`:$/;

/**
 * The steps of a guide in Markdown, in their order: a block of `sh` is run, and a block below a line that
 * is only a file's name in backticks and a colon is that file. Throws for a block that is neither, or
 * that does not end: whoever reads the guide would not know what to do with it either. Lines count from 1.
 */
export function readGuide(markdown: string): readonly GuideStep[] {
  const steps: GuideStep[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const language = FENCE.exec(lines[at] ?? "")?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: the block does not end`);
    const content = `${lines.slice(at + 1, end).join("\n")}\n`;
    const above = lines.slice(0, at).findLast((text) => text.trim() !== "") ?? "";
    const path = FILE_NAME.exec(above)?.[1];
    const line = at + 1;
    if (path !== undefined) steps.push({ kind: "write", line, path, content });
    else if (language === "sh") steps.push({ kind: "run", line, commands: content });
    else throw new Error(`line ${line}: the block has no file's name above it and is no sh`);
    at = end;
  }
  return steps;
}
