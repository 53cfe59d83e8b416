import { describe, expect, it } from "vitest";
import type { FunctionEvent } from "../../../deploy/local/edge/functions/viewer-function.ts";
import { outcomeOf, viewerRequest, viewerResponse } from "./function-fixture.ts";

const changed = (statements: string, event: FunctionEvent = viewerRequest()) =>
  outcomeOf(
    `function handler(event) { var request = event.request, response = event.response; ${statements}; return response || request; }`,
    event,
  );

const answered = (response: string) => outcomeOf(`function handler() { return ${response}; }`);

const FORBIDDEN =
  `connection expect keep-alive proxy-authenticate proxy-authorization proxy-connection
  trailer upgrade x-accel-buffering x-accel-charset x-accel-limit-rate x-accel-redirect x-amz-cf-id
  x-amz-cf-anything x-amzn-auth x-amzn-cf-billing x-amzn-cf-id x-amzn-cf-xff x-amzn-errortype
  x-amzn-fle-profile x-amzn-header-count x-amzn-header-order x-amzn-lambda-integration-tag
  x-amzn-requestid x-cache x-edge-location x-edge-anything x-forwarded-proto x-real-ip`.split(
    /\s+/,
  );

describe("a header", () => {
  it.each(FORBIDDEN)("%s may be added by no function", (name) => {
    const fault = {
      kind: "validation-error",
      message: `the header ${name} is not allowed in a function`,
    };
    expect(changed(`request.headers['${name}'] = { value: 'x' }`)).toEqual(fault);
    expect(changed(`response.headers['${name}'] = { value: 'x' }`, viewerResponse())).toEqual(
      fault,
    );
    expect(answered(`{ statusCode: 200, headers: { '${name}': { value: 'x' } } }`)).toEqual(fault);
  });

  it.each(["x-amz-meta-a", "x-cached", "x-forwarded-for", "x-amzn-trace-id", "proxy-status", "te"])(
    "%s may be added",
    (name) => {
      expect(changed(`request.headers['${name}'] = { value: 'x' }`)).toMatchObject({
        kind: "request",
        request: { headers: { [name]: { value: "x" } } },
      });
    },
  );

  it.each(["host", "via", "content-length", "transfer-encoding"])(
    "%s is read-only in a viewer-request function",
    (name) => {
      const given = viewerRequest({ headers: { [name]: { value: "1" } } });
      const fault = {
        kind: "validation-error",
        message: `the header ${name} is read-only in a viewer-request function`,
      };
      const absent = viewerRequest({ headers: {} });
      expect(changed(`request.headers['${name}'].value = '2'`, given)).toEqual(fault);
      expect(changed(`delete request.headers['${name}']`, given)).toEqual(fault);
      expect(changed(`request.headers['${name}'] = { value: '2' }`, absent)).toEqual(fault);
      expect(changed(`request.headers['${name}'] = { value: '1' }`, given).kind).toBe("request");
    },
  );

  it.each(["via", "warning"])("%s is read-only in a viewer-response function", (name) => {
    const given = viewerResponse({ headers: { [name]: { value: "1" } } });
    const fault = {
      kind: "validation-error",
      message: `the header ${name} is read-only in a viewer-response function`,
    };
    const absent = viewerResponse({ headers: {} });
    expect(changed(`response.headers['${name}'].value = '2'`, given)).toEqual(fault);
    expect(changed(`delete response.headers['${name}']`, given)).toEqual(fault);
    expect(changed(`response.headers['${name}'] = { value: '2' }`, absent)).toEqual(fault);
    expect(changed("", given).kind).toBe("response");
  });

  it.each([
    ["in upper case", "{ 'X-A': { value: 'x' } }", "must be in lower case"],
    ["with a space", "{ 'x a': { value: 'x' } }", "is not a header name"],
    ["without a name", "{ '': { value: 'x' } }", "is not a header name"],
    [
      "with a line break in its value",
      "{ a: { value: 'x\\r\\ny: z' } }",
      "has a control character",
    ],
    ["with a number as its value", "{ a: { value: 7 } }", "with a text as its value"],
    ["with no value", "{ a: {} }", "with a text as its value"],
    ["that is a text", "{ a: 'x' }", "with a text as its value"],
    ["with values that are no list", "{ a: { value: 'x', multiValue: 'y' } }", "with a text"],
    ["with a value of a list missing", "{ a: { value: 'x', multiValue: [{}] } }", "with a text"],
    ["with a later value missing", "{ a: { multiValue: [{ value: 'x' }, 7] } }", "with a text"],
    ["in a list of headers", "[]", "headers must be an object"],
  ])("%s is refused", (_, headers, message) => {
    const fault = { kind: "validation-error", message: expect.stringContaining(message) };
    expect(answered(`{ statusCode: 200, headers: ${headers} }`)).toEqual(fault);
    expect(changed(`response.headers = ${headers}`, viewerResponse({ headers: {} }))).toEqual(
      fault,
    );
  });
});

describe("a request that is returned", () => {
  it.each([
    ["another method", "request.method = 'POST'", "method of a request is read-only"],
    ["no method", "delete request.method", "method of a request is read-only"],
    ["a uri without a slash", "request.uri = 'b/'", "begins with a slash"],
    ["an empty uri", "request.uri = ''", "begins with a slash"],
    ["a uri that is no text", "request.uri = 7", "begins with a slash"],
    ["no uri", "delete request.uri", "begins with a slash"],
    ["a query in its uri", "request.uri = '/b/?c'", "no query"],
    ["a fragment in its uri", "request.uri = '/b/#c'", "no query, fragment"],
    ["a space in its uri", "request.uri = '/b c'", "space"],
    ["a control character in its uri", "request.uri = '/b\\n'", "control character"],
    ["a uri of 8,192 characters", "request.uri = '/' + 'x'.repeat(8191)", "shorter than 8192"],
    ["a query that is a text", "request.querystring = 'a=b'", "querystring must be an object"],
    ["a query value that is no object", "request.querystring.a = 'b'", "with a text as its value"],
    [
      "a space in its query",
      "request.querystring.a = { value: 'b c' }",
      "the querystring has a space",
    ],
    ["a # in its query", "request.querystring.a = { value: '#' }", "the querystring has a space"],
    ["a control character in its query", "request.querystring['a\\n'] = { value: '' }", "control"],
    [
      "a uri and a query of 8,192 characters together",
      "request.querystring.a = { value: 'x'.repeat(8192) }",
      "shorter than 8192",
    ],
    ["cookies that are no object", "request.cookies = 'a=b'", "cookies must be an object"],
    ["a line break in a cookie", "request.cookies.a = { value: 'b\\nc' }", "control character"],
  ])("with %s is refused", (_, statements, message) => {
    expect(changed(statements)).toEqual({
      kind: "validation-error",
      message: expect.stringContaining(message),
    });
  });

  it("may be what the viewer sent, odd as that is", () => {
    const odd = viewerRequest({ uri: "/a b", querystring: { "#": { value: " " } } });
    expect(changed("", odd)).toEqual({ kind: "request", request: odd.request });
  });

  it("may lack its query, headers and cookies, if none of them is read-only", () => {
    expect(
      changed(
        "delete request.querystring, delete request.headers, delete request.cookies",
        viewerRequest({ headers: {} }),
      ),
    ).toMatchObject({ kind: "request", request: { querystring: {}, headers: {}, cookies: {} } });
  });
});

describe("a field with several values", () => {
  const several = viewerRequest({
    headers: { accept: { value: "a", multiValue: [{ value: "a" }, { value: "b" }] } },
  });

  it.each([
    ["keeps the others when value is changed", "request.headers.accept.value = 'c'", ["c", "b"]],
    ["takes a changed list", "request.headers.accept.multiValue[1].value = 'c'", ["a", "c"]],
    ["takes a shorter list", "request.headers.accept.multiValue.pop()", ["a"]],
    [
      "takes the list alone where both are changed",
      "request.headers.accept.value = 'x'; request.headers.accept.multiValue[0].value = 'c'",
      ["c", "b"],
    ],
    ["is replaced by one value", "request.headers.accept = { value: 'c' }", ["c"]],
    ["takes value where the list is empty", "request.headers.accept.multiValue = []", ["a"]],
    ["stays as it is", "", ["a", "b"]],
  ])("%s", (_, statements, values) => {
    const outcome = changed(statements, several);
    if (outcome.kind !== "request") throw new Error(JSON.stringify(outcome));
    const accept = outcome.request.headers.accept;
    expect((accept?.multiValue ?? [accept]).map((one) => one?.value)).toEqual(values);
    expect(accept?.value).toBe(values[0]);
  });
});

describe("a response that is returned", () => {
  it.each(["199", "600", "0", "'200'", "200.5", "null", "NaN"])(
    "with status %s is refused",
    (status) => {
      expect(answered(`{ statusCode: ${status} }`)).toEqual({
        kind: "validation-error",
        message: "the statusCode must be an integer from 200 to 599",
      });
    },
  );

  it.each([
    ["a description that is no text", "{ statusCode: 200, statusDescription: 7 }"],
    ["a description of two lines", "{ statusCode: 200, statusDescription: 'O\\nK' }"],
    ["an unknown encoding", "{ statusCode: 200, body: { encoding: 'hex', data: '00' } }"],
    ["a body without an encoding", "{ statusCode: 200, body: { data: '00' } }"],
    ["a body without data", "{ statusCode: 200, body: { encoding: 'text' } }"],
    ["a body that is a number", "{ statusCode: 200, body: 7 }"],
    ["base64 that is none", "{ statusCode: 200, body: { encoding: 'base64', data: 'a*b=' } }"],
    ["base64 that is cut off", "{ statusCode: 200, body: { encoding: 'base64', data: 'YWI' } }"],
    [
      "attributes that are no text",
      "{ statusCode: 200, cookies: { a: { value: '', attributes: 7 } } }",
    ],
  ])("with %s is refused", (_, response) => {
    expect(answered(response)).toMatchObject({ kind: "validation-error" });
  });

  it("may be a status alone", () => {
    expect(answered("{ statusCode: 404 }")).toEqual({
      kind: "response",
      response: { statusCode: 404, headers: {}, cookies: {} },
    });
  });

  it("may have its body as a text, in base64, or empty", () => {
    const body = (text: string) => answered(`{ statusCode: 200, body: ${text} }`);
    expect(body("'ä'")).toMatchObject({ response: { body: { encoding: "text", data: "ä" } } });
    expect(body("{ encoding: 'base64', data: 'YQ==' }")).toMatchObject({
      response: { body: { encoding: "base64", data: "YQ==" } },
    });
    expect(body("''")).toMatchObject({ response: { body: { encoding: "text", data: "" } } });
  });

  it("may change the status it was given", () => {
    const gone = "response.statusCode = 410; response.statusDescription = 'Gone'";
    expect(changed(gone, viewerResponse())).toMatchObject({
      kind: "response",
      response: { statusCode: 410, statusDescription: "Gone" },
    });
  });
});

describe("a handler that returns no request and no response", () => {
  it.each([
    ["nothing", "", "undefined"],
    ["null", "return null", "null"],
    ["a number", "return 7", "number"],
    ["a text", "return 'x'", "string"],
    ["true", "return true", "boolean"],
    ["a function", "return handler", "function"],
    ["a list", "return []", "an array"],
    ["an empty object", "return {}", "neither a request nor a response"],
    ["the whole event", "return event", "neither a request nor a response"],
  ])("but %s is refused", (_, statement, message) => {
    const refused = { kind: "validation-error", message: expect.stringContaining(message) };
    expect(outcomeOf(`function handler(event) { ${statement} }`)).toEqual(refused);
    expect(outcomeOf(`async function handler(event) { ${statement} }`)).toEqual(refused);
  });

  it("is refused where a viewer-response function returns the request", () => {
    const outcome = outcomeOf("function handler(e) { return e.request; }", viewerResponse());
    expect(outcome).toEqual({
      kind: "validation-error",
      message: "a viewer-response function must return a response with its statusCode",
    });
  });
});
