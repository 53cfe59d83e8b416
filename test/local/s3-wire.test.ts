import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAwsListener } from "../../deploy/local/edge/aws-listener.ts";
import { sha256, sign, signingKey } from "../../deploy/local/edge/signature/signing-key.ts";
import {
  CREDENTIALS,
  type RawRequest,
  REGION,
  type S3Fixture,
  sendRaw,
  sendSigned,
  signedHeaders,
  startS3,
} from "./s3-fixture.ts";
import { getSignedUrl } from "./s3-presign.ts";

let s3: S3Fixture;
let bucket: string;

beforeAll(async () => {
  s3 = await startS3();
  bucket = await s3.bucket();
});
afterAll(() => s3.close());

const send = (raw: RawRequest) => sendSigned(s3.port, raw);
const put = (key: string, body = "x", more: Partial<RawRequest> = {}) =>
  send({ method: "PUT", target: `/${bucket}/${key}`, body, ...more });
const get = (key: string) => send({ method: "GET", target: `/${bucket}/${key}` });
/** "400 InvalidURI", or the status. */
async function verdict(answer: ReturnType<typeof send>): Promise<string> {
  const { status, text } = await answer;
  const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1];
  return code === undefined ? `${status}` : `${status} ${code}`;
}

describe("a request without a valid signature", () => {
  test.each(["GET", "PUT", "DELETE", "POST", "OPTIONS", "HEAD"])(
    "is refused for %s",
    async (method) => {
      const answer = await sendRaw(s3.port, { method, target: `/${bucket}/a` });
      expect(answer.status).toBe(403);
      expect(
        Object.keys(answer.headers).filter((name) => name.startsWith("access-control")),
      ).toEqual([]);
      if (method !== "HEAD") expect(answer.text).toContain("<Code>AccessDenied</Code>");
    },
  );

  test("changes nothing, also when its body was changed on the way", async () => {
    await put("kept", "1");
    const raw: RawRequest = { method: "PUT", target: `/${bucket}/kept`, body: "2" };
    const headers = signedHeaders(`127.0.0.1:${s3.port}`, raw);
    expect(await verdict(sendRaw(s3.port, { ...raw, headers, body: "3" }))).toBe(
      "400 XAmzContentSHA256Mismatch",
    );
    const wrong = { ...headers, authorization: `${headers.authorization}0` };
    expect(await verdict(sendRaw(s3.port, { ...raw, headers: wrong }))).toBe(
      "403 SignatureDoesNotMatch",
    );
    expect((await get("kept")).text).toBe("1");
  });

  test("is told when its clock is wrong, or its region, or its hash is missing", async () => {
    const at = new Date(Date.now() - 16 * 60_000);
    expect(await verdict(put("a", "x", { at }))).toBe("403 RequestTimeTooSkewed");
    const headers = signedHeaders(`127.0.0.1:${s3.port}`, { method: "GET", target: "/" });
    const { "x-amz-content-sha256": _gone, ...others } = headers;
    const answer = sendRaw(s3.port, { method: "GET", target: "/", headers: others });
    expect(await verdict(answer)).toBe("400 InvalidRequest");
  });
});

describe("presigned URLs", () => {
  test("read and write as long as they hold", async () => {
    const put = getSignedUrl(s3, "PUT", `/${bucket}/presigned`, { expires: 60 });
    expect((await sendRaw(s3.port, { method: "PUT", target: put, body: "hello" })).status).toBe(
      200,
    );
    const url = getSignedUrl(s3, "GET", `/${bucket}/presigned`, {
      expires: 60,
      query: { "response-content-type": "text/css" },
    });
    const answer = await sendRaw(s3.port, { method: "GET", target: url });
    expect(answer).toMatchObject({ status: 200, text: "hello" });
    expect(answer.headers["content-type"]).toBe("text/css");
    const broken = getSignedUrl(s3, "GET", `/${bucket}/presigned`, {
      expires: 60,
      query: { "response-content-type": "text/css\r\nx-injected: 1" },
    });
    expect(await verdict(sendRaw(s3.port, { method: "GET", target: broken }))).toBe(
      "400 InvalidArgument",
    );
    const late = getSignedUrl(s3, "GET", `/${bucket}/presigned`, {
      expires: 60,
      at: new Date(Date.now() - 61_000),
    });
    expect(await verdict(sendRaw(s3.port, { method: "GET", target: late }))).toBe(
      "403 AccessDenied",
    );
  });
});

describe("answers", () => {
  test("have S3's form when they refuse", async () => {
    const { status, headers, text } = await get("no%20such&key");
    expect(status).toBe(404);
    expect(headers).toMatchObject({ "content-type": "application/xml", server: "AmazonS3" });
    expect(headers["x-amz-request-id"]).toMatch(/^[0-9A-F]{16}$/);
    expect(text).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>no such&amp;key</Key><Resource>/${bucket}/no%20such&amp;key</Resource><RequestId>${headers["x-amz-request-id"]}</RequestId><HostId>${headers["x-amz-id-2"]}</HostId></Error>`,
    );
  });

  test("have S3's form when they list", async () => {
    const own = await s3.bucket();
    const target = `/${own}/${encodeURIComponent("a\r\u0001&<>\"'")}`;
    await send({ method: "PUT", target, body: "" });
    const { text, headers } = await send({ method: "GET", target: `/${own}?list-type=2` });
    expect(headers["content-type"]).toBe("application/xml");
    expect(text).toContain('<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">');
    expect(text).toContain("<Key>a&#13;&#x1;&amp;&lt;&gt;&quot;'</Key>");
    expect(text).toMatch(/<LastModified>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z<\/LastModified>/);
    expect(text).toContain("<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag>");
  });

  test("name an operation that is not there", async () => {
    const answer = await send({ method: "GET", target: `/${bucket}/a?torrent` });
    expect(answer.status).toBe(501);
    expect(answer.text).toContain("GetObjectTorrent");
  });
});

describe("keys", () => {
  const KEYS = [
    "a b",
    "a+b",
    "a%b",
    "%41",
    "é",
    "日本",
    "😀",
    "&<>\"'",
    "//double//",
    "ends/",
    "../../../etc/passwd",
    "./a/../b/.",
    "..",
    "\u0000\u0001\n\r",
    "?a=b&c#d",
    "\\..\\",
    "é".repeat(512),
    "x".repeat(1024),
  ];

  test.each(KEYS)("%j comes back, and touches no other path", async (key) => {
    const own = await s3.bucket();
    const target = `/${own}/${encodeURIComponent(key).replaceAll("%2F", "/")}`;
    expect((await send({ method: "PUT", target, body: key })).status).toBe(200);
    expect((await send({ method: "GET", target })).text).toBe(key);
    const list = await send({ method: "GET", target: `/${own}?list-type=2&encoding-type=url` });
    const listed = /<Key>(.*?)<\/Key>/.exec(list.text)?.[1] ?? "";
    expect(decodeURIComponent(listed.replaceAll("+", " "))).toBe(key);
    expect((await readdir(s3.directory)).sort()).toEqual([
      "blobs",
      "journal.ndjson",
      "lock.1",
      "tmp",
    ]);
  });

  test("over 1,024 bytes, or that are not UTF-8, are refused", async () => {
    expect(await verdict(put("x".repeat(1025)))).toBe("400 KeyTooLongError");
    expect(await verdict(put(encodeURIComponent("é".repeat(513))))).toBe("400 KeyTooLongError");
    expect(await verdict(put("%ff%fe"))).toBe("400 InvalidURI");
  });

  test("are taken from the path alone when the host names the bucket", async () => {
    const host = `${bucket}.localhost:${s3.port}`;
    const target = "/virtual/key";
    expect((await put("", "v", { target, headers: { host } })).status).toBe(200);
    expect((await get("virtual/key")).text).toBe("v");
    const list = await send({
      method: "GET",
      target: "/?list-type=2&prefix=virtual",
      headers: { host },
    });
    expect(list.text).toContain("<Key>virtual/key</Key>");
  });
});

describe("chunked bodies", () => {
  const chunked = (payloadHash: string, length: number, more = {}) => ({
    payloadHash,
    headers: {
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": `${length}`,
      ...more,
    },
  });
  const trailer = { "x-amz-trailer": "x-amz-checksum-crc32" };
  const UNSIGNED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

  test("with a good trailer are stored without their framing", async () => {
    const body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    expect((await put("chunked", body, chunked(UNSIGNED, 5, trailer))).status).toBe(200);
    const found = await get("chunked");
    expect(found.text).toBe("hello");
    expect(found.headers["content-encoding"]).toBeUndefined();
  });

  test.each([
    ["a wrong checksum", "5\r\nhellO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "BadDigest"],
    ["no checksum", "5\r\nhello\r\n0\r\n\r\n", "IncompleteBody"],
    ["half a checksum", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:Nh\r\n\r\n", "InvalidDigest"],
    ["no end", "5\r\nhello\r\n", "IncompleteBody"],
    [
      "less than announced",
      "4\r\nhell\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
      "IncompleteBody",
    ],
    [
      "more than announced",
      "6\r\nhello!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
      "IncompleteBody",
    ],
  ])("with %s are refused", async (_, body, code) => {
    expect(await verdict(put("refused", body, chunked(UNSIGNED, 5, trailer)))).toBe(`400 ${code}`);
    expect((await get("refused")).status).toBe(404);
  });

  test("without their real length are refused", async () => {
    const answer = put("refused", "0\r\n\r\n", { payloadHash: UNSIGNED });
    expect(await verdict(answer)).toBe("411 MissingContentLength");
  });

  test("with signed chunks are verified chunk by chunk", async () => {
    const at = new Date();
    const raw: RawRequest = {
      method: "PUT",
      target: `/${bucket}/signed`,
      at,
      ...chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 5),
    };
    const headers = signedHeaders(`127.0.0.1:${s3.port}`, raw);
    const body = signChunks(headers, "hello");
    const sendBody = (text: string) => sendRaw(s3.port, { ...raw, headers, body: text });
    expect((await sendBody(body)).status).toBe(200);
    expect((await get("signed")).text).toBe("hello");
    expect(await verdict(sendBody(body.replace("hello", "hullo")))).toBe(
      "403 SignatureDoesNotMatch",
    );
  });

  test("are told by the signature, not by the encoding", async () => {
    const headers = { "content-encoding": "aws-chunked,gzip" };
    expect((await put("plain", "hello", { headers })).status).toBe(200);
    const found = await get("plain");
    expect(found.text).toBe("hello");
    expect(found.headers["content-encoding"]).toBe("gzip");
  });
});

/** The body of a signed upload in one chunk. */
function signChunks(headers: Readonly<Record<string, string>>, data: string): string {
  const timestamp = headers["x-amz-date"] ?? "";
  const date = timestamp.slice(0, 8);
  const key = signingKey(CREDENTIALS.secretAccessKey, { date, region: REGION, service: "s3" });
  let previous = /Signature=(\w+)/.exec(headers.authorization ?? "")?.[1] ?? "";
  const chunk = (text: string) => {
    const scope = `${date}/${REGION}/s3/aws4_request`;
    const parts = [
      "AWS4-HMAC-SHA256-PAYLOAD",
      timestamp,
      scope,
      previous,
      sha256(""),
      sha256(text),
    ];
    previous = sign(key, parts.join("\n"));
    return `${text.length.toString(16)};chunk-signature=${previous}\r\n${text}\r\n`;
  };
  return chunk(data) + chunk("");
}

describe("claims about the body", () => {
  const md5 = createHash("md5").update("x").digest("base64");

  test.each([
    [
      "two checksums",
      { "x-amz-checksum-crc32": "jNxl2A==", "x-amz-checksum-sha1": "EfatjsUqKYSrqvvt5oc4" },
      "InvalidRequest",
    ],
    [
      "an algorithm without its value",
      { "x-amz-sdk-checksum-algorithm": "CRC32" },
      "InvalidRequest",
    ],
    ["an impossible checksum", { "x-amz-checksum-crc32": "AAAA" }, "InvalidDigest"],
    ["an impossible MD5", { "content-md5": md5.slice(1) }, "InvalidDigest"],
    ["another MD5", { "content-md5": createHash("md5").update("y").digest("base64") }, "BadDigest"],
  ])("%s are refused", async (_, headers: Record<string, string>, code) => {
    expect(await verdict(put("refused", "x", { headers }))).toBe(`400 ${code}`);
  });

  test("an unknown word for the hash is refused", async () => {
    expect(await verdict(put("a", "x", { payloadHash: "SOMETHING" }))).toBe("400 InvalidArgument");
    expect(await verdict(put("a", "x", { payloadHash: "UNSIGNED-PAYLOAD" }))).toBe("200");
  });

  test("an upload that is cut off stores nothing, and leaves nothing", async () => {
    const raw: RawRequest = {
      method: "PUT",
      target: `/${bucket}/torn`,
      payloadHash: "UNSIGNED-PAYLOAD",
      headers: { "content-length": "100000" },
    };
    const socket = connect(s3.port, "127.0.0.1");
    const headers = signedHeaders(`127.0.0.1:${s3.port}`, raw);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`PUT ${raw.target} HTTP/1.1\r\n${lines.join("")}\r\n${"x".repeat(50_000)}`);
    const tmp = join(s3.directory, "tmp");
    for (let i = 0; i < 200 && (await readdir(tmp)).length === 0; i += 1) await wait(5);
    expect(await readdir(tmp)).toHaveLength(1);
    socket.destroy();
    for (let i = 0; i < 200 && (await readdir(tmp)).length > 0; i += 1) await wait(5);
    expect(await readdir(tmp)).toEqual([]);
    expect((await get("torn")).status).toBe(404);
    expect(s3.requests.find(({ key }) => key === "torn")).toMatchObject({
      operation: "PutObject",
      status: 499,
      bytesIn: 50_000,
    });
  });
});

describe("documents", () => {
  const deletion = (body: string) =>
    verdict(
      send({
        method: "POST",
        target: `/${bucket}?delete`,
        body,
        headers: { "content-md5": createHash("md5").update(body).digest("base64") },
      }),
    );

  test.each([
    ["that is cut off", "<Delete><Object><Key>a</Key>"],
    ["of another kind", "<Other/>"],
    ["that is no document", "hello"],
    [
      "with an entity of its own",
      '<!DOCTYPE d [<!ENTITY x "y">]><Delete><Object><Key>&x;</Key></Object></Delete>',
    ],
    [
      "that reads a file",
      '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&x;</Key></Object></Delete>',
    ],
    ["with an unknown entity", "<Delete><Object><Key>&x;</Key></Object></Delete>"],
    ["with an impossible character", "<Delete><Object><Key>&#x110000;</Key></Object></Delete>"],
    ["that is too large", `<Delete>${" ".repeat(2 * 1024 * 1024)}</Delete>`],
  ])("%s are refused", async (_, body) => {
    expect(await deletion(body)).toBe("400 MalformedXML");
  });

  test("must be there, and must have been checked", async () => {
    expect(await deletion("")).toBe("400 MissingRequestBodyError");
    const body = "<Delete><Object><Key>a</Key></Object></Delete>";
    const answer = send({ method: "POST", target: `/${bucket}?delete`, body });
    expect(await verdict(answer)).toBe("400 InvalidRequest");
  });

  test("keep the white space, references and CDATA of keys", async () => {
    await put(encodeURIComponent(" a\r&b "));
    await put("c%26d");
    expect(
      await deletion(
        "<Delete><Object><Key> a&#13;&#x26;b </Key></Object><Object><Key><![CDATA[c&d]]></Key></Object></Delete>",
      ),
    ).toBe("200");
    expect((await get(encodeURIComponent(" a\r&b "))).status).toBe(404);
    expect((await get("c%26d")).status).toBe(404);
  });
});

test("a client that waits for permission gets it before it sends, or a refusal instead", async () => {
  const ask = async (headers: Record<string, string>) => {
    const outgoing = request({
      host: "127.0.0.1",
      port: s3.port,
      method: "PUT",
      path: `/${bucket}/asked`,
      headers: { ...headers, expect: "100-continue", "content-length": 1 },
    });
    outgoing.flushHeaders();
    let wasAllowed = false;
    outgoing.on("continue", () => {
      wasAllowed = true;
      outgoing.end("x");
    });
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    response.resume();
    outgoing.destroy();
    return [wasAllowed, response.statusCode];
  };
  const raw: RawRequest = { method: "PUT", target: `/${bucket}/asked`, body: "x" };
  const headers = signedHeaders(`127.0.0.1:${s3.port}`, raw);
  expect(await ask(headers)).toEqual([true, 200]);
  expect(await ask({ ...headers, authorization: `${headers.authorization}0` })).toEqual([
    false,
    403,
  ]);
});

describe("other services", () => {
  test("get their requests with the body that was verified", async () => {
    const seen: string[] = [];
    const server = createAwsListener({
      services: [
        {
          name: "cloudfront",
          async handle(incoming, response) {
            const chunks: Buffer[] = [];
            for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
            seen.push(`${incoming.method} ${incoming.url} ${Buffer.concat(chunks)}`);
            response.writeHead(201).end("done");
          },
        },
      ],
      credentials: CREDENTIALS,
      clock: { now: () => new Date() },
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const raw: RawRequest = {
      method: "POST",
      target: "/2020-05-31/a",
      body: "<a/>",
      service: "cloudfront",
    };
    expect(await sendSigned(port, raw)).toMatchObject({ status: 201, text: "done" });
    expect(seen).toEqual(["POST /2020-05-31/a <a/>"]);

    const headers = signedHeaders(`127.0.0.1:${port}`, raw);
    const changed = await sendRaw(port, { ...raw, headers, body: "<b/>" });
    expect(changed.status).toBe(403);
    expect(changed.text).toContain('<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/');
    expect(changed.text).toContain("<Code>SignatureDoesNotMatch</Code>");

    const unknown = await sendSigned(port, { ...raw, service: "sts" });
    expect(unknown).toMatchObject({ status: 501 });
    expect(unknown.text).toContain("no service &quot;sts&quot;");
    const json = await sendSigned(port, {
      ...raw,
      service: "acm",
      headers: { "content-type": "application/x-amz-json-1.1" },
    });
    expect(JSON.parse(json.text)).toMatchObject({ __type: "NotImplemented" });
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
});

test("requests are reported with their operation and the bytes of their bodies", async () => {
  await put("reported", "12345");
  await get("reported");
  await sendRaw(s3.port, { method: "GET", target: `/${bucket}/reported` });
  const refused = `GET /${bucket}/reported`;
  // A request is reported once its answer is out, which may be after the next one's.
  const reported = () =>
    s3.requests.filter(({ key, operation }) => key === "reported" || operation === refused);
  for (let i = 0; i < 400 && reported().length < 3; i += 1) await wait(5);
  const common = { service: "s3", bucket, key: "reported" };
  const byOperation = reported().sort((a, b) => (a.operation < b.operation ? 1 : -1));
  expect(byOperation).toMatchObject([
    { ...common, operation: "PutObject", method: "PUT", status: 200, bytesIn: 5, bytesOut: 0 },
    { ...common, operation: "GetObject", method: "GET", status: 200, bytesIn: 0, bytesOut: 5 },
    { service: "s3", operation: refused, status: 403 },
  ]);
});
