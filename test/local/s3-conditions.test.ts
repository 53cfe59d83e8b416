import { describe, expect, test } from "vitest";
import { judgeRead } from "../../deploy/local/edge/s3/read-conditions.ts";
import { S3Error } from "../../deploy/local/edge/s3/s3-error.ts";
import { checkWrite, readWriteCondition } from "../../deploy/local/edge/s3/write-conditions.ts";
import { objectOf } from "./storage-fixture.ts";

const object = objectOf("x", []);
const etag = `"${object.etag}"`;

function verdict(headers: Record<string, string>, current = true, before = current): string {
  try {
    const condition = readWriteCondition(new Map(Object.entries(headers)));
    checkWrite(condition, current ? object : undefined, before ? object : undefined);
    return "written";
  } catch (error) {
    return error instanceof S3Error ? `${error.status} ${error.code}` : String(error);
  }
}

describe("a write", () => {
  test.each([
    ["without a condition takes place", {}, true, true, "written"],
    [
      "that must create fails where something is",
      { "if-none-match": "*" },
      true,
      true,
      "412 PreconditionFailed",
    ],
    [
      "that must create takes place where nothing is",
      { "if-none-match": "*" },
      false,
      false,
      "written",
    ],
    ["that must replace takes place on its ETag", { "if-match": etag }, true, true, "written"],
    [
      "that must replace fails on another ETag",
      { "if-match": '"0"' },
      true,
      true,
      "412 PreconditionFailed",
    ],
    ["that must replace finds nothing", { "if-match": etag }, false, false, "404 NoSuchKey"],
    [
      "that must replace meets a deletion",
      { "if-match": etag },
      false,
      true,
      "409 ConditionalRequestConflict",
    ],
    [
      "cannot ask for both",
      { "if-match": etag, "if-none-match": "*" },
      true,
      true,
      "501 NotImplemented",
    ],
    ["cannot exclude one ETag", { "if-none-match": etag }, true, true, "501 NotImplemented"],
  ] as const)("%s", (_, headers, current, before, expected) => {
    expect(verdict(headers, current, before)).toBe(expected);
  });
});

test.each([
  [{}, "proceed"],
  [{ "if-match": `"0", ${etag}` }, "proceed"],
  [{ "if-match": "*" }, "proceed"],
  [{ "if-none-match": `W/${etag}` }, "not-modified"],
  [{ "if-none-match": object.etag }, "not-modified"],
  [{ "if-modified-since": "not a date" }, "proceed"],
  [{ "if-unmodified-since": "Thu, 01 Jan 1970 00:00:00 GMT" }, "proceed"],
] as const)("a read with %j is to %s", (headers, expected) => {
  expect(judgeRead(new Map(Object.entries(headers)), object)).toBe(expected);
});
