import { Agent, type OutgoingHttpHeaders, request } from "node:http";
import { type Answer, complaintAbout, type Question } from "./edition-answer.ts";
import { ARTICLES, articleAddress, type EditionSite, newsAddress } from "./edition-site.ts";
import { pick, type Random, seededRandom } from "./seeded-random.ts";

/** What the visitors of one edge saw, all together. */
export type Observations = {
  connections: number;
  requests: number;
  /** Answers by what was asked and the status that came: `page 200`. */
  readonly answers: Map<string, number>;
  /** What no visitor may ever see, in words. */
  readonly complaints: string[];
};

const CODINGS = ["", "gzip", "br", "gzip, deflate, br"] as const;
const ASSETS = ["/assets/site.3f2a9c01d4.css", "/assets/site.77ab01c9ee.js", "/tiny.txt"];
const PHOTO = "/assets/photo.png";

/**
 * Reads the site over one connection, one request after the other, until it is told to stop, and
 * holds each answer against the editions that were possible. Ends at the first broken connection.
 */
export async function visit(
  edgeUrl: string,
  site: EditionSite,
  order: {
    readonly seed: number;
    readonly observations: Observations;
    readonly until: () => boolean;
  },
): Promise<void> {
  const { seed, observations, until } = order;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = asker(edgeUrl, agent, () => {
    observations.connections += 1;
  });
  const random = seededRandom(seed);
  const etags = new Map<string, string>();
  try {
    while (!until()) {
      const question = nextQuestion(random, site, etags);
      const settled = site.settled();
      const answer = await ask(question);
      const { etag } = answer.headers;
      if (answer.status === 200 && etag !== undefined) etags.set(question.address, etag);
      count(observations, question, answer);
      const complaint = complaintAbout({ question, answer, settled }, site);
      if (complaint !== undefined) observations.complaints.push(describe(question, complaint));
    }
  } catch (error) {
    observations.complaints.push(`visitor ${seed}: ${String(error)}`);
  } finally {
    agent.destroy();
  }
}

function count(observations: Observations, { kind }: Question, { status }: Answer): void {
  const { answers } = observations;
  observations.requests += 1;
  const name = `${kind} ${status}`;
  answers.set(name, (answers.get(name) ?? 0) + 1);
}

function describe({ method, path, headers }: Question, complaint: string): string {
  return `${method} ${path} ${JSON.stringify(headers)}: ${complaint}`;
}

function asker(edgeUrl: string, agent: Agent, onConnection: () => void) {
  const { hostname, port } = new URL(edgeUrl);
  return ({ method, path, headers }: Question): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ hostname, port, path, method, headers, agent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const { statusCode: status = 0, headers: received } = incoming;
          resolve({ status, headers: received, body: Buffer.concat(chunks) });
        });
      });
      outgoing.on("socket", () => {
        if (!outgoing.reusedSocket) onConnection();
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
}

function nextQuestion(
  random: Random,
  site: EditionSite,
  etags: ReadonlyMap<string, string>,
): Question {
  const chance = random();
  const coding = pick(random, CODINGS);
  const accepting = coding === "" ? {} : { "accept-encoding": coding };
  const get = (kind: Question["kind"], path: string, headers: OutgoingHttpHeaders = accepting) =>
    ({ kind, method: "GET", path, address: path, headers }) as const;
  const page = pick(random, ["/", "/about/", articleAddress(Math.floor(random() * ARTICLES))]);
  if (chance < 0.35) return get("page", page);
  if (chance < 0.5) {
    // From long gone to not yet there.
    return get("news", newsAddress(site.current.number + pick(random, [-4, -3, -2, -1, 0, 1])));
  }
  if (chance < 0.6) return get("asset", pick(random, ASSETS));
  if (chance < 0.75) {
    const etag = etags.get(page);
    return get("revisit", page, { ...accepting, ...(etag && { "if-none-match": etag }) });
  }
  if (chance < 0.83) return get("range", pick(random, [PHOTO, page]), { range: rangeOf(random) });
  if (chance < 0.9) {
    const way = pick(random, [page.replace(/(?<=.)\/$/, ""), `${page}index.html`, `/${page}`]);
    return { ...get("redirect", `${way}?from=afar`), address: page };
  }
  if (chance < 0.95) return get("missing", `/nowhere/${Math.floor(random() * 5)}/`);
  return { ...get("head", page), method: "HEAD" };
}

/** Within the first kilobyte, which every page has. */
function rangeOf(random: Random): string {
  const first = Math.floor(random() * 500);
  return `bytes=${first}-${first + Math.floor(random() * 400)}`;
}
