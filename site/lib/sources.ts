import { readFileSync } from "node:fs";

/** The texts of content files, each read once a run. */
export type Sources = {
  /** The whole text of a file, as it is on disk, front matter included. */
  read(file: string): string;
  /** The number, from 1, of the line in the file on which `text`, its end, begins. */
  firstLineOf(text: string, file: string): number;
  /** Before the next run: the files may have changed. */
  forget(): void;
};

export function createSources(): Sources {
  const texts = new Map<string, string>();
  const read = (file: string) => {
    const known = texts.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(file, "utf8");
    texts.set(file, text);
    return text;
  };
  return {
    read,
    firstLineOf: (text, file) => firstLine(read(file), text),
    forget: () => texts.clear(),
  };
}

function firstLine(source: string, text: string): number {
  // A text that went through a template first stands nowhere in the file.
  if (!source.endsWith(text)) return 1;
  let line = 1;
  const end = source.length - text.length;
  for (let at = source.indexOf("\n"); at >= 0 && at < end; at = source.indexOf("\n", at + 1)) {
    line += 1;
  }
  return line;
}
