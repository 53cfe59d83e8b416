import { defaultOriginOf, isBucketDomain } from "./distribution-settings.ts";
import { type Estate, isClosed } from "./estate.ts";
import { fieldOf, itemsOf } from "./xml-lists.ts";

/**
 * The distributions that go on reading the bucket without a signature when all steps are done: to close
 * it would take down what they serve. The site's own signs for its default origin only.
 */
export function publicReadersOf(bucket: string, estate: Estate): readonly string[] {
  const { bucket: found, place, publicReaders = [] } = estate;
  if (found.kind !== "found" || isClosed(found.settings)) return [];
  const own = place.kind === "one" ? place.distribution : undefined;
  if (own === undefined || !hasUnsignedOrigin(own.config, bucket)) return publicReaders;
  return [own.id, ...publicReaders];
}

function hasUnsignedOrigin(config: string, bucket: string): boolean {
  const first = defaultOriginOf(config);
  return itemsOf(config, ["Origins"]).some(
    (origin) =>
      origin !== first &&
      isBucketDomain(fieldOf(origin, "DomainName") ?? "", bucket) &&
      !fieldOf(origin, "OriginAccessControlId") &&
      !fieldOf(origin, "S3OriginConfig", "OriginAccessIdentity"),
  );
}
