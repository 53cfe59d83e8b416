import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import { runCli } from "../support/cli-process.ts";
import { configText, createTinyProject, type TempProject } from "../support/temp-project.ts";

/** `slipway policy`, without AWS: nothing here could answer it. */

let project: TempProject;

beforeAll(async () => {
  const live = { kind: "aws", bucket: "tiny-site", region: "eu-west-1", distribution: "E2EXAMPLE" };
  const domain = { canonical: "www.example.com", also: ["example.com"] };
  const config = configText({ live: { ...live, domain, account: "111122223333" }, nameless: live });
  project = await createTinyProject({}, config);
});

afterAll(() => project?.dispose());

const policy = (...args: readonly string[]) => runCliHere(project.root, ["policy", ...args]);

describe("slipway policy", () => {
  it("prints a role's policy alone on standard output, notes beside it", async () => {
    const args = ["policy", "deployer", "--env", "live"];
    const { exitCode, stdout, stderr } = await runCli(project.root, args);
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(document.Version).toBe("2012-10-17");
    expect(stdout).toContain("arn:aws:s3:::tiny-site/*");
    expect(stdout).toContain(":function/slipway-tiny-live-viewer-request");
    expect(stderr).toContain("--headers-policy");
  });

  it("prints the trust policy of an environment's jobs", async () => {
    const ids = ["--owner-id", "12", "--repo-id", "34"];
    const job = ["--repo", "octo-org/website", "--environment", "production", ...ids];
    const { exitCode, stdout } = await policy("github", "--env", "live", ...job);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).Statement[0].Condition.StringEquals).toEqual({
      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
      "token.actions.githubusercontent.com:sub": [
        "repo:octo-org/website:environment:production",
        "repo:octo-org@12/website@34:environment:production",
      ],
    });
  });

  it("is one versioned document with --json", async () => {
    const { stdout } = await policy("admin", "--env", "live", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      command: "policy",
      exitCode: 0,
      subject: "admin",
      policy: { Version: "2012-10-17" },
    });
  });

  it.each([
    ["a role that there is not", ["owner", "--env", "live"], /deployer, operator, admin, github/],
    ["no role", ["--env", "live"], /missing required argument/],
    ["an environment of this machine", ["deployer"], /needs no policy/],
    ["no account", ["deployer", "--env", "nameless"], /Set account in slipway.config.ts/],
    ["a wrong account", ["deployer", "--env", "nameless", "--account", "12"], /twelve digits/],
    ["a star for an id", ["deployer", "--env", "live", "--store", "*"], /not an id/],
    ["a trust option for a role", ["deployer", "--env", "live", "--repo", "a/b"], /policy github/],
    ["no repository", ["github", "--env", "live"], /--repo OWNER\/NAME/],
    ["a wrong repository", ["github", "--env", "live", "--repo", "website"], /OWNER\/NAME/],
    [
      "a branch and an environment",
      ["github", "--env", "live", "--repo", "a/b", "--branch", "main", "--environment", "e"],
      /given together/,
    ],
  ])("refuses %s with exit code 2 and what to do", async (_, args, words) => {
    const { exitCode, stdout, stderr } = await policy(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(words);
    expect(stderr).toContain("next:");
  });
});
