import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { collectChanges } from "../../scripts/lib/change-notes.ts";

const EMPTY_LOG = "# Changes\n\n## Unreleased\n\nSee changes/.\n";
const RELEASE = { version: "0.2.0", date: "2026-11-22" };

function note(first: string): string {
  return `${first}\n\nBefore: one thing.\n\nAfter: another.\n`;
}

function collect(
  files: Readonly<Record<string, string>>,
  changelog = EMPTY_LOG,
  release = RELEASE,
) {
  const notes = Object.entries(files).map(([name, text]) => ({ name, text }));
  return collectChanges(changelog, notes, release);
}

describe("collectChanges", () => {
  it("makes a section of the notes, with what was before and what is after below each", () => {
    expect(collect({ "a.md": note("Added: A thing.") })).toEqual({
      kind: "collected",
      notes: 1,
      changelog:
        "# Changes\n\n## Unreleased\n\nSee changes/.\n\n## 0.2.0 (2026-11-22)\n\n### Added\n\n" +
        "- A thing.\n\n  Before: one thing.\n\n  After: another.\n",
    });
  });

  it("sorts by kind, then by file name, whatever order the files come in", () => {
    const collected = collect({
      "z.md": note("Removed: One."),
      "y.md": note("Fixed: Two."),
      "c.md": note("Added: Three."),
      "x.md": note("Changed: Four."),
      "b.md": note("Added: Five."),
    });
    if (collected.kind !== "collected") throw new Error("refused");
    const lines = collected.changelog.split("\n").filter((line) => /^(?:###|-) /.test(line));
    expect(lines).toEqual([
      "### Added",
      "- Five.",
      "- Three.",
      "### Changed",
      "- Four.",
      "### Fixed",
      "- Two.",
      "### Removed",
      "- One.",
    ]);
  });

  it("puts the new release above the older ones and keeps those as they are", () => {
    const older = "## 0.1.0 (2026-10-01)\n\n### Added\n\n- The first thing.\n";
    const collected = collect({ "a.md": note("Fixed: It.") }, `${EMPTY_LOG}\n${older}`);
    if (collected.kind !== "collected") throw new Error("refused");
    expect(collected.changelog.endsWith(`After: another.\n\n${older}`)).toBe(true);
    expect(collected.changelog.indexOf("## Unreleased")).toBeLessThan(
      collected.changelog.indexOf("## 0.2.0"),
    );
  });

  it.each([
    ["an empty file", "", 'begins with ""'],
    ["an unknown kind", note("Improved: It."), 'begins with "Improved: It."'],
    ["no space after the kind", note("Added:It."), 'begins with "Added:It."'],
    ["a kind and nothing else", note("Added: "), "begins with"],
    ["half a sentence", note("Added: A thing"), "does not end with a stop"],
    ["no empty line", "Added: It.\nBefore: a\nAfter: b\n", "no empty line below its first one"],
    ["nothing of the past", "Added: It.\n\nAfter: b\n", '("Before: …")'],
    ["nothing of the present", "Added: It.\n\nBefore: a\n", '("After: …")'],
    ["a first line alone", "Added: It.\n", '("Before: …")'],
    ["a heading", `${note("Added: It.")}\n## More\n`, "has a heading"],
  ])("refuses %s and names the file and the reason", (_, text, reason) => {
    const collected = collect({ "good.md": note("Added: It."), "bad.md": text });
    expect(collected).toEqual({
      kind: "refused",
      problems: [{ file: "changes/bad.md", reason: expect.stringContaining(reason) }],
    });
  });

  it.each([
    ["no note at all", {}, EMPTY_LOG, RELEASE, "changes/"],
    ["a version that is none", undefined, EMPTY_LOG, { ...RELEASE, version: "v1" }, "the version"],
    [
      "a day that does not exist",
      undefined,
      EMPTY_LOG,
      { ...RELEASE, date: "2026-02-30" },
      "the date",
    ],
    ["a log without Unreleased", undefined, "# Changes\n", RELEASE, "CHANGELOG.md"],
    ["a version the log has", undefined, `${EMPTY_LOG}\n## 0.2.0 (x)\n`, RELEASE, "CHANGELOG.md"],
  ])("refuses %s", (_, files, changelog, release, blamed) => {
    const collected = collect(files ?? { "a.md": note("Added: It.") }, changelog, release);
    expect(collected).toMatchObject({ kind: "refused", problems: [{ file: blamed }] });
  });

  it("names every problem at once", () => {
    const collected = collect({ "a.md": "", "b.md": "" }, EMPTY_LOG, { version: "1", date: "now" });
    expect(collected.kind === "refused" && collected.problems).toHaveLength(4);
  });

  it("takes every note that lies in changes/ now", async () => {
    const folder = new URL("../../changes/", import.meta.url);
    const names = (await readdir(folder)).filter((name) => /^(?!README).*\.md$/.test(name));
    const notes = await Promise.all(
      names.map(async (name) => ({ name, text: await readFile(new URL(name, folder), "utf8") })),
    );
    const sample = { name: "sample.md", text: note("Added: It.") };
    expect(collectChanges(EMPTY_LOG, [...notes, sample], RELEASE).kind).toBe("collected");
  });
});

describe("scripts/collect-changes.ts", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  async function project(notes: Readonly<Record<string, string>>): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), "slipway-changes-"));
    folders.push(folder);
    await mkdir(path.join(folder, "changes"));
    await writeFile(path.join(folder, "CHANGELOG.md"), EMPTY_LOG);
    await writeFile(path.join(folder, "changes", "README.md"), "# The format\n");
    for (const [name, text] of Object.entries(notes)) {
      await writeFile(path.join(folder, "changes", name), text);
    }
    return folder;
  }

  function run(folder: string, ...args: string[]) {
    const script = fileURLToPath(new URL("../../scripts/collect-changes.ts", import.meta.url));
    const tsx = import.meta.resolve("tsx");
    return new Promise<{ code: number; stderr: string }>((resolve) => {
      const argv = ["--import", tsx, script, ...args];
      const child = execFile(process.execPath, argv, { cwd: folder }, (_error, _stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stderr });
      });
    });
  }

  it("writes the log and deletes the notes, but not the README", async () => {
    const folder = await project({ "a.md": note("Added: It.") });
    expect(await run(folder, "0.2.0", "2026-11-22")).toMatchObject({ code: 0 });
    expect(await readdir(path.join(folder, "changes"))).toEqual(["README.md"]);
    const log = await readFile(path.join(folder, "CHANGELOG.md"), "utf8");
    expect(log).toContain("## 0.2.0 (2026-11-22)\n\n### Added\n\n- It.");
  });

  it("refuses a malformed note, names it, and changes nothing", async () => {
    const folder = await project({ "a.md": note("Added: It."), "b.md": "Oops\n" });
    const { code, stderr } = await run(folder, "0.2.0", "2026-11-22");
    expect(code).toBe(2);
    expect(stderr).toContain('changes/b.md begins with "Oops"');
    expect(await readdir(path.join(folder, "changes"))).toEqual(["README.md", "a.md", "b.md"]);
    expect(await readFile(path.join(folder, "CHANGELOG.md"), "utf8")).toBe(EMPTY_LOG);
  });

  it("says how it is used when it is called without a date", async () => {
    const { code, stderr } = await run(await project({}), "0.2.0");
    expect(code).toBe(2);
    expect(stderr).toContain("usage:");
  });
});
