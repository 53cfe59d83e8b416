import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { collectChanges, type NoteFile } from "./lib/change-notes.ts";

/**
 * Folds changes/*.md into CHANGELOG.md for a release and deletes them:
 * `node --import tsx scripts/collect-changes.ts 0.1.0 2026-11-22`. Refuses without touching anything
 * when a note is malformed. It works on the folder that it is started in.
 */
const CHANGES = "changes";
const CHANGELOG = "CHANGELOG.md";

async function main(args: readonly string[]): Promise<number> {
  const [version, date, ...rest] = args;
  if (version === undefined || date === undefined || rest.length > 0) {
    console.error("usage: node --import tsx scripts/collect-changes.ts VERSION YYYY-MM-DD");
    return 2;
  }
  const files = await readNotes();
  const collected = collectChanges(await readFile(CHANGELOG, "utf8"), files, { version, date });
  if (collected.kind === "refused") {
    for (const { file, reason } of collected.problems) console.error(`error ${file} ${reason}`);
    console.error("Nothing was changed. changes/README.md describes the format.");
    return 2;
  }
  // The log first: if this dies between the two, every note is in it, and a second run says so.
  await writeFile(`${CHANGELOG}.new`, collected.changelog);
  await rename(`${CHANGELOG}.new`, CHANGELOG);
  for (const { name } of files) await rm(`${CHANGES}/${name}`);
  console.log(`${CHANGELOG} has ${version} now, made of ${collected.notes} change notes`);
  return 0;
}

async function readNotes(): Promise<readonly NoteFile[]> {
  const names = (await readdir(CHANGES)).filter(
    (name) => name.endsWith(".md") && name !== "README.md",
  );
  return await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(`${CHANGES}/${name}`, "utf8") })),
  );
}

process.exitCode = await main(process.argv.slice(2));
