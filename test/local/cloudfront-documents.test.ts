import { describe, expect, it } from "vitest";
import { ApiError } from "../../deploy/local/edge/cloudfront/api-error.ts";
import { readInvalidationBatch } from "../../deploy/local/edge/cloudfront/invalidation-batch.ts";
import { createRouter } from "../../deploy/local/edge/cloudfront/router.ts";
import { writeDocument } from "../../deploy/local/edge/cloudfront/xml.ts";

const XMLNS = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"';

const batch = (paths: string, rest = "<CallerReference>r</CallerReference>") =>
  `<InvalidationBatch ${XMLNS}><Paths>${paths}</Paths>${rest}</InvalidationBatch>`;

function codeOf(body: string): string {
  try {
    readInvalidationBatch(body);
    return "accepted";
  } catch (error) {
    return error instanceof ApiError ? error.code : String(error);
  }
}

describe("the body of CreateInvalidation", () => {
  it("is read with its declaration, indentation and references", () => {
    const body = `<?xml version="1.0" encoding="UTF-8"?>
<InvalidationBatch ${XMLNS}>
  <Paths>
    <Quantity>2</Quantity>
    <Items>
      <Path>/a&amp;b&#x26;c&#38;amp;</Path>
      <Path>/001</Path>
    </Items>
  </Paths>
  <CallerReference>007</CallerReference>
</InvalidationBatch>
`;
    expect(readInvalidationBatch(body)).toEqual({
      paths: ["/a&b&c&amp;", "/001"],
      callerReference: "007",
    });
  });

  const items = "<Quantity>1</Quantity><Items><Path>/a</Path></Items>";
  it.each([
    ["nothing", "", "MissingBody"],
    ["no XML", "{}", "MalformedInput"],
    ["XML that ends early", batch(items).slice(0, -5), "MalformedInput"],
    ["another document", `<Other>${items}</Other>`, "MalformedInput"],
    ["two documents", batch(items) + batch(items), "MalformedInput"],
    ["no reference", batch(items, ""), "MalformedInput"],
    ["an empty reference", batch(items, "<CallerReference/>"), "MalformedInput"],
    ["no quantity", batch("<Items><Path>/a</Path></Items>"), "InconsistentQuantities"],
    [
      "a path that is no text",
      batch("<Quantity>1</Quantity><Items><Path><b/></Path></Items>"),
      "InvalidArgument",
    ],
    ["the name of a prototype", batch("<constructor/><__proto__/>"), "MalformedInput"],
    ["a document type", `<!DOCTYPE x [<!ENTITY a "/b">]>${batch(items)}`, "MalformedInput"],
    ["deep nesting", "<a>".repeat(10_000) + "</a>".repeat(10_000), "MalformedInput"],
  ])("is refused for %s", (_rule, body, code) => {
    expect(codeOf(body)).toBe(code);
  });

  it("may hold an entity's name without its meaning", () => {
    expect(codeOf(batch("<Quantity>1</Quantity><Items><Path>/a&b;</Path></Items>"))).toBe(
      "accepted",
    );
  });
});

describe("a request is for", () => {
  const route = (operation: string, method: "GET" | "POST" | "PUT", path: string) => ({
    operation,
    method,
    path,
    answer: () => ({ status: 200, content: "" }),
  });
  const find = createRouter([
    route("ListDistributions", "GET", "distribution"),
    route("GetDistribution", "GET", "distribution/{Id}"),
    { ...route("CreateDistributionWithTags", "POST", "distribution"), parameter: "WithTags" },
    route("CreateDistribution", "POST", "distribution"),
    route("UpdateDistribution", "PUT", "distribution/{Id}/config"),
    route("GetInvalidation", "GET", "distribution/{Id}/invalidation/{Id}"),
  ]);

  it.each([
    ["GET", "/2020-05-31/distribution", "ListDistributions", "", ""],
    ["GET", "/2020-05-31/distribution/", "ListDistributions", "", ""],
    ["GET", "/2020-05-31/distribution/E1", "GetDistribution", "E1", ""],
    ["GET", "/2020-05-31/distribution/a%2Fb%zz", "GetDistribution", "a%2Fb%zz", ""],
    ["GET", "/2020-05-31/distribution/a%2Fb", "GetDistribution", "a/b", ""],
    ["PUT", "/2020-05-31/distribution/E1/config", "UpdateDistribution", "E1", ""],
    ["GET", "/2020-05-31/distribution/E1/invalidation/I1", "GetInvalidation", "E1", "I1"],
  ])("%s %s", (method, path, operation, id, subId) => {
    expect(find(method, path, new URLSearchParams())).toMatchObject({
      kind: "route",
      operation,
      id,
      subId,
    });
  });

  it.each([
    ["WithTags", "CreateDistributionWithTags"],
    ["", "CreateDistribution"],
  ])("POST /2020-05-31/distribution?%s", (query, operation) => {
    const found = find("POST", "/2020-05-31/distribution", new URLSearchParams(query));
    expect(found).toMatchObject({ kind: "route", operation });
  });

  it.each([
    ["POST", "/2020-05-31/public-key", "CreatePublicKey"],
    ["GET", "/2020-05-31/distribution/E1/x/y/z", "GET /2020-05-31/distribution/E1/x/y/z"],
    ["DELETE", "/2020-05-31/distribution/E1", "DELETE /2020-05-31/distribution/E1"],
    ["GET", "/2019-01-01/distribution", "GET /2019-01-01/distribution"],
    ["GET", "/2020-05-31/%zz", "GET /2020-05-31/%zz"],
  ])("nothing that is served: %s %s", (method, path, operation) => {
    expect(find(method, path, new URLSearchParams())).toEqual({ kind: "unserved", operation });
  });
});

it("a document that is written escapes what it holds", () => {
  expect(writeDocument("A", { B: ["<&>", { C: 1 }], D: { E: true }, F: "" })).toBe(
    `<?xml version="1.0"?>\n<A ${XMLNS}><B>&lt;&amp;&gt;</B><B><C>1</C></B><D><E>true</E></D><F></F></A>`,
  );
});
