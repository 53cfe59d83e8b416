import { createHash } from "node:crypto";
import { pick, seededRandom } from "./seeded-random.ts";

/**
 * A site that changes while it is read. Everything that it was is remembered, so that an answer can be
 * held against all that was possible between the start of its request and its end.
 */
export type EditionSite = {
  readonly current: Edition;
  /** The next edition: some pages changed, one new, one gone. It counts as possible at once. */
  begin(): Edition;
  /** The edition before the current one comes again, under a new number. */
  beginRollback(): Edition;
  /** No request that starts later may see what the current edition has written over. */
  settleWrites(): void;
  /** Nor what it has removed. */
  settle(): void;
  /** To be asked for when a request starts. */
  settled(): Settled;
  /** What the address may give to a request that started at that point; undefined: nothing. */
  possible(address: string, since: Settled): readonly (SiteFile | undefined)[];
};

/** How far the site had settled when a request started. */
export type Settled = { readonly state: number; readonly edition: number };

export type Edition = {
  readonly number: number;
  /** By address: `/`, `/articles/3/`, `/assets/photo.png`. */
  readonly files: ReadonlyMap<string, SiteFile>;
};

export type SiteFile = {
  readonly bytes: Buffer;
  /** As S3 makes it of an object that was sent in one piece. */
  readonly etag: string;
  readonly isText: boolean;
};

export const ARTICLES = 24;
/** Of so many latest news each has a page. */
const NEWS = 3;
const CHANGED_ARTICLES = 5;
const NOT_FOUND_PAGE = "/404.html";

const PERMANENT: ReadonlyMap<string, SiteFile> = new Map([
  ["/assets/site.3f2a9c01d4.css", textFile(".card > .title { color: #123456; }\n".repeat(300))],
  ["/assets/site.77ab01c9ee.js", textFile("export const title = () => 'a title';\n".repeat(500))],
  ["/assets/photo.png", { ...fileOf(noise(120_000)), isText: false }],
  ["/tiny.txt", textFile("Too small to be compressed.")],
]);

export function createEditionSite(seed: number): EditionSite {
  const random = seededRandom(seed);
  const editions: Edition[] = [firstEdition()];
  /** Two for each edition after the first: all written and nothing removed, then removed as well. */
  const states: Edition["files"][] = editions.map(({ files }) => files);
  const current = () => editions.at(-1) as Edition;
  let settled: Settled = { state: 0, edition: 0 };
  const push = (files: Edition["files"]) => {
    states.push(new Map([...current().files, ...files]), files);
    editions.push({ number: editions.length, files });
    return current();
  };
  return {
    get current() {
      return current();
    },
    begin() {
      const number = editions.length;
      const changed = ["/", "/about/", NOT_FOUND_PAGE, newsAddress(number)];
      for (let i = 0; i < CHANGED_ARTICLES; i++) changed.push(articleAddress(pick(random, ALL)));
      const files = new Map(current().files);
      for (const address of changed) files.set(address, pageOf(address, number));
      files.delete(newsAddress(number - NEWS));
      return push(files);
    },
    beginRollback: () => push((editions.at(-2) ?? current()).files),
    settleWrites() {
      settled = { state: states.length - 2, edition: current().number };
    },
    settle() {
      settled = { state: states.length - 1, edition: current().number };
    },
    settled: () => settled,
    possible: (address, since) => [
      ...new Set(states.slice(since.state).map((files) => files.get(address))),
    ],
  };
}

const ALL = Array.from({ length: ARTICLES }, (_, index) => index);

export function articleAddress(index: number): string {
  return `/articles/${index}/`;
}

/** The page that comes with an edition and goes a few editions later. */
export function newsAddress(edition: number): string {
  return `/news/${edition}/`;
}

/** The file's place in the site's folder. */
export function fileNameOf(address: string): string {
  return `${address.slice(1)}${address.endsWith("/") ? "index.html" : ""}`;
}

function firstEdition(): Edition {
  const addresses = ["/", "/about/", NOT_FOUND_PAGE, ...ALL.map(articleAddress)];
  const pages = addresses.map((address) => [address, pageOf(address, 0)] as const);
  return { number: 0, files: new Map([...PERMANENT, ...pages]) };
}

/** Between 1 and 25 kB, by its address; the edition is what changes. */
function pageOf(address: string, edition: number): SiteFile {
  const sentences = 30 + (createHash("md5").update(address).digest().readUInt16BE() % 800);
  const text = "An edge keeps what it has got. ".repeat(sentences);
  return textFile(
    `<!doctype html><title>${address}</title><h1>Edition ${edition}</h1><p>${text}</p>\n`,
  );
}

function textFile(text: string): SiteFile {
  return { ...fileOf(Buffer.from(text)), isText: true };
}

function fileOf(bytes: Buffer) {
  return { bytes, etag: `"${createHash("md5").update(bytes).digest("hex")}"` };
}

function noise(size: number): Buffer {
  const random = seededRandom(size);
  return Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
}
