import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import { launchCli, runCli } from "../support/cli-process.ts";
import { send } from "../support/http-client.ts";
import { createProxiedProject, type ProxiedProject } from "../support/proxied-project.ts";
import { runsSlow } from "../support/slow-tests.ts";
import {
  startTripwireProxy,
  type Tripwire,
  type TripwireProxy,
} from "../support/tripwire-proxy.ts";

/**
 * A deploy is killed at its k-th request, for every k: no reader ever sees a torn site, and the next
 * deploy needs no help.
 */

type Fixture = ProxiedProject<TripwireProxy>;

/** An edition of the site as its files: all but the stylesheet differ from the edition before. */
type Edition = ReadonlyMap<string, string>;

const PARTIAL = { exitCode: 5, kind: "partial" };
const RELEASED = { exitCode: 0, kind: "released" };

/** While it reads, at the first write, among the pages, and when the release is out. */
const STOPS = [
  ["SIGTERM", 1, PARTIAL],
  ["SIGINT", 4, PARTIAL],
  ["SIGTERM", 7, PARTIAL],
  ["SIGINT", 12, RELEASED],
] as const;

/** About a minute where nothing else runs. */
const PATIENCE_MS = 400_000;

const isSlow = runsSlow("a deploy killed at each of its requests; broken-off.test.ts kills some");

const REDEPLOY = ["deploy", "--env", "live", "--yes", "--wait"];

const STYLE = "style.0a1b2c3d4e.css";
const HASHED = /\.[0-9a-f]{10}\.(?:js|css)$/;

function editionOf(number: number): Edition {
  const script = `console.log("edition ${number}");`;
  const hash = createHash("sha256").update(script).digest("hex").slice(0, 10);
  const page = (title: string) =>
    `<!doctype html><title>${title}</title><link rel="stylesheet" href="/${STYLE}">` +
    `<script src="/app.${hash}.js"></script><img src="/logo.svg" alt=""><p>Edition ${number}.</p>` +
    `${"Enough words to be cut in the middle. ".repeat(200)}</html>`;
  return new Map([
    ["index.html", page("Home")],
    ["about/index.html", page("About")],
    [`only-in-${number}/index.html`, page("Only here")],
    [`app.${hash}.js`, script],
    [STYLE, "body { margin: 0 }"],
    ["logo.svg", `<svg xmlns="http://www.w3.org/2000/svg"><title>${number}</title></svg>`],
    ["feed.xml", `<feed><title>Edition ${number}</title></feed>`],
  ]);
}

function pagesOf(edition: Edition): readonly string[] {
  return [...edition.keys()].filter((key) => key.endsWith(".html"));
}

function urlOf(key: string): string {
  return `/${key.replace(/(^|\/)index\.html$/, "$1")}`;
}

async function build({ project }: Fixture, number: number): Promise<Edition> {
  await project.remove("_site").catch(() => {});
  const edition = editionOf(number);
  for (const [name, text] of edition) await project.write(`_site/${name}`, text);
  return edition;
}

/** Deploys until the tripwire trips, unless the deploy ends before. */
async function deployInto(
  { project, proxy, cli }: Fixture,
  { signal, ...place }: Pick<Tripwire, "at" | "when"> & { readonly signal: NodeJS.Signals },
) {
  let tripped = false;
  const deploy = launchCli(project.root, ["deploy", "--env", "live", "--yes", "--json"], cli);
  proxy.watch({
    ...place,
    trip: () => {
      tripped = true;
      void deploy.stop(signal);
    },
  });
  const end = await deploy.ended;
  return { tripped, ...end };
}

/** Deploys again, until the edge shows it. */
async function redeploy({ project, cli }: Fixture) {
  return await runCliHere(project.root, REDEPLOY, cli);
}

/** What readers must never see, whether the edge answers from its cache or from the bucket. */
async function findTornPages(fixture: Fixture, editions: readonly Edition[]) {
  const { edge, clients } = fixture;
  const stored = await clients.objects();
  const torn: string[] = [];
  for (const key of new Set(editions.flatMap(pagesOf))) {
    const whole = editions.flatMap((edition) => edition.get(key) ?? []);
    const fresh = stored.has(key) ? await clients.objectText(key) : undefined;
    const { status, text } = await send(edge.viewerUrl, urlOf(key));
    const viewed = status === 200 ? text : undefined;
    for (const seen of [fresh, viewed]) {
      if (seen === undefined) continue;
      if (!whole.includes(seen)) torn.push(`${key} is neither the old nor the new one`);
      torn.push(...(await findMissing(seen, fixture)).map((name) => `${key} names no ${name}`));
    }
  }
  return torn;
}

async function findMissing(html: string, { edge }: Fixture): Promise<readonly string[]> {
  const names = [...html.matchAll(/(?:href|src)="\/([^"]+)"/g)].map(([, name = ""]) => name);
  expect(names).toHaveLength(3);
  const answers = await Promise.all(names.map((name) => send(edge.viewerUrl, `/${name}`)));
  return names.filter((_, i) => answers[i]?.status !== 200);
}

/** Everything is as if this edition had been deployed onto nothing, but for kept old assets. */
async function expectLive({ edge, clients }: Fixture, edition: Edition, before: Edition) {
  const stored = [...(await clients.objects()).keys()];
  expect(stored.filter((key) => !edition.has(key) && !HASHED.test(key))).toEqual([]);
  for (const [key, text] of edition) {
    expect(await clients.objectText(key)).toBe(text);
    expect((await send(edge.viewerUrl, urlOf(key))).text).toBe(text);
  }
  for (const key of before.keys()) {
    if (edition.has(key) || HASHED.test(key)) continue;
    expect((await send(edge.viewerUrl, urlOf(key))).status).toBe(404);
  }
  const lock = clients.objectText(".slipway/lock.json");
  await expect(lock).rejects.toMatchObject({ name: "NoSuchKey" });
}

/** Kills a deploy at its k-th request for every k; gives the last one and how many were tried. */
async function killEverywhere(fixture: Fixture, when: Tripwire["when"]) {
  const { project, proxy, cli } = fixture;
  let before = await build(fixture, 0);
  expect(await runCli(project.root, REDEPLOY, cli)).toMatchObject({ exitCode: 0 });
  await expectLive(fixture, before, new Map());
  for (let [k, kills] = [when === "sent" ? 1 : 3, 0]; ; k++, kills++) {
    const edition = await build(fixture, k);
    const { tripped, ...end } = await deployInto(fixture, { at: k, when, signal: "SIGKILL" });
    expect({ k, ...end }).toMatchObject({ k, exitCode: tripped ? null : 0 });
    expect(await findTornPages(fixture, [before, edition]), `killed at request ${k}`).toEqual([]);
    proxy.watch();
    const again = await redeploy(fixture);
    expect({ k, ...again }).toMatchObject({ k, exitCode: 0 });
    await expectLive(fixture, edition, before);
    if (!tripped) return { last: k - 1, kills };
    before = edition;
  }
}

describe.skipIf(!isSlow)("a deploy that is killed", () => {
  it.concurrent.each(["sent", "answered"] as const)(
    "right after its k-th request was %s, for every k, tears nothing, and the next one heals everything at once",
    async (when) => {
      const fixture = await createProxiedProject(startTripwireProxy);
      try {
        const { last, kills } = await killEverywhere(fixture, when);
        console.log(`killed ${kills} deploys of up to ${last} requests, ${when}`);
        expect(last).toBeGreaterThan(15);
        expect(kills).toBeGreaterThanOrEqual(15);
        const status = await runCliHere(
          fixture.project.root,
          ["status", "--env", "live", "--json"],
          fixture.cli,
        );
        expect(JSON.parse(status.stdout)).toMatchObject({
          kind: "live",
          activity: { kind: "idle" },
        });
      } finally {
        await fixture.close();
      }
    },
    PATIENCE_MS,
  );
});

describe.skipIf(!isSlow)("a deploy that is asked to stop", () => {
  it.concurrent(
    "ends in order and says how, and the next one goes on from there",
    async () => {
      const fixture = await createProxiedProject(startTripwireProxy);
      const { proxy } = fixture;
      try {
        let before = await build(fixture, 0);
        expect(await redeploy(fixture)).toMatchObject({ exitCode: 0 });
        for (const [signal, at, ending] of STOPS) {
          const edition = await build(fixture, at);
          const stopped = await deployInto(fixture, { at, when: "sent", signal });
          const { exitCode, kind } = JSON.parse(stopped.stdout);
          expect({ signal, at, ...stopped, kind }).toMatchObject({ ...ending, signal, at });
          expect(exitCode).toBe(ending.exitCode);
          expect(await findTornPages(fixture, [before, edition])).toEqual([]);
          proxy.watch();
          expect(await redeploy(fixture)).toMatchObject({ exitCode: 0 });
          await expectLive(fixture, edition, before);
          before = edition;
        }
      } finally {
        await fixture.close();
      }
    },
    PATIENCE_MS,
  );
});
