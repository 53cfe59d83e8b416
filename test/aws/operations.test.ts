import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { OPERATION_GRANTS } from "../../deploy/core/iam/actions.ts";
import { operationsOf } from "../../deploy/core/iam/roles.ts";

/**
 * The adapters' source, read for the operations that they import: none may be sent that the table of
 * rights does not know, whether or not a test happens to send it.
 */

const FOLDER = path.join(import.meta.dirname, "..", "..", "deploy", "aws");

/** The service's id, as the SDK has it in `serviceId`. */
const SERVICES: Readonly<Record<string, string>> = {
  s3: "S3",
  cloudfront: "CloudFront",
  "cloudfront-keyvaluestore": "CloudFront KeyValueStore",
  acm: "ACM",
  "route-53": "Route 53",
  sts: "STS",
};

async function importedOperations(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const entries = await readdir(FOLDER, { recursive: true });
  for (const entry of entries.filter((name) => name.endsWith(".ts"))) {
    const text = await readFile(path.join(FOLDER, entry), "utf8");
    for (const [, names = "", client = ""] of text.matchAll(
      /import (?:type )?\{([^}]*)\} from "@aws-sdk\/client-([\w-]+)"/g,
    )) {
      const service = SERVICES[client];
      if (service === undefined) throw new Error(`${entry} imports client-${client}`);
      for (const [, operation] of names.matchAll(/\b(\w+)Command\b/g)) {
        found.add(`${service} ${operation}`);
      }
    }
    // Paginators send an operation that they do not name as a command.
    for (const [, operation] of text.matchAll(/\bpaginate(\w+)\(/g)) found.add(`S3 ${operation}`);
  }
  return found;
}

/** Nobody sends these for Slipway: they are what a person looks at in the console or with the aws CLI. */
const FOR_PEOPLE = ["CloudFront GetResponseHeadersPolicy", "CloudFront TestFunction"];

it("every operation that an adapter sends has its rights in the table, and the admin has them all", async () => {
  const imported = [...(await importedOperations())].sort();
  expect(imported).toContain("S3 ListObjectsV2");
  const known = new Set<string>(Object.keys(OPERATION_GRANTS));
  expect(imported.filter((operation) => !known.has(operation))).toEqual([]);
  const admin = new Set<string>(operationsOf("admin", { named: true }));
  expect(imported.filter((operation) => !admin.has(operation))).toEqual([]);
});

it("nothing is granted that no adapter sends, but for what people look at", async () => {
  const imported = await importedOperations();
  const unused = Object.keys(OPERATION_GRANTS).filter((operation) => !imported.has(operation));
  expect(unused.sort()).toEqual(FOR_PEOPLE);
});
