import { newBucket } from "./new-bucket.ts";
import { ownerElement, SLIPWAY_OWNER } from "./owner.ts";
import { childText, parseDocument } from "./read-xml.ts";
import { readBody } from "./receive-body.ts";
import { bucketOf, isoTime, nowInSeconds, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { element, optional, s3Document } from "./write-xml.ts";

const LARGEST_DOCUMENT = 64 * 1024;

/** S3-API ListBuckets. */
export const listBuckets: S3Operation = async (call, { storage }) => {
  const prefix = call.query.get("prefix") ?? "";
  const after = call.query.get("continuation-token") ?? "";
  const most = Math.min(Number(call.query.get("max-buckets") ?? 10_000) || 10_000, 10_000);
  const found = [...storage.buckets.values()]
    .filter(({ name }) => name.startsWith(prefix) && name > after)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = found.slice(0, most);
  const next = found.length > most ? page.at(-1)?.name : undefined;
  return xmlAnswer(
    s3Document("ListAllMyBucketsResult", [
      ownerElement(SLIPWAY_OWNER),
      element(
        "Buckets",
        page.map(({ name, created, region }) =>
          element("Bucket", [
            element("Name", name),
            element("CreationDate", isoTime(created)),
            element("BucketRegion", region),
          ]),
        ),
      ),
      ...optional("Prefix", call.query.get("prefix")),
      ...optional("ContinuationToken", next),
    ]),
  );
};

/**
 * S3-API CreateBucket. A new bucket blocks public access and has no ACLs. Creating it again is
 * accepted in us-east-1 and refused elsewhere.
 */
export const createBucket: S3Operation = async (call, { storage, clock, region }) => {
  const name = call.bucket;
  refuseName(name);
  const ownership = call.headers.get("x-amz-object-ownership") ?? "BucketOwnerEnforced";
  refuseOptions(call.headers, ownership);
  refuseLocation(await locationConstraint(await readBody(call, LARGEST_DOCUMENT)), region);
  return storage.commit({
    touches: "everything",
    decide(buckets) {
      const result = { status: 200, headers: { location: `/${name}` } };
      if (buckets.has(name)) {
        if (region !== "us-east-1") {
          throw new S3Error("BucketAlreadyOwnedByYou", { details: { BucketName: name } });
        }
        return { commits: [], result };
      }
      return {
        commits: newBucket({ name, at: nowInSeconds(clock), region, ownership }),
        result,
      };
    },
  });
};

/** S3-API HeadBucket. */
export const headBucket: S3Operation = async (call, { storage }) => {
  const { region } = bucketOf(storage.buckets, call.bucket);
  return {
    status: 200,
    headers: { "x-amz-bucket-region": region, "x-amz-access-point-alias": "false" },
  };
};

/** S3-API DeleteBucket. Versions and delete markers count as content. */
export const deleteBucket: S3Operation = async (call, { storage }) =>
  storage.commit({
    touches: "everything",
    decide(buckets) {
      if (bucketOf(buckets, call.bucket).keys.size > 0) {
        throw new S3Error("BucketNotEmpty", { details: { BucketName: call.bucket } });
      }
      return {
        commits: [{ kind: "bucket-removed", bucket: call.bucket }],
        result: { status: 204 },
      };
    },
  });

/** S3-API GetBucketLocation: us-east-1 is the empty name. */
export const getBucketLocation: S3Operation = async (call, { storage }) => {
  const { region } = bucketOf(storage.buckets, call.bucket);
  return xmlAnswer(s3Document("LocationConstraint", region === "us-east-1" ? "" : region));
};

/** S3-UG "General purpose bucket naming rules". */
function refuseName(name: string): void {
  const isWellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
  if (!isWellFormed || name.includes("..") || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    throw new S3Error("InvalidBucketName", { details: { BucketName: name } });
  }
}

function refuseOptions(headers: ReadonlyMap<string, string>, ownership: string): void {
  if (headers.get("x-amz-bucket-object-lock-enabled")?.toLowerCase() === "true") {
    throw new S3Error("NotImplemented", {
      message: "The local edge does not implement object lock.",
    });
  }
  const acl = headers.get("x-amz-acl") ?? "private";
  if (acl !== "private" && ownership === "BucketOwnerEnforced") {
    throw new S3Error("InvalidBucketAclWithObjectOwnership");
  }
}

async function locationConstraint(body: Buffer): Promise<string | undefined> {
  if (body.length === 0) return undefined;
  const configuration = parseDocument(body.toString("utf8"), "CreateBucketConfiguration");
  return childText(configuration, "LocationConstraint");
}

function refuseLocation(constraint: string | undefined, region: string): void {
  const wanted = constraint === "EU" ? "eu-west-1" : constraint;
  if (wanted === undefined || wanted === "" || wanted === region) return;
  throw new S3Error("IllegalLocationConstraintException", {
    message: `The ${wanted} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  });
}
