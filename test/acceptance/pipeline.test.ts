import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import { type EdgeProcess, runCli, startEdge } from "../support/cli-process.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/** What a CI system gets of a run: the summary, the annotations and the events, as files and lines. */

let project: TempProject;
let edge: EdgeProcess;

beforeAll(async () => {
  project = await createTinyProject({
    "index.html": "<h1>Home</h1>",
    "##[error]a/index.html": "<h1>A name like a command</h1>",
  });
  edge = await startEdge(project.root);
});

afterAll(async () => {
  await edge?.stop();
  await project?.dispose();
});

describe("GitHub Actions", () => {
  const run = (args: readonly string[], summary: string) =>
    runCliHere(project.root, args, {
      env: {
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_STEP_SUMMARY: project.path(summary),
      },
    });

  it("gets a summary of every command of a step, and no command from a file's name", async () => {
    const planned = await run(["plan"], "summary.md");
    const deployed = await run(["deploy", "--wait"], "summary.md");
    expect([planned.exitCode, deployed.exitCode]).toEqual([0, 0]);
    expect(planned.stdout + planned.stderr + deployed.stdout + deployed.stderr).not.toMatch(
      /##\[|^\s*::/m,
    );
    const summary = await project.read("summary.md");
    const release = /Released (\S+) in/.exec(deployed.stdout)?.[1] ?? "none";
    expect(summary).toMatch(/^### .*`local`/m);
    expect(summary).toContain("### Released to `local`");
    expect(summary).toContain(`Release \`${release}\``);
    expect(summary).toContain("- `##[error]a/index.html` new");
  });

  it("gets an annotation and a summary of a refusal, with JSON as without", async () => {
    await project.remove("_site/index.html");
    const plain = await run(["deploy"], "refused.md");
    const json = await run(["deploy", "--json"], "refused-json.md");
    await project.write("_site/index.html", "<h1>Home</h1>");
    for (const result of [plain, json]) {
      expect(result.exitCode).toBe(4);
      expect(result.stderr).toMatch(
        /^::error title=Refused%3A no-index-page::wanted: .*%0Anext: /m,
      );
    }
    expect(JSON.parse(json.stdout)).toMatchObject({ exitCode: 4, kind: "refused" });
    expect(await project.read("refused.md")).toMatch(
      /### Deploy of `local` refused\n\n```text\nno-/,
    );
  });

  it("gets an annotation and a summary of a failure", async () => {
    const result = await run(["rollback", "--to-nowhere"], "usage.md");
    expect(result.stderr).toMatch(/^::error title=This command line cannot be understood::/m);
    const failed = await run(["rollback", "20010101"], "failed.md");
    expect(failed.exitCode).toBe(2);
    expect(failed.stderr).toMatch(/^::error title=There is no release to go back to::/m);
    expect(await project.read("failed.md")).toContain("### Rollback of `local` failed");
  });
});

it("elsewhere nobody sees a workflow command", async () => {
  const { stderr } = await runCliHere(project.root, ["rollback", "20010101"], {
    env: { CI: "true" },
  });
  expect(stderr).not.toContain("::");
});

describe("--events", () => {
  const kinds = async (file: string) => {
    const lines = (await project.read(file)).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line));
  };

  it("writes one versioned object a line, from the first to the last", async () => {
    await project.write("_site/b.txt", "b");
    const args = ["deploy", "--events", "events.ndjson"];
    expect((await runCliHere(project.root, args)).exitCode).toBe(0);
    const events = await kinds("events.ndjson");
    expect(
      events.every(({ version, time }) => version === 1 && !Number.isNaN(Date.parse(time))),
    ).toBe(true);
    expect(events[0]).toMatchObject({ kind: "command-started", environment: "local" });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: "write-finished", key: "b.txt", bytes: 1 }),
    );
    expect(events.at(-1)).toMatchObject({ kind: "command-finished", exitCode: 0 });
  });

  it("may be named by the environment, tells failures, and adds to what is there", async () => {
    const env = { SLIPWAY_EVENTS: "more.ndjson" };
    await runCliHere(project.root, ["status"], { env });
    await runCli(project.root, ["plan", "--env", "nowhere"], { env });
    const events = await kinds("more.ndjson");
    expect(events.map(({ kind, exitCode }) => [kind, exitCode])).toEqual([
      ["command-started", undefined],
      ["command-finished", 0],
      ["command-started", undefined],
      ["command-finished", 2],
    ]);
  });

  it("refuses a file that cannot be written, before anything is done", async () => {
    const result = await runCliHere(project.root, ["deploy", "--events", "no/such/folder"]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("The events cannot be written to no/such/folder");
  });
});
