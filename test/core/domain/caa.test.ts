import { describe, expect, it } from "vitest";
import { allowsAmazon } from "../../../deploy/core/domain/caa.ts";

const issue = (value: string) => ({ tag: "issue", value });
const issuewild = (value: string) => ({ tag: "issuewild", value });
const HOST = "www.example.com";
const WILD = "*.example.com";

describe("CAA records", () => {
  it.each([
    ["none at all let everyone issue", [], HOST, true],
    [
      "only a mail address lets everyone issue",
      [{ tag: "iodef", value: "mailto:a@b" }],
      HOST,
      true,
    ],
    ["each of Amazon's names is enough: amazon.com", [issue("amazon.com")], HOST, true],
    ["amazontrust.com", [issue("amazontrust.com")], HOST, true],
    ["awstrust.com", [issue("awstrust.com")], HOST, true],
    ["amazonaws.com", [issue("amazonaws.com")], HOST, true],
    ["another authority alone keeps Amazon out", [issue("letsencrypt.org")], HOST, false],
    [
      "Amazon beside another authority is enough",
      [issue("pki.goog"), issue("Amazon.com")],
      HOST,
      true,
    ],
    ["parameters do not matter", [issue(" amazon.com ; account=1")], HOST, true],
    ["a name that only ends so is not Amazon's", [issue("notamazon.com")], HOST, false],
    ["a lone semicolon lets nobody issue", [issue(";")], HOST, false],
    ["the tag may be in capitals", [{ tag: "ISSUE", value: "pki.goog" }], HOST, false],
    ["issuewild does not matter for a host", [issuewild(";")], HOST, true],
    ["issuewild counts for a wildcard", [issue("amazon.com"), issuewild(";")], WILD, false],
    ["issue counts for a wildcard without issuewild", [issue("pki.goog")], WILD, false],
    [
      "issuewild may let Amazon in where issue does not",
      [issue("pki.goog"), issuewild("amazon.com")],
      WILD,
      true,
    ],
  ])("%s", (_, records, name, allowed) => {
    expect(allowsAmazon(records, name)).toBe(allowed);
  });
});
