import { describe, expect, it } from "vitest";
import { createPaint } from "../../deploy/cli/paint.ts";
import { renderDomain } from "../../deploy/cli/render-domain.ts";
import { renderDomainEvent } from "../../deploy/cli/render-domain-event.ts";
import { renderBindZone, renderRecords } from "../../deploy/cli/render-domain-records.ts";

const RECORDS = [
  {
    name: "_v.www.example.com",
    type: "CNAME",
    value: "_p.acm-validations.aws.",
    zone: "example.com",
  },
  { name: "example.com", type: "ALIAS", value: "d111.cloudfront.net.", zone: "example.com" },
] as const;

describe("records for another DNS host", () => {
  it("are a table with the name as a form wants it, and a BIND zone", () => {
    expect(renderRecords(RECORDS).slice(0, 6)).toEqual([
      "  type   name                name within its zone  value",
      "  CNAME  _v.www.example.com  _v.www                _p.acm-validations.aws.",
      "  ALIAS  example.com         @                     d111.cloudfront.net.",
      "",
      "  _v.www.example.com. 300 IN CNAME _p.acm-validations.aws.",
      "  ; not in BIND: example.com. 300 IN ALIAS d111.cloudfront.net.",
    ]);
  });

  it("are absolute names in the zone file, so that none gets the zone's name twice", () => {
    for (const line of renderBindZone(RECORDS)) expect(line).toMatch(/\. 300 IN \w+ \S+\.$/);
  });

  it("explain what an ALIAS is only where there is one", () => {
    expect(renderRecords(RECORDS).join(" ")).toContain("CNAME flattening");
    expect(renderRecords(RECORDS.slice(0, 1)).join(" ")).not.toContain("flattening");
  });
});

describe("what the world says", () => {
  it("cannot steer the terminal", () => {
    const url = "https://www.example.com/";
    const got = "301 to \u001B[2Jhttps://www.example.com/";
    const proof = { url, kind: "other-answer", got, wanted: "200", next: "Look." } as const;
    const certificate = { kind: "request", names: [], attempt: 0, unusable: [] } as const;
    const addresses = { write: [], enter: [], replaced: [] };
    const nothing = { steps: [], places: [], notes: [], blockers: [], distribution: undefined };
    const names = ["www.example.com"];
    const plan = { canonical: "www.example.com", names, certificate, addresses, ...nothing };
    const lines = renderDomain(
      { kind: "unproven", proofs: [proof], plan, seconds: 1 },
      createPaint(false),
    );
    expect(lines[0]).toBe(
      `  ✗ ${url}: 301 to \\x1b[2Jhttps://www.example.com/ (wanted: 200)\n    Look.`,
    );
  });
});

describe("a wait", () => {
  it("says for what, how long that usually takes, and since when, anew each minute", () => {
    const at = (seconds: number) =>
      renderDomainEvent({ kind: "domain-wait", for: "certificate", seconds });
    expect(at(0)).toBe("Waiting for ACM to issue the certificate (usually 2 to 10 minutes) …");
    expect(at(59)).toBe(at(0));
    expect(at(125)).toBe(
      "Waiting for ACM to issue the certificate (usually 2 to 10 minutes), for 2 min now …",
    );
  });
});
