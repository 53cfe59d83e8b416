import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NameLookup } from "../../deploy/estate-ports.ts";
import { createNameLookup } from "../../deploy/local/name-lookup.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
import { failureOf } from "../support/failure.ts";

/** Node's resolver against a DNS server of our own on loopback. */
describe("looking up names", () => {
  let server: DnsServer;
  let lookup: NameLookup;

  beforeAll(async () => {
    server = await startDnsServer({
      "example.com": {
        kind: "records",
        a: ["192.0.2.1"],
        ns: ["NS-2.awsdns-02.com", "ns-1.awsdns-01.org"],
        caa: [
          { tag: "issue", value: "amazon.com; account=1" },
          { tag: "issuewild", value: ";" },
          { tag: "iodef", value: "mailto:ca@example.com" },
        ],
      },
      "www.example.com": { kind: "records", cname: "D111.cloudfront.net" },
      "_v.example.com": { kind: "records", cname: "_p.acm-validations.aws" },
      "broken.example": { kind: "broken" },
      "silent.example": { kind: "silent" },
    });
    lookup = createNameLookup([server.address]);
  });

  afterAll(async () => await server?.close());

  it("gives the servers of a domain, sorted and in lower case", async () => {
    expect(await lookup.delegation("example.com")).toEqual({
      kind: "served",
      servers: ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"],
    });
  });

  it.each([
    ["a name that has none", "www.example.com"],
    ["a name that nobody knows", "no-such-name.example"],
  ])("tells no servers for %s", async (_, name) => {
    expect(await lookup.delegation(name)).toEqual({ kind: "none" });
  });

  it("tells a delegation whose servers do not answer from one that is not there", async () => {
    expect(await lookup.delegation("broken.example")).toEqual({ kind: "broken" });
  });

  it("climbs to the nearest parent that has CAA records", async () => {
    const records = await lookup.caa("a.www.example.com");
    expect(records).toEqual([
      { tag: "issue", value: "amazon.com; account=1" },
      { tag: "issuewild", value: ";" },
      { tag: "iodef", value: "mailto:ca@example.com" },
    ]);
    expect(server.questions.filter((question) => question.startsWith("CAA"))).toEqual([
      "CAA a.www.example.com",
      "CAA www.example.com",
      "CAA example.com",
    ]);
    expect(await lookup.caa("nothing.example")).toEqual([]);
  });

  it("gives the target of a CNAME, of odd names too", async () => {
    expect(await lookup.cname("www.example.com")).toBe("d111.cloudfront.net");
    expect(await lookup.cname("_v.example.com")).toBe("_p.acm-validations.aws");
    expect(await lookup.cname("example.com")).toBeUndefined();
  });

  it("gives addresses, and none where there are none", async () => {
    expect(await lookup.addresses("example.com")).toEqual({ a: ["192.0.2.1"], aaaa: [] });
    expect(await lookup.addresses("no-such-name.example")).toEqual({ a: [], aaaa: [] });
  });

  it.each(["silent.example", "broken.example"])(
    "fails, and says so, where %s gets no answer",
    async (name) => {
      const { kind, text } = await failureOf(lookup.addresses(name));
      expect({ kind, next: text.next }).toEqual({
        kind: "cloud",
        next: expect.stringContaining("--resolver"),
      });
    },
    30_000,
  );

  it("refuses a resolver that is no address", () => {
    expect(() => createNameLookup(["dns.example.com"])).toThrow(/cannot be asked/);
  });
});
