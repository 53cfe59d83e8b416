import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import { type CliProcess, type CliResult, launchCli } from "../support/cli-process.ts";
import { send } from "../support/http-client.ts";
import { createProxiedProject, type ProxiedProject } from "../support/proxied-project.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";
import { startTripwireProxy, type TripwireProxy } from "../support/tripwire-proxy.ts";

/** Two checkouts of one site, deployed to one bucket: at the same time, and in the wrong order. */

let fixture: ProxiedProject<TripwireProxy>;
let other: TempProject;
let edition = 0;

beforeAll(async () => {
  fixture = await createProxiedProject(startTripwireProxy);
  const config = await fixture.project.read("slipway.config.ts");
  other = await createTinyProject({}, config);
});

afterAll(async () => {
  await fixture?.close();
  await other?.dispose();
});

beforeEach(async () => {
  edition += 1;
  for (const [name, { write }] of [
    ["mine", fixture.project],
    ["other", other],
  ] as const) {
    await write("_site/index.html", textOf(name));
    await write(`_site/${name}.html`, textOf(name));
  }
});

function textOf(name: string): string {
  return `<p>${name}, edition ${edition}</p>`;
}

function launch({ root }: TempProject, ...args: readonly string[]): CliProcess {
  return launchCli(root, ["deploy", "--env", "live", "--yes", "--json", ...args], fixture.cli);
}

/** The same in this process. */
function deploy({ root }: TempProject, ...args: readonly string[]): Promise<CliResult> {
  const command = ["deploy", "--env", "live", "--yes", "--json", ...args];
  return runCliHere(root, command, fixture.cli);
}

async function releases(): Promise<readonly { readonly id: string }[]> {
  const listed = await runCliHere(other.root, ["releases", "--env", "live", "--json"], fixture.cli);
  return JSON.parse(listed.stdout).releases;
}

async function expectLive(name: string) {
  const absent = name === "mine" ? "other" : "mine";
  expect((await send(fixture.edge.viewerUrl, "/")).text).toBe(textOf(name));
  expect([...(await fixture.clients.objects()).keys()]).toEqual(
    expect.not.arrayContaining([`${absent}.html`]),
  );
}

describe.skipIf(!runsSlow("two deploys of one bucket take 15 s"))(
  "two deploys at the same time",
  () => {
    it("come one after the other when the second is told to wait, and the last one is live", async () => {
      const before = (await releases()).length;
      const wait = ["--wait", "--wait-lock", "1m"];
      const ends = await Promise.all([
        launch(fixture.project, ...wait).ended.then((end) => ({ name: "mine", ...end })),
        launch(other, ...wait).ended.then((end) => ({ name: "other", ...end })),
      ]);
      expect(ends).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
      const [newest, ...older] = await releases();
      expect(older).toHaveLength(before + 1);
      const last = ends.find(({ stdout }) => JSON.parse(stdout).release.id === newest?.id);
      await expectLive(last?.name ?? "nobody");
    });

    it("end with exit code 7 for the one that finds the lock held, which has written nothing", async () => {
      const { proxy, project } = fixture;
      let loser: Promise<{ readonly exitCode: number | null; readonly stderr: string }> | undefined;
      // Held up in the middle of its pages until the other one has ended.
      const resumed = new Promise<void>((resume) => {
        proxy.watch({
          at: 4,
          when: "sent",
          trip: () => {
            winner.pause();
            loser = launch(other).ended;
            void loser.then(() => {
              winner.resume();
              resume();
            });
          },
        });
      });
      const winner = pausable(launch(project, "--wait"));
      await resumed;
      expect(await loser).toMatchObject({
        exitCode: 7,
        stderr: expect.stringContaining("Another deploy holds the lock"),
      });
      expect(await winner.ended).toMatchObject({ exitCode: 0 });
      expect(proxy.requests().filter((request) => request.includes("other.html"))).toEqual([]);
      await expectLive("mine");
    });
  },
);

function pausable(deploy: CliProcess) {
  return {
    ended: deploy.ended,
    pause: () => process.kill(deploy.pid, "SIGSTOP"),
    resume: () => process.kill(deploy.pid, "SIGCONT"),
  };
}

describe("an older commit after a newer one", () => {
  it("is refused before any write, unless it is told that this is on purpose", async () => {
    await commit(fixture.project, "2026-03-02T12:00:00Z");
    await commit(other, "2026-03-01T12:00:00Z");
    expect(await deploy(fixture.project, "--wait")).toMatchObject({ exitCode: 0 });
    const before = await fixture.clients.objects();
    const refused = await deploy(other);
    expect(refused).toMatchObject({ exitCode: 4 });
    expect(JSON.parse(refused.stdout).plan.violations).toMatchObject([{ rule: "older-commit" }]);
    expect(await fixture.clients.objects()).toEqual(before);
    await expectLive("mine");

    const allowed = await deploy(other, "--allow-older-commit", "--wait");
    expect(allowed).toMatchObject({ exitCode: 0 });
    await expectLive("other");
  });
});

async function commit({ root }: TempProject, at: string): Promise<void> {
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_DATE: at,
  };
  const git = (...args: readonly string[]) => promisify(execFile)("git", args, { cwd: root, env });
  await git("init", "--quiet");
  const who = ["-c", "user.name=Mira", "-c", "user.email=mira@nakedcoders.example"];
  await git(...who, "commit", "--quiet", "--allow-empty", "--message", "An edition of the site");
}
