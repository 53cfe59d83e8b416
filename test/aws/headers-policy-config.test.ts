import { describe, expect, it } from "vitest";
import { headersPolicyConfig } from "../../deploy/aws/headers-policy-config.ts";

const FOUND = { Name: "site" };

const configOf = (name: string, value: string) =>
  headersPolicyConfig({ set: [{ name, value, override: true }], remove: [] }, FOUND);

describe("a header with a field of its own", () => {
  it.each([
    [
      "X-XSS-Protection off",
      "x-xss-protection",
      "0",
      { XSSProtection: { Protection: false, Override: true } },
    ],
    [
      "X-XSS-Protection on",
      "x-xss-protection",
      "1",
      { XSSProtection: { Protection: true, ModeBlock: false, Override: true } },
    ],
    [
      "X-XSS-Protection that blocks",
      "x-xss-protection",
      "1; Mode=block",
      { XSSProtection: { Protection: true, ModeBlock: true, Override: true } },
    ],
    [
      "X-Frame-Options",
      "x-frame-options",
      "sameorigin",
      { FrameOptions: { FrameOption: "SAMEORIGIN", Override: true } },
    ],
    [
      "X-Content-Type-Options",
      "x-content-type-options",
      "nosniff",
      { ContentTypeOptions: { Override: true } },
    ],
  ])("goes there: %s", (_rule, name, value, fields) => {
    const config = configOf(name, value);
    expect(config.SecurityHeadersConfig).toEqual(fields);
    expect(config.CustomHeadersConfig).toEqual({ Quantity: 0, Items: [] });
  });

  it("goes among the custom ones with a value that the field cannot say", () => {
    const config = configOf("x-xss-protection", "1; report=/x");
    expect(config.SecurityHeadersConfig).toEqual({});
    expect(config.CustomHeadersConfig?.Items).toEqual([
      { Header: "x-xss-protection", Value: "1; report=/x", Override: true },
    ]);
  });
});
