import { readdir, readFile } from "node:fs/promises";
import specs from "@asyncapi/specs";
import { Ajv, type AnySchema } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { eventKinds } from "../../api/events/catalogue.ts";
import { makeEvent } from "../../api/events/envelope.ts";
import { isRoutingKey } from "../../api/events/routing-key.ts";
import { eventDocuments } from "../../scripts/lib/event-documents.ts";

const docs = new URL("../../docs/", import.meta.url);
const documents = eventDocuments();

it("docs/events is what the catalogue gives (npm run docs:events writes it anew)", async () => {
  const files = await readdir(new URL("events/", docs));
  const made = [...documents.keys()].filter((name) => name.startsWith("events/"));
  expect(files.map((name) => `events/${name}`).sort()).toEqual(made.toSorted());
  for (const [name, text] of documents) {
    expect(await readFile(new URL(name, docs), "utf8"), name).toBe(text);
  }
});

it("every kind in the catalogue is a routing key", () => {
  expect(eventKinds.filter((kind) => !isRoutingKey(kind))).toEqual([]);
});

it("nothing in the catalogue has room for an address or a name", () => {
  for (const kind of eventKinds) {
    expect(documents.get(`events/${kind}.json`)).not.toMatch(/"(\w*mail\w*|\w*name|address)": \{/i);
  }
});

describe("asyncapi.yaml", () => {
  const document = parse(documents.get("events/asyncapi.yaml") ?? "");

  test("is an AsyncAPI 3.0 document, by the schema of those who define it", () => {
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats.default(ajv);
    const validate = ajv.compile(specs.schemasWithoutId["3.0.0"] as AnySchema);
    validate(document);
    expect(validate.errors).toBeNull();
    document.operations["tell-user-erased-v1"].action = "shout";
    expect(validate(document)).toBe(false);
    document.operations["tell-user-erased-v1"].action = "send";
  });

  test("names nothing that is not there", () => {
    const refs: string[] = [];
    JSON.stringify(document, (key, value) => {
      if (key === "$ref") refs.push(value);
      return value;
    });
    expect(refs.length).toBe(eventKinds.length * 3);
    for (const ref of refs) expect(lookUp(document, ref), ref).toBeDefined();
  });
});

describe("a kind's JSON Schema", () => {
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  const userId = "0b8f6c1e-5d0a-4f0e-9c55-0d1f4f6f2a11";
  const { envelope } = makeEvent("user.registered.v1", {
    ...{ source: "/api", subject: userId, time: new Date(), data: { userId, locale: "en" } },
  });
  const validate = ajv.compile(JSON.parse(documents.get("events/user.registered.v1.json") ?? ""));

  test("accepts, in another implementation, what we send", () => {
    expect(validate(JSON.parse(envelope))).toBe(true);
  });

  test.each([
    ["another kind", { type: "user.erased.v1" }],
    ["an id that is no UUID", { id: "7" }],
    ["data that is missing", { data: undefined }],
    ["an address in the data", { data: { userId, locale: "en", email: "me@example.com" } }],
  ])("refuses %s", (_what, change) => {
    const changed = JSON.parse(JSON.stringify({ ...JSON.parse(envelope), ...change }));
    expect(validate(changed)).toBe(false);
  });

  test.each(eventKinds)("of %s is one that a strict validator compiles", (kind) => {
    if (kind === "user.registered.v1") return;
    ajv.compile(JSON.parse(documents.get(`events/${kind}.json`) ?? ""));
  });
});

function lookUp(document: unknown, ref: string): unknown {
  let found = document;
  for (const name of ref.replace("#/", "").split("/")) {
    found = (found as Readonly<Record<string, unknown>> | undefined)?.[name];
  }
  return found;
}
