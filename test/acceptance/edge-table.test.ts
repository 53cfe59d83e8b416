import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectAws } from "../../deploy/aws/connect.ts";
import { contentTypeOf } from "../../deploy/core/headers.ts";
import { compileProgram } from "../../deploy/edge/program.ts";
import { formatProgram } from "../../deploy/edge/program-document.ts";
import { sortHeaders } from "../../deploy/edge/sort-headers.ts";
import { digestText } from "../../deploy/local/digest.ts";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { CASES, type EdgeCase } from "../edge/cases.ts";
import { RULE_SETS, type RuleSetName } from "../edge/rule-sets.ts";
import { type PlainResponse, send } from "../support/http-client.ts";

/**
 * The third way through the table of test/edge/cases.ts: a running edge that was given the objects by
 * the S3 API and the program by the CloudFront API, asked over HTTP. A row that answers otherwise than
 * by `decide` and by the functions fails here or there.
 */
const statusesOf = (name: RuleSetName) =>
  new Map(
    RULE_SETS[name].rules.redirects.flatMap(({ answer }) =>
      answer.kind === "gone" && answer.page !== undefined
        ? [[answer.page.slice(1), String(answer.status)] as const]
        : [],
    ),
  );

async function publish(name: RuleSetName, edge: LocalEdge): Promise<void> {
  const { rules } = RULE_SETS[name];
  const compiled = compileProgram(rules, sortHeaders(rules.headers).policy, { storeAllowed: true });
  if (compiled.kind === "problems") throw new Error(compiled.problems.join("; "));
  const text = formatProgram(compiled.program);
  const { apiUrl, credentials, region, bucket, distributionId: distribution } = edge;
  const aws = {
    region,
    credentials,
    endpoint: apiUrl,
    cdnEndpoint: apiUrl,
    checksums: "sha256" as const,
  };
  const connection = connectAws({ aws, bucket, distribution });
  const publication = await connection.edge?.publish({ digest: digestText(text), text });
  expect(publication?.kind).toBe("published");
}

async function store(name: RuleSetName, edge: LocalEdge): Promise<void> {
  const { apiUrl: endpoint, credentials, region, bucket } = edge;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const statuses = statusesOf(name);
  for (const key of RULE_SETS[name].site.keys) {
    const status = statuses.get(key);
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bodyOf(key),
        ContentType: contentTypeOf(key),
        ...(status === undefined ? {} : { Metadata: { "slipway-status": status } }),
      }),
    );
  }
  client.destroy();
}

const bodyOf = (key: string) => `the file ${key}`;

/** What of an answer the table speaks of. */
function visible(one: EdgeCase, answer: PlainResponse) {
  const { headers } = answer;
  return {
    status: answer.status,
    location: headers.location,
    body: sourceOf(one, answer),
    headers: Object.fromEntries(
      Object.keys(one.answerHeaders).map((name) => [name, headers[name] ?? null]),
    ),
  };
}

function sourceOf(one: EdgeCase, { text }: PlainResponse): string | undefined {
  if (text === "") return undefined;
  return RULE_SETS[one.rules].site.keys.find((key) => bodyOf(key) === text) ?? "edge";
}

describe.each(Object.keys(RULE_SETS) as RuleSetName[])("on the local edge, the site %s", (name) => {
  let directory: string;
  let edge: LocalEdge;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "slipway-table-"));
    edge = await startLocalEdge({
      directory,
      viewerPort: 0,
      apiPort: 0,
      bucket: "the-site",
      distributionId: "E0TABLE",
    });
    await publish(name, edge);
    await store(name, edge);
  }, 60_000);

  afterAll(async () => {
    await edge?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it.each(CASES.filter(({ rules }) => rules === name))("$url over HTTP: $name", async (one) => {
    const { method, headers } = one;
    const answer = await send(edge.viewerUrl, one.url, { method, headers });
    expect(visible(one, answer)).toEqual({
      status: one.status,
      location: one.location,
      body: one.body,
      headers: one.answerHeaders,
    });
  });
});
