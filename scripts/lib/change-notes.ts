/**
 * Change notes → change log. A note is a small file that says one user-visible change; a release
 * folds all of them into CHANGELOG.md (changes/README.md has the format for people).
 */

/** The kinds, in the order in which a release lists them. */
const KINDS = ["Added", "Changed", "Fixed", "Removed"] as const;

type Kind = (typeof KINDS)[number];

/** A file of changes/ as it was found. */
export type NoteFile = { readonly name: string; readonly text: string };

export type ReleaseHeading = {
  /** Semantic version: 1.2.3 or 1.2.3-beta.1. */
  readonly version: string;
  /** 2026-11-22 */
  readonly date: string;
};

/** Why nothing was collected: the file, and what is wrong with it as the end of a sentence. */
export type NoteProblem = { readonly file: string; readonly reason: string };

export type Collected =
  | { readonly kind: "collected"; readonly changelog: string; readonly notes: number }
  | { readonly kind: "refused"; readonly problems: readonly NoteProblem[] };

type Note = { readonly kind: Kind; readonly sentence: string; readonly details: string };

/**
 * The change log with a new section for the release, newest first, below "Unreleased"; or every
 * problem there is, so that a mistake never costs a note. Notes are sorted by kind, then by file name.
 */
export function collectChanges(
  changelog: string,
  files: readonly NoteFile[],
  release: ReleaseHeading,
): Collected {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const read = sorted.map((file) => ({ file, result: readNote(file.text) }));
  const problems = [
    ...releaseProblems(changelog, files, release),
    ...read.flatMap(({ file, result }) =>
      typeof result === "string" ? [{ file: `changes/${file.name}`, reason: result }] : [],
    ),
  ];
  if (problems.length > 0) return { kind: "refused", problems };
  const notes = read.flatMap(({ result }) => (typeof result === "string" ? [] : [result]));
  const section = renderSection(notes, release);
  return { kind: "collected", changelog: insertSection(changelog, section), notes: notes.length };
}

const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;
const UNRELEASED = /^## Unreleased$/m;

function releaseProblems(
  changelog: string,
  files: readonly NoteFile[],
  { version, date }: ReleaseHeading,
): readonly NoteProblem[] {
  const problems: NoteProblem[] = [];
  const add = (file: string, reason: string) => problems.push({ file, reason });
  if (!VERSION.test(version)) add("the version", `"${version}" does not look like 1.2.3`);
  if (!isDate(date)) add("the date", `"${date}" is no day written as 2026-11-22`);
  if (!UNRELEASED.test(changelog)) add("CHANGELOG.md", 'has no line "## Unreleased"');
  if (changelog.split("\n").some((line) => line.startsWith(`## ${version} `))) {
    add("CHANGELOG.md", `already has a section for ${version}`);
  }
  if (files.length === 0) add("changes/", "holds no note, so there is nothing to release");
  return problems;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

const FIRST_LINE = new RegExp(`^(${KINDS.join("|")}): (\\S.*)$`);

/** The note, or what is wrong with it as the end of a sentence. */
function readNote(text: string): Note | string {
  const [first = "", second, ...rest] = text.replace(/\r\n/g, "\n").trimEnd().split("\n");
  const found = FIRST_LINE.exec(first);
  if (found === null) {
    return `begins with ${JSON.stringify(first)}, not with one of "${KINDS.join(': ", "')}: " and a sentence`;
  }
  const [, kind = "", sentence = ""] = found;
  if (!/[.!?]$/.test(sentence))
    return "has a first line that is no sentence: it does not end with a stop";
  if (second !== undefined && second !== "") return "has no empty line below its first one";
  const details = rest.join("\n").trim();
  if (!/^Before:/m.test(details)) return 'does not say how it was ("Before: …")';
  if (!/^After:/m.test(details)) return 'does not say how it is now ("After: …")';
  if (/^#/m.test(details)) return "has a heading, which would end its section of CHANGELOG.md";
  return { kind: kind as Kind, sentence, details };
}

function renderSection(notes: readonly Note[], { version, date }: ReleaseHeading): string {
  const groups = KINDS.flatMap((kind) => {
    const items = notes.filter((note) => note.kind === kind).map(renderNote);
    return items.length === 0 ? [] : [`### ${kind}`, ...items];
  });
  return [`## ${version} (${date})`, ...groups].join("\n\n");
}

/** A list item: what follows the first line is indented, so that it stays part of the item. */
function renderNote({ sentence, details }: Note): string {
  const indented = details.split("\n").map((line) => (line === "" ? "" : `  ${line}`));
  return [`- ${sentence}`, "", ...indented].join("\n");
}

/** Above the newest release, or at the end when there is none yet. */
function insertSection(changelog: string, section: string): string {
  const unreleased = UNRELEASED.exec(changelog);
  const from = (unreleased?.index ?? 0) + (unreleased?.[0].length ?? 0);
  const next = changelog.indexOf("\n## ", from);
  const above = next === -1 ? changelog : changelog.slice(0, next);
  const below = next === -1 ? "" : `\n${changelog.slice(next + 1).trimEnd()}\n`;
  return `${above.trimEnd()}\n\n${section}\n${below}`;
}
