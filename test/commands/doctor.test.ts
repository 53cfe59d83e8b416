import { describe, expect, it } from "vitest";
import { type DoctorPorts, doctor } from "../../deploy/commands/doctor.ts";
import { setup } from "../../deploy/commands/setup.ts";
import { CHECKS, type CheckId, type DoctorResult } from "../../deploy/core/doctor/check.ts";
import type { EdgeComparison } from "../../deploy/core/doctor/judge-program.ts";
import type { Certificate } from "../../deploy/core/domain/certificate.ts";
import { attachNames } from "../../deploy/core/domain/viewer-certificate.ts";
import { edgeProgramKey } from "../../deploy/core/edge-document.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import { formatManifest } from "../../deploy/core/manifest.ts";
import { MANIFEST_KEY } from "../../deploy/core/release.ts";
import { blueprintOf } from "../../deploy/core/setup/blueprint.ts";
import type { EdgeProgram } from "../../deploy/edge/program.ts";
import { formatProgram } from "../../deploy/edge/program-document.ts";
import type { ProbeAnswer } from "../../deploy/estate-ports.ts";
import { digestText } from "../../deploy/local/digest.ts";
import { entryFor, manifestOf, sourceFile } from "../support/builders.ts";
import { createFixedClock } from "../support/fixed-clock.ts";
import { createMemoryEstate, type MemoryEstate } from "../support/memory-estate.ts";

/**
 * The whole doctor over an estate in memory, as `setup`, `domain` and `deploy` leave it. The edge
 * comparison, certificates, DNS and the live site are written by hand here.
 */

const NAMES = ["www.example.com", "example.com"] as const;
const BLUEPRINT = blueprintOf({
  site: "example",
  environment: "live",
  bucket: "example-site",
  region: "eu-west-1",
  account: "111122223333",
});

const PROGRAM: EdgeProgram = {
  viewerRequest: "request",
  viewerResponse: "response",
  store: new Map([["/old/", "/new/"]]),
  headersPolicy: {
    set: [{ name: "x-content-type-options", value: "nosniff", override: true }],
    remove: [],
  },
};

const CERTIFICATE: Certificate = {
  arn: "arn:aws:acm:us-east-1:111122223333:certificate/c1",
  names: NAMES,
  status: "issued",
  failure: undefined,
  validation: [{ name: "_a.example.com.", value: "_x.acm-validations.aws." }],
  requestedAt: undefined,
  notAfter: new Date("2100-01-01T00:00:00Z"),
  inUseBy: ["distribution"],
  keyAlgorithm: "RSA_2048",
};

const FILES = [sourceFile("index.html"), sourceFile("about/index.html")];

const SITE: Readonly<Record<string, ProbeAnswer>> = {
  "https://www.example.com/": page(200),
  "https://www.example.com/about": page(301, "/about/"),
  "https://www.example.com/slipway-doctor/no-such-page/": page(404),
  "https://www.example.com/.slipway/manifest.json": page(403),
  "http://www.example.com/": page(301, "https://www.example.com/"),
  "https://example.com/": page(301, "https://www.example.com/"),
};

function page(status: number, location?: string): ProbeAnswer {
  const headers = { "x-content-type-options": "nosniff" };
  return { status, headers: location === undefined ? headers : { ...headers, location }, body: "" };
}

/** An environment on which every command has done its work. */
async function createLive(): Promise<{ estate: MemoryEstate; ports: DoctorPorts }> {
  const estate = createMemoryEstate();
  const clock = createFixedClock();
  await setup(
    { blueprint: BLUEPRINT, wait: false },
    {
      ...estate,
      clock,
      reporter: { report: () => {} },
      interruption: { requested: false },
      confirm: async () => true,
    },
  );
  const [id = ""] = estate.cloudFront.stored.keys();
  estate.cloudFront.change(id, (config) =>
    attachNames(config, { names: NAMES, certificate: CERTIFICATE.arn }),
  );
  estate.cloudFront.settle();
  await release(estate);
  estate.writes.length = 0;
  const compared: EdgeComparison = {
    kind: "compared",
    viewerRequest: true,
    viewerResponse: true,
    headersPolicy: "same",
    table: { entries: 1, missing: 0, changed: 0, extra: 0 },
  };
  const ports: DoctorPorts = {
    state: estate.state,
    codec: estate.codec,
    clock,
    processes: { isGone: () => false },
    heads: { head: async (key) => entryFor(sourceFile(key)) },
    probe: {
      async get(url) {
        const found = SITE[url];
        if (found === undefined) throw new Error(`nobody was to ask for ${url}`);
        return found;
      },
    },
    cloud: {
      ...estate,
      blueprint: BLUEPRINT,
      comparer: { compare: async () => compared },
      certificates: {
        find: async (arn) => (arn === CERTIFICATE.arn ? CERTIFICATE : undefined),
        listFor: async () => [],
        request: async () => CERTIFICATE.arn,
      },
      lookup: {
        delegation: () => Promise.reject(new Error("not asked")),
        caa: async () => [],
        cname: async () => "_x.acm-validations.aws",
        addresses: async () => ({ a: ["192.0.2.1"], aaaa: ["2001:db8::1"] }),
      },
    },
  };
  return { estate, ports };
}

async function release(
  { state, codec }: Pick<DoctorPorts, "state" | "codec">,
  edge: "published" | "unmanaged" = "published",
): Promise<void> {
  const text = formatProgram(PROGRAM);
  const digest = digestText(text);
  await state.write(edgeProgramKey(digest), codec.encode(text), { kind: "absent" });
  const manifest = { ...manifestOf(FILES), edge: { digest, state: edge } };
  await state.write(MANIFEST_KEY, codec.encode(formatManifest(manifest)), { kind: "absent" });
}

const examine = (ports: DoctorPorts) => doctor({ names: NAMES, url: undefined }, ports);
const of = ({ checks }: DoctorResult, id: CheckId) => checks.find((check) => check.id === id);

describe("an environment on which every command has done its work", () => {
  it("is good in every single check", async () => {
    const { ports } = await createLive();
    const result = await examine(ports);
    expect(result.checks.filter(({ kind }) => kind !== "good")).toEqual([]);
    expect(result.checks.map(({ id }) => id)).toEqual(Object.keys(CHECKS));
    expect(result.healthy).toBe(true);
  });

  it("is not changed by the doctor", async () => {
    const { estate, ports } = await createLive();
    const before = JSON.stringify(estate.snapshot());
    await examine(ports);
    expect(estate.writes).toEqual([]);
    expect(JSON.stringify(estate.snapshot())).toBe(before);
  });
});

const denied = (action: string) => () =>
  Promise.reject(
    new SlipwayError("cloud", {
      what: `${action} failed`,
      why: `these credentials may not ${action}`,
      next: `Allow ${action} for this role, or use another one.`,
    }),
  );

type Cloud = NonNullable<DoctorPorts["cloud"]>;

describe("a right that is missing", () => {
  const rows: readonly (readonly [string, Partial<Cloud>, readonly CheckId[]])[] = [
    [
      "s3:GetBucketPolicy",
      { bucket: { find: denied("s3:GetBucketPolicy"), carryOut: denied("x") } },
      ["bucket", "bucket-privacy", "bucket-policy", "distribution-settings"],
    ],
    [
      "cloudfront:DescribeFunction",
      { edge: { find: denied("cloudfront:DescribeFunction"), carryOut: denied("x") } },
      ["functions", "access-control", "distribution-settings"],
    ],
    [
      "cloudfront:GetFunction",
      { comparer: { compare: denied("cloudfront:GetFunction") } },
      ["function-code", "redirect-table", "headers-policy"],
    ],
    [
      "sts:GetCallerIdentity",
      { account: { identity: denied("sts:GetCallerIdentity") } },
      ["credentials", "account", "bucket"],
    ],
  ];

  it.each(rows)(
    "%s: every check that needs it is bad and names it, the others go on",
    async (action, hole, ids) => {
      const { ports } = await createLive();
      const cloud = { ...ports.cloud, ...hole } as Cloud;
      const result = await examine({ ...ports, cloud });
      expect(result.healthy).toBe(false);
      for (const id of ids) {
        expect(of(result, id)).toMatchObject({
          kind: "bad",
          next: expect.stringContaining(action),
        });
      }
      expect(of(result, "home-page")).toMatchObject({ kind: "good" });
      expect(of(result, "dns")).toMatchObject({ kind: "good" });
    },
  );

  it("a fault of ours is thrown, not judged", async () => {
    const { ports } = await createLive();
    const probe = { get: () => Promise.reject(new TypeError("ours")) };
    await expect(examine({ ...ports, probe })).rejects.toThrow("ours");
  });
});

describe("where a part is not there", () => {
  it("without names those checks are skipped, and CloudFront's own address is asked", async () => {
    const { ports } = await createLive();
    const asked: string[] = [];
    const probe = {
      async get(url: string) {
        asked.push(new URL(url).host);
        return page(url.startsWith("http:") ? 301 : 200, "https://elsewhere/");
      },
    };
    const result = await doctor({ names: [], url: undefined }, { ...ports, probe });
    expect(of(result, "certificate")).toMatchObject({ kind: "skipped" });
    expect(of(result, "other-names")).toMatchObject({ kind: "skipped" });
    expect(new Set(asked)).toEqual(new Set(["e000001memory.cloudfront.net"]));
  });

  it("without a release the live site is not asked", async () => {
    const { ports } = await createLive();
    const state: DoctorPorts["state"] = { ...ports.state, read: async () => ({ kind: "absent" }) };
    const probe = { get: () => Promise.reject(new Error("asked")) };
    const result = await examine({ ...ports, state, probe });
    expect(of(result, "release")).toMatchObject({ kind: "warning" });
    expect(of(result, "files")).toMatchObject({ kind: "skipped" });
    expect(of(result, "home-page")).toMatchObject({ kind: "skipped" });
  });

  it("on this machine there is no infrastructure to look at", async () => {
    const { ports } = await createLive();
    const here = { ...ports, cloud: undefined };
    const result = await doctor({ names: [], url: "https://www.example.com" }, here);
    expect(result.healthy).toBe(true);
    expect(of(result, "bucket")).toMatchObject({ kind: "skipped" });
    expect(of(result, "clean-url")).toMatchObject({ kind: "good" });
  });
});

it("rules that a release could not publish are bad, and setup comes first", async () => {
  const { ports } = await createLive();
  const found = await ports.state.read(MANIFEST_KEY);
  if (found.kind === "found") await ports.state.remove(MANIFEST_KEY, found.etag);
  await release(ports, "unmanaged");
  const result = await examine(ports);
  expect(of(result, "function-code")).toMatchObject({
    kind: "bad",
    found: expect.stringContaining("no functions of ours"),
    next: expect.stringContaining("slipway setup"),
  });
  expect(of(result, "clean-url")).toMatchObject({ kind: "skipped" });
});

it("files that are not as they were released are named", async () => {
  const { ports } = await createLive();
  const heads: DoctorPorts["heads"] = {
    head: async (key) => (key === "index.html" ? undefined : { etag: "other", size: 1 }),
  };
  expect(of(await examine({ ...ports, heads }), "files")).toMatchObject({
    kind: "bad",
    found: expect.stringContaining("index.html is missing"),
  });
});
