import { ApiError, invalidArgument } from "./api-error.ts";
import { arnOf, nameInArn } from "./arn.ts";
import { checkQuantities, itemsOf, oneOf, requiredText } from "./fields.ts";
import type { FunctionConfig } from "./viewer-function-record.ts";
import { childOf, type XmlNode, type XmlTree } from "./xml.ts";

/** CF-DG "Quotas on CloudFront Functions": 10 KB, and no more on request. */
const MAX_CODE_BYTES = 10 * 1_024;

/** Reads FunctionConfig and FunctionCode of a request. Throws an ApiError for what CloudFront refuses. */
export function readFunction(
  request: XmlNode,
  storeExists: (id: string) => boolean,
): { readonly config: FunctionConfig; readonly code: string } {
  checkQuantities(request);
  const code = readBlob(request, "FunctionCode");
  if (code.length === 0) throw invalidArgument("The function code is empty.");
  if (code.length > MAX_CODE_BYTES) {
    throw new ApiError(
      413,
      "FunctionSizeLimitExceeded",
      `The function has ${code.length} bytes; the most is ${MAX_CODE_BYTES}.`,
    );
  }
  const config = readConfig(childOf(request, "FunctionConfig"), storeExists);
  return { config, code: code.toString("base64") };
}

/** The bytes of a base64 element. */
export function readBlob(request: XmlNode, name: string): Buffer {
  const text = requiredText(request, name).replace(/\s/g, "");
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return Buffer.from(text, "base64");
  throw invalidArgument(`${name} must be base64.`);
}

export function configTree({ comment, runtime, store }: FunctionConfig): XmlTree {
  if (store === undefined) return { Comment: comment, Runtime: runtime };
  const association = { KeyValueStoreARN: arnOf("key-value-store", store) };
  return {
    Comment: comment,
    Runtime: runtime,
    KeyValueStoreAssociations: {
      Quantity: 1,
      Items: { KeyValueStoreAssociation: [association] },
    },
  };
}

function readConfig(
  node: XmlNode | undefined,
  storeExists: (id: string) => boolean,
): FunctionConfig {
  const comment = requiredText(node, "Comment");
  const runtimes = ["cloudfront-js-1.0", "cloudfront-js-2.0"] as const;
  const runtime = oneOf("runtime", requiredText(node, "Runtime"), runtimes);
  const list = childOf(node, "KeyValueStoreAssociations");
  const [association, ...more] = itemsOf(list, "KeyValueStoreAssociation");
  if (association === undefined) return { comment, runtime, store: undefined };
  if (more.length > 0) throw invalidArgument("A function can have one key value store.");
  if (runtime !== "cloudfront-js-2.0") {
    throw invalidArgument("A key value store needs the runtime cloudfront-js-2.0.");
  }
  const arn = requiredText(association, "KeyValueStoreARN");
  const store = nameInArn("key-value-store", arn);
  if (store !== undefined && storeExists(store)) return { comment, runtime, store };
  throw invalidArgument(`There is no key value store with the ARN ${arn}.`);
}
