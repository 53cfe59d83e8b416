import { andThen, type Looked, seen, skipped } from "../core/doctor/check.ts";
import type { Answer, LiveFacts } from "../core/doctor/judge-live.ts";
import type { EdgeDocument } from "../core/edge-document.ts";
import { urlPath } from "../core/keys.ts";
import type { Manifest } from "../core/manifest.ts";
import { MANIFEST_KEY } from "../core/release.ts";
import { parseProgram } from "../edge/program-document.ts";
import type { Probe } from "../estate-ports.ts";
import { look, lookOn } from "./look.ts";

export type LiveLookOptions = {
  /** Where visitors find the site, without a slash at its end. */
  readonly url: Looked<string>;
  /** The site's own names, the canonical one first. */
  readonly names: readonly string[];
  readonly manifest: Looked<Manifest>;
  readonly program: Looked<EdgeDocument>;
};

/** No page of a site is called like this; with its last slash, or it would be sent on to it first. */
const NO_PAGE = "/slipway-doctor/no-such-page/";

/** Asks the live site as a visitor would. */
export async function lookAtSite(
  { url, names, manifest, program: released }: LiveLookOptions,
  { probe }: { readonly probe: Probe },
): Promise<LiveFacts> {
  const ask = (path: string) => (base: string) => answerOf(probe, `${base}${path}`);
  const live = andThen(manifest, () => url);
  const program = inForce(manifest, released);
  const [home, clean, missing, state, plain, others] = await Promise.all([
    lookOn(live, ask("/")),
    lookOn(live, (base) => askClean(base, manifest, program, probe)),
    lookOn(live, ask(NO_PAGE)),
    lookOn(live, ask(`/${MANIFEST_KEY}`)),
    lookOn(live, (base) => askPlain(base, probe)),
    lookOn(live, () => askOthers(names, probe)),
  ]);
  return { home, headers: headersOf(url, home, program), clean, missing, state, plain, others };
}

/** What no function runs changes no answer; whether it should run is another check's question. */
function inForce(manifest: Looked<Manifest>, program: Looked<EdgeDocument>): Looked<EdgeDocument> {
  return andThen(manifest, ({ edge }) =>
    edge?.state === "unmanaged" ? skipped("the live release's rules are not in force") : program,
  );
}

function answerOf(probe: Probe, url: string): Promise<Looked<Answer>> {
  return look(() => probe.get(url));
}

async function askClean(
  base: string,
  manifest: Looked<Manifest>,
  program: Looked<EdgeDocument>,
  probe: Probe,
): Promise<LiveFacts["clean"]> {
  if (program.kind !== "seen") return program;
  if (manifest.kind !== "seen") return manifest;
  const page = [...manifest.value.files.keys()].find((key) => key.endsWith("/index.html"));
  if (page === undefined) return skipped("the site has no page in a folder of its own");
  const path = urlPath(page).slice(0, -"/index.html".length);
  const answer = await answerOf(probe, `${base}${path}`);
  return andThen(answer, (found) => seen({ path, answer: found }));
}

async function askPlain(base: string, probe: Probe): Promise<Looked<Answer>> {
  if (!base.startsWith("https://")) return skipped("the site is served by http only");
  return await answerOf(probe, `http://${new URL(base).hostname}/`);
}

async function askOthers(names: readonly string[], probe: Probe): Promise<LiveFacts["others"]> {
  const [canonical, ...others] = names;
  if (canonical === undefined) return skipped("the environment has no domain");
  if (others.length === 0) return skipped("the environment has one name only");
  const answers = others.map(async (name) => ({
    name,
    answer: await answerOf(probe, `https://${name}/`),
  }));
  return seen({ canonical, answers: await Promise.all(answers) });
}

function headersOf(
  url: Looked<string>,
  home: Looked<Answer>,
  program: Looked<EdgeDocument>,
): LiveFacts["headers"] {
  return andThen(url, (base) =>
    andThen(home, (answer) =>
      andThen(program, ({ text }) => {
        const { headersPolicy } = parseProgram(text);
        return seen({ wanted: headersPolicy, answer, isHttps: base.startsWith("https://") });
      }),
    ),
  );
}
