import { describe, expect, it } from "vitest";
import { environmentOf, parseConfig } from "../deploy/config.ts";
import { SlipwayError } from "../deploy/core/errors.ts";
import { DEFAULT_LIMITS } from "../deploy/core/guard-limits.ts";

const site = { id: "tiny", build: ["node", "build.js"], dev: ["node", "dev.js"], output: "_site" };
const live = { kind: "aws", bucket: "tiny-site", region: "eu-west-1" };

const parse = (value: unknown) => parseConfig(value, "slipway.config.ts");

function problemsIn(value: unknown): string {
  try {
    parse(value);
  } catch (error) {
    if (error instanceof SlipwayError && error.kind === "config") return error.text.why;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("a config that is right", () => {
  it("keeps what it says", () => {
    const config = parse({ site, environments: { local: { kind: "local" }, live } });
    expect(config.site).toEqual(site);
    expect(environmentOf(config, "live")).toMatchObject(live);
    expect(environmentOf(config, "local")).toMatchObject({ kind: "local", headers: [] });
  });

  it.each(["us-east-1", "ap-southeast-3", "us-gov-west-1", "cn-north-1"])(
    "may name the region %s",
    (region) => {
      const config = parse({ site, environments: { live: { ...live, region } } });
      expect(environmentOf(config, "live")).toMatchObject({ region });
    },
  );
});

describe("the site's own name", () => {
  const named = (canonical: string) => ({
    site,
    environments: { live: { ...live, domain: { canonical } } },
  });

  it.each(["www.example.com", "example.co.uk", "xn--mnchen-3ya.de", "xn--e1afmkfd.xn--p1ai"])(
    "may be %s",
    (name) => {
      expect(environmentOf(parse(named(name)), "live")).toMatchObject({
        domain: { canonical: name, also: [] },
      });
    },
  );

  it.each(["www.Example.com", "münchen.de", "*.example.com", "example.com.", "example", "1.2.3.4"])(
    "is not %s, and is told how to write it",
    (name) => {
      expect(problemsIn(named(name))).toContain("environments.live.domain.canonical: a whole host");
    },
  );
});

describe("a config that is wrong", () => {
  it("is told what a status may be", () => {
    const edge = { redirects: [{ from: "/a", to: "/b", status: "301" }] };
    expect(problemsIn({ site, edge, environments: { live } })).toBe(
      "edge.redirects[0].status: it is one of 200, 301, 302, 303, 307, 308, 404, 410, without quotes",
    );
  });

  it("is told every problem at once, each with its place", () => {
    const problems = problemsIn({
      site: { ...site, id: "Tiny Site", build: [], theme: "dark" },
      environments: {
        Live: { kind: "local" },
        live: { ...live, bucket: "B", region: "ireland", distribution: "e1", endpoint: "s3" },
        other: { kind: "gcp" },
      },
    });
    for (const place of [
      "site.id:",
      "site.build:",
      '"theme"',
      "environments.Live: use lower-case letters",
      "environments.live.bucket:",
      "environments.live.region:",
      "environments.live.distribution:",
      "environments.live.endpoint:",
      "environments.other.kind:",
    ]) {
      expect(problems).toContain(place);
    }
  });

  it("names an unknown field, for it is a known one misspelt", () => {
    const environments = { live: { ...live, distributon: "E1" } };
    expect(problemsIn({ site, environments })).toContain('"distributon"');
  });

  it.each([[undefined], [null], ["text"], [[]]])(
    "%j says that the default export is wrong",
    (value) => {
      expect(problemsIn(value)).toContain("the default export:");
    },
  );

  it.each([
    ["a line break", "no-store\r\nx-evil: 1"],
    ["a tab", "no-store\t"],
    ["what a terminal obeys", "\u001b[31m"],
    ["a letter beyond ASCII", 'attachment; filename="ü.pdf"'],
  ])("may not carry %s into a header", (_, value) => {
    const headers = [{ match: "*", set: { contentDisposition: value } }];
    expect(problemsIn({ site, environments: { live: { ...live, headers } } })).toContain(
      "environments.live.headers[0].set.contentDisposition: must be one line of ASCII",
    );
  });

  it("may not fill more than S3 has room for", () => {
    const headers = [{ match: "*", set: { contentDisposition: "x".repeat(2049) } }];
    expect(problemsIn({ site, environments: { live: { ...live, headers } } })).toContain("2048");
  });
});

describe("the output folder", () => {
  const withOutput = (output: string) => ({ site: { ...site, output }, environments: { live } });

  it.each(["_site", "./build/site", "../public", "/tmp/site", "a/../b"])("may be %s", (output) => {
    expect(parse(withOutput(output)).site.output).toBe(output);
  });

  // It would publish the sources, and what else lies beside them: .git, .env, the local edge's keys.
  it.each([".", "./", "..", "../..", "/", "a/..", "site/../../", ""])("is not %j", (output) => {
    expect(problemsIn(withOutput(output))).toContain("site.output: a folder of its own");
  });
});

describe("the guards in the config", () => {
  const guardsOf = (guards: unknown) => parse({ site, guards, environments: { live } }).guards;

  it("have the limits of the core where the file is silent", () => {
    expect(guardsOf(undefined)).toEqual(DEFAULT_LIMITS);
    expect(guardsOf({ removals: { count: 50 } })).toEqual({
      ...DEFAULT_LIMITS,
      removals: { ...DEFAULT_LIMITS.removals, count: 50 },
    });
  });

  it.each([
    [{ removals: { count: -1 } }, "guards.removals.count"],
    [{ removals: { share: 30 } }, "guards.removals.share"],
    [{ removedUrls: "allow" }, "guards.removedUrls"],
    [{ elsewhere: [""] }, "guards.elsewhere[0]"],
    [{ missing: true }, '"missing"'],
  ])("%j is a mistake", (guards, place) => {
    expect(problemsIn({ site, guards, environments: { live } })).toContain(place);
  });
});

describe("the environment that --env names", () => {
  const config = parse({ site, environments: { live, local: { kind: "local" } } });

  it.each(["production", "toString", "__proto__", ""])(
    "%j is not there: those that are get listed",
    (name) => {
      expect(() => environmentOf(config, name)).toThrow(
        expect.objectContaining({
          kind: "usage",
          text: expect.objectContaining({ why: "slipway.config.ts names: live, local" }),
        }),
      );
    },
  );
});
