import { z } from "zod";
import { SlipwayError } from "./core/errors.ts";
import type { PathLimits } from "./core/fold-prices.ts";
import { DEFAULT_GRACE } from "./core/grace.ts";
import { DEFAULT_LIMITS } from "./core/guard-limits.ts";
import { DEFAULT_PATH_LIMITS } from "./core/invalidation.ts";

/**
 * The one file that an adopter edits, `slipway.config.ts`, as a schema: it gives the types, the
 * checks and the reference. `parseConfig` is the only door; past it nobody checks again.
 */
/** S3-UG "Working with object metadata": 2 KB for all that S3 itself understands. */
const header = z
  .string()
  .min(1)
  .max(2048)
  // Another letter is signed as one byte and sent as another, so S3 would call the secret key wrong.
  .regex(
    /^[\x20-\x7e]*$/,
    "must be one line of ASCII, without control characters (a file name with other letters: filename*=UTF-8''%C3%BC.pdf)",
  );

const headerRule = z.strictObject({
  match: z.string().min(1).describe("A glob over the keys: `downloads/**`, `*.pdf`."),
  set: z
    .strictObject({
      contentType: header
        .optional()
        .describe("Content-Type, instead of the one that the file's name gives."),
      cacheControl: header
        .optional()
        .describe("Cache-Control, for browsers and the CDN alike; `s-maxage` is for the CDN only."),
      contentEncoding: header
        .optional()
        .describe("Content-Encoding, for files that are stored compressed."),
      contentDisposition: header
        .optional()
        .describe("Content-Disposition: `attachment` makes browsers save the file."),
      contentLanguage: header.optional().describe("Content-Language, as `en` or `de-AT`."),
    })
    .describe("The headers that matching files get instead of the defaults; each is one line."),
});

const headers = z
  .array(headerRule)
  .default([])
  .describe(
    "Rules for the headers of single files, in order: where two match, the later one wins.",
  );

const command = z.array(z.string().min(1)).min(1);

const site = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "use lower-case letters, digits and dashes")
    .describe(
      "Lower-case letters, digits and dashes. Marks the bucket as this site's, so that no other site is deployed over it.",
    ),
  build: command.describe(
    "Program and arguments that build the site, run in the project's root. Any generator will do.",
  ),
  dev: command.describe("Program and arguments of the development server."),
  new: command
    .optional()
    .describe(
      "Program and arguments that begin an article; what follows `slipway new` is added to them.",
    ),
  output: z
    .string()
    .refine(
      isFolderOfItsOwn,
      "a folder of its own, such as _site: not the project's, and none above it",
    )
    .describe(
      "The folder that the build writes and a deploy reads, relative to the project's root.",
    ),
});

/** A deploy sends all that is in it, so it must not be a folder that the project itself lies in. */
function isFolderOfItsOwn(path: string): boolean {
  const parts: string[] = [];
  for (const part of path.split(/[\\/]+/)) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.length > 0;
}

const api = z
  .url({ protocol: /^https?$/ })
  .optional()
  .describe(
    "The service behind `/api/`, as `https://api.example.com`: its answers are never cached. Without it those paths are pages like all others.",
  );

const localEnvironment = z.strictObject({
  kind: z.literal("local").describe("The local edge on this machine."),
  api,
  headers,
});

const hostName = z
  .string()
  .regex(
    /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/,
    "a whole host name in ASCII and lower case, without https://, port, star and last dot (münchen.de is xn--mnchen-3ya.de)",
  );

const domain = z
  .strictObject({
    canonical: hostName.describe("The name that people should see: `www.example.com`."),
    also: z
      .array(hostName)
      .default([])
      .describe("Names that are sent there with 301: `example.com`."),
  })
  .optional()
  .describe("The site's own names. Without it the site is found under CloudFront's name.");

const awsEnvironment = z.strictObject({
  kind: z.literal("aws").describe("A bucket and a distribution in an AWS account."),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "3-63 characters: a-z, 0-9, dot and dash")
    .describe("The bucket's name. `slipway setup` creates or adopts it; a deploy never does."),
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "looks like eu-west-1")
    .describe("The region that the bucket is in, as `eu-west-1`."),
  account: z
    .string()
    .regex(/^\d{12}$/, "twelve digits")
    .optional()
    .describe("The account that it must be; setup and doctor stop at any other."),
  distribution: z
    .string()
    .regex(/^[A-Z0-9]+$/, "looks like E2QWRUHEXAMPLE")
    .optional()
    .describe(
      "The CloudFront distribution. Without it, the one that `slipway setup` made or adopted; without that one either, nothing is invalidated.",
    ),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where people find the site."),
  domain,
  api,
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Another S3-compatible store instead of Amazon S3."),
  cdnEndpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Another CloudFront-compatible API instead of Amazon CloudFront."),
  headers,
});

const environment = z.discriminatedUnion("kind", [localEnvironment, awsEnvironment]);

const keep = z
  .strictObject({
    releases: z
      .int()
      .positive()
      .default(DEFAULT_GRACE.releases)
      .describe("It stays while one of this many last releases named it …"),
    days: z
      .number()
      .nonnegative()
      .default(DEFAULT_GRACE.days)
      .describe("… or while the site stopped naming it less than this many days ago."),
  })
  .prefault({})
  .describe("How long a file with a content hash in its name stays after the site dropped it.");

const guards = z
  .strictObject({
    removals: z
      .strictObject({
        count: z
          .int()
          .nonnegative()
          .default(DEFAULT_LIMITS.removals.count)
          .describe("This many pages, and this many other files, may always go away …"),
        share: z
          .number()
          .min(0)
          .max(1)
          .default(DEFAULT_LIMITS.removals.share)
          .describe("… and more only up to this share of those that are live, 0 to 1."),
      })
      .prefault({})
      .describe("How much one release may take away; files that stay for a while do not count."),
    removedUrls: z
      .enum(["report", "refuse"])
      .default(DEFAULT_LIMITS.removedUrls)
      .describe("What happens when an address that was live goes away without a redirect."),
    elsewhere: z
      .array(z.string().min(1))
      .default([...DEFAULT_LIMITS.elsewhere])
      .describe(
        "Globs over the site's paths, without the first slash, that something else answers: they are never missing. Yours replace the default.",
      ),
  })
  .prefault({})
  .describe("What a deploy refuses before the first write; docs/guards.md describes each guard.");

const invalidation = z
  .strictObject({
    maxPaths: z
      .int()
      .positive()
      .max(DEFAULT_PATH_LIMITS.paths)
      .default(DEFAULT_PATH_LIMITS.paths)
      .describe(
        "The most paths for one release, a wildcard being one. CloudFront bills them above 1,000 a month: 100 here costs at most US$0.50 a release.",
      ),
    maxWildcards: z
      .int()
      .positive()
      .max(DEFAULT_PATH_LIMITS.wildcards)
      .default(DEFAULT_PATH_LIMITS.wildcards)
      .describe("How many of them may be wildcards; CloudFront has at most 15 in progress."),
  })
  .prefault({})
  .describe(
    "When a release changes more URLs than this, those that forget the fewest others go together; docs/invalidation.md says how.",
  );

const RULE_STATUSES = [200, 301, 302, 303, 307, 308, 404, 410] as const;

const edge = z
  .strictObject({
    redirects: z
      .array(
        z.strictObject({
          from: z
            .string()
            .describe("As the first word of a line in `_redirects`: `/blog/:year/*`."),
          query: z
            .record(z.string(), z.string())
            .optional()
            .describe("Parameters that must be there: a value, or `:name` to use it in `to`."),
          to: z
            .string()
            .optional()
            .describe("A path of this site or a whole URL; none with 404 and 410."),
          status: z
            .union(
              RULE_STATUSES.map((status) => z.literal(status)),
              { error: `it is one of ${RULE_STATUSES.join(", ")}, without quotes` },
            )
            .optional()
            .describe("301 if it is left out; 200 shows the other page under this address."),
          force: z.boolean().optional().describe("Also where the site has a page of that address."),
        }),
      )
      .default([])
      .describe("Tried before the lines of `_redirects`; the first that fits answers."),
    headers: z
      .array(
        z.strictObject({
          for: z.string().describe("The paths, as in `_headers`: `/*`, `/downloads/*`."),
          set: z.record(z.string(), z.string()).default({}).describe("Header names and values."),
          remove: z.array(z.string()).default([]).describe("Names that are taken away."),
        }),
      )
      .default([])
      .describe("Besides the blocks of `_headers`."),
  })
  .prefault({})
  .describe("What the edge does to requests and answers; docs/edge-rules.md describes it.");

/** The whole file. Exported for the reference page that is generated from it. */
export const configSchema = z.strictObject({
  site: site.describe("What is built, whatever environment it is deployed to."),
  keep,
  guards,
  invalidation,
  edge,
  environments: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, "use lower-case letters, digits and dashes"),
      environment,
    )
    .describe(
      "Where it can be deployed to, by name: `--env NAME` chooses one, `local` is the default. A name has lower-case letters, digits and dashes, and begins with a letter.",
    ),
});

/** What `slipway.config.ts` may say. */
export type SlipwayConfig = z.input<typeof configSchema>;
/** What it says once it is checked and completed. */
export type Config = z.output<typeof configSchema>;
export type Environment = z.output<typeof environment>;

/** How many paths an invalidation may have, as the core counts them. */
export function pathLimitsOf({ invalidation: { maxPaths, maxWildcards } }: Config): PathLimits {
  return { paths: maxPaths, wildcards: maxWildcards };
}

/** Gives a config file's author completion and checks while typing; returns its argument. */
export function defineConfig(value: SlipwayConfig): SlipwayConfig {
  return value;
}

/** The config file's value → one checked value, or a SlipwayError that lists every problem in it. */
export function parseConfig(value: unknown, file: string): Config {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SlipwayError("config", {
    what: `${file} is not valid`,
    why: parsed.error.issues
      .map((issue) => `${pathOf(issue.path)}: ${messageOf(issue)}`)
      .join("; "),
    next: "Mend the named fields; docs/config.md describes each of them.",
  });
}

/** Of a name that is not allowed zod says only that, and keeps the reason apart. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_key") return issue.message;
  return issue.issues.map(({ message }) => message).join(", ");
}

function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the default export";
  return path.reduce<string>((before, part) => {
    if (typeof part === "number") return `${before}[${part}]`;
    return before === "" ? String(part) : `${before}.${String(part)}`;
  }, "");
}

/** The named environment. Throws a SlipwayError that lists those there are. */
export function environmentOf(config: Config, name: string): Environment {
  const found = Object.hasOwn(config.environments, name) ? config.environments[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(config.environments).sort().join(", ");
  throw new SlipwayError("usage", {
    what: `There is no environment "${name}"`,
    why: known === "" ? "slipway.config.ts names none" : `slipway.config.ts names: ${known}`,
    next: "Choose one with --env NAME, or add it to environments in slipway.config.ts.",
  });
}
