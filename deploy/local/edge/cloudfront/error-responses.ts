import type { ErrorResponse } from "../live-distribution.ts";
import { ApiError, invalidArgument } from "./api-error.ts";
import { itemsOf, optionalNumber, optionalText, requiredText } from "./fields.ts";
import type { XmlNode } from "./xml.ts";

/** BC cloudfront CustomErrorResponse. */
const ERROR_CODES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
/** CF-DG "Control how long CloudFront caches errors". */
const DEFAULT_TTL = 10;

/** Reads CustomErrorResponses. Throws an ApiError for what CloudFront refuses. */
export function readErrorResponses(list: XmlNode | undefined): ReadonlyMap<number, ErrorResponse> {
  const responses = new Map<number, ErrorResponse>();
  for (const item of itemsOf(list, "CustomErrorResponse")) {
    const code = Number(requiredText(item, "ErrorCode"));
    if (!ERROR_CODES.includes(code)) {
      throw new ApiError(400, "InvalidErrorCode", `No error response can be made for ${code}.`);
    }
    if (responses.has(code)) throw invalidArgument(`The error code ${code} is given twice.`);
    const cachingMinTtl = optionalNumber(item, "ErrorCachingMinTTL") ?? DEFAULT_TTL;
    responses.set(code, { cachingMinTtl, page: readPage(item) });
  }
  return responses;
}

function readPage(item: XmlNode): ErrorResponse["page"] {
  const path = optionalText(item, "ResponsePagePath") ?? "";
  const code = optionalText(item, "ResponseCode") ?? "";
  if (path === "" && code === "") return undefined;
  if (path === "" || code === "") {
    throw invalidArgument("ResponsePagePath and ResponseCode go together.");
  }
  if (!path.startsWith("/")) throw invalidArgument(`The page "${path}" must begin with a slash.`);
  const status = Number(code);
  if (status === 200 || ERROR_CODES.includes(status)) return { path, status };
  throw new ApiError(400, "InvalidResponseCode", `An error cannot be told with ${code}.`);
}
