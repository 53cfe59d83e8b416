import { describe, expect, it, onTestFinished } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import { type CliResult, launchCli, runCli } from "../support/cli-process.ts";
import { eventually } from "../support/eventually.ts";
import { idsIn, visit } from "../support/ops-visit.ts";
import { hasRabbit, type Vhost } from "../support/rabbitmq.ts";
import { freshVhost } from "../support/shared-rabbit.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

const whole = runsSlow("slipway events from set-up to purge takes 15 s");

describe.skipIf(!hasRabbit())("slipway events on a real broker", { timeout: 240_000 }, () => {
  it.skipIf(!whole)("sets up, keeps, shows, replays, drops and purges", async () => {
    const at = await freshVhost();
    const { project, events } = await operator(at);
    const { channel, publish } = await visit(at);
    expect(await events("setup")).toMatchObject({ exitCode: 0 });
    expect((await events("keep")).stdout).toContain("a probe proved it");
    await publish("user.erased.v1", "site.made.v1", "user.erased.v1", "odd.one.v1");
    expect((await events("status")).stdout).toMatch(/events\.errors 4 messages/);
    expect((await events("list")).stdout).toMatch(/2 {2}user\.erased\.v1/);

    await channel.assertQueue("mailer", { durable: true });
    await channel.bindQueue("mailer", "events", "user.#");
    const asked = await events("replay");
    expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--yes") });
    const replayed = await events("replay", "--yes", "--json");
    expect(JSON.parse(replayed.stdout)).toMatchObject({
      version: 1,
      command: "events",
      verb: "replay",
      exitCode: 0,
      kind: "replayed",
      replayed: 2,
      unbound: 2,
    });
    expect(await idsIn(channel, "mailer")).toEqual(["1", "3"]);
    expect(await events("replay", "--yes")).toMatchObject({ exitCode: 4 });

    const unanswered = await events("purge");
    expect(unanswered).toMatchObject({ exitCode: 2 });
    expect([...(await project.digests("."))].some(([name]) => name.endsWith(".jsonl"))).toBe(false);
    expect(await events("drop", "--yes")).toMatchObject({ exitCode: 2 });
    expect(await events("drop", "--id", "77", "--yes")).toMatchObject({ exitCode: 2 });
    const dropped = await events("drop", "--id", "4", "--yes", "--out", "odd.jsonl");
    expect(dropped).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(await project.read("odd.jsonl"))).toMatchObject({ routingKey: "odd.one.v1" });
    expect(await events("purge", "--yes", "--out", "odd.jsonl")).toMatchObject({ exitCode: 2 });
    expect((await events("purge", "--yes", "--out", "all.jsonl")).stdout).toContain("Removed 1");
    expect((await events("list")).stdout).toBe("events.errors is empty.\n");
    expect((await events("discard", "--yes")).stdout).toContain("now dropped");
  });

  it("shows what passes by, as JSON lines, until it is told to end", async () => {
    const at = await freshVhost();
    const { project, events, env } = await operator(at);
    const { publish, management } = await visit(at);
    await events("setup");
    await events("keep");
    const tail = launchCli(project.root, ["events", "tail", "site.#", "--json"], { env });
    onTestFinished(async () => void (await tail.stop("SIGKILL")));
    await eventually(
      async () => ((await management.bindingsOf("events.unrouted")).length > 1 ? true : undefined),
      { seconds: 30, describe: () => JSON.stringify(tail.output()) },
    );
    await publish("user.erased.v1", "site.made.v1");
    await eventually(() => (tail.output().stdout === "" ? undefined : true), {
      seconds: 10,
      describe: () => JSON.stringify(tail.output()),
    });
    const { stdout, exitCode } = await tail.stop("SIGINT");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      command: "events",
      verb: "tail",
      event: { kind: "site.made.v1", queues: [] },
    });
  });

  it("says what is wrong with what it was given, and shows no password", async () => {
    const at = await freshVhost();
    const { project } = await operator(at);
    const run = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
      runCliHere(project.root, ["events", ...args], { env });
    const wrong = at.amqpUrl.replace("guest:guest", "guest:s3cret");
    expect(await runCli(project.root, ["events", "status"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("AMQP_URL is not set"),
    });
    const outcomes = [
      await run({ AMQP_URL: wrong }, "status"),
      await run({ AMQP_URL: "amqp://guest:s3cret@127.0.0.1:9" }, "list"),
      await run({ AMQP_URL: at.amqpUrl, AMQP_ADMIN_URL: "http://a:s3cret@127.0.0.1:9" }, "keep"),
      await run({ AMQP_URL: at.amqpUrl }, "keep"),
      await run({ AMQP_URL: at.amqpUrl }, "list", "--queue", "nowhere"),
      await run({ AMQP_URL: at.amqpUrl }, "list", "--kind", "us*r.x"),
      await run({}, "republish", "--since", "7d", "--yes"),
      await run({}, "republish", "--since", "yesterday", "--yes"),
      await run({}, "nothing-like-it"),
    ];
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([6, 6, 6, 2, 2, 2, 2, 2, 2]);
    for (const { stdout, stderr } of outcomes) {
      expect(stdout + stderr).not.toContain("s3cret");
      expect(stderr).toMatch(/^error .*\n {2}why: {2}.*\n {2}next: /);
    }
  });
});

type Operator = {
  readonly project: TempProject;
  readonly env: Readonly<Record<string, string>>;
  readonly events: (...args: readonly string[]) => Promise<CliResult>;
};

async function operator(at: Vhost): Promise<Operator> {
  const project = await createTinyProject();
  onTestFinished(() => project.dispose());
  const env = { AMQP_URL: at.amqpUrl, AMQP_ADMIN_URL: at.adminUrl };
  return {
    project,
    env,
    events: (...args) => runCliHere(project.root, ["events", ...args], { env }),
  };
}
