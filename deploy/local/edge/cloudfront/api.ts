import { ApiError } from "./api-error.ts";
import { childOf, readDocument, writeDocument, type XmlNode, type XmlTree } from "./xml.ts";

/** A request as the operations see it. */
export type ApiCall = {
  /** What the path holds for the first and the second placeholder of its route, decoded, or "". */
  readonly id: string;
  readonly subId: string;
  readonly query: URLSearchParams;
  readonly ifMatch: string | undefined;
  readonly body: Buffer;
};

export type ApiAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content: string | Uint8Array;
};

/** One operation of the API: where it is found, and what it does. Throws an ApiError to refuse. */
export type Route = {
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the version, as `function/{Name}/publish`. */
  readonly path: string;
  /** A parameter that the query must have, as `WithTags`. */
  readonly parameter?: string;
  readonly answer: (call: ApiCall) => ApiAnswer | Promise<ApiAnswer>;
};

export const API_VERSION = "2020-05-31";

export function ok(root: string, tree: XmlTree, etag?: string): ApiAnswer {
  return {
    status: 200,
    ...(etag === undefined ? {} : { headers: { etag } }),
    content: writeDocument(root, tree),
  };
}

/** With the address of what was made, and its ETag if it has one. */
export function created(answer: ApiAnswer, path: string): ApiAnswer {
  const location = `https://cloudfront.amazonaws.com/${API_VERSION}/${path}`;
  return { ...answer, status: 201, headers: { ...answer.headers, location } };
}

export const NO_CONTENT: ApiAnswer = { status: 204, content: "" };

/** The root element of the body. Throws an ApiError if it has another name, or there is none. */
export function bodyElement(call: ApiCall, name: string): XmlNode {
  const root = childOf(readDocument(call.body.toString("utf8")), name);
  if (root !== undefined) return root;
  throw new ApiError(400, "MalformedInput", `The body must be a ${name} document.`);
}
