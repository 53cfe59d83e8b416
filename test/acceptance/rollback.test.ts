import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import { type EdgeProcess, startEdge } from "../support/cli-process.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/** What an operator is told of a rollback that is refused, or that has nothing to do. */

let project: TempProject;
let edge: EdgeProcess;

const slipway = (...args: readonly string[]) => runCliHere(project.root, args);

/** The site as it was, then nothing of it by mistake, then the site again. */
beforeAll(async () => {
  project = await createTinyProject();
  edge = await startEdge(project.root);
  expect(await slipway("deploy")).toMatchObject({ exitCode: 0 });
  await project.remove("_site/index.html");
  expect(await slipway("deploy", "--allow-empty-site")).toMatchObject({ exitCode: 0 });
  await project.write("_site/index.html", "<h1>Home</h1>");
  expect(await slipway("deploy")).toMatchObject({ exitCode: 0 });
});

afterAll(async () => {
  await edge?.stop();
  await project?.dispose();
});

async function oldestRelease(): Promise<string> {
  const { releases } = JSON.parse((await slipway("releases", "--json")).stdout);
  return releases.at(-1).id;
}

describe("slipway rollback", () => {
  it("says which guard refuses, and how it is lifted", async () => {
    const refused = await slipway("rollback");
    expect(refused).toMatchObject({ exitCode: 4 });
    expect(refused.stdout).toContain("Refused empty-site\n");
    expect(refused.stdout).toContain("add --allow-empty-site.");
    expect(refused.stdout).toContain("Nothing was written.");
  });

  it("that has nothing to do does not speak of a build", async () => {
    const { exitCode, stdout } = await slipway("rollback", await oldestRelease());
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Nothing to do: what is live is what that release held.");
  });

  it("lifts a guard by its name, and none that it never meets", async () => {
    expect(await slipway("rollback", "--allow-missing-asset")).toMatchObject({ exitCode: 2 });
    expect(await slipway("rollback", "--allow-empty-site")).toMatchObject({ exitCode: 0 });
  });
});
