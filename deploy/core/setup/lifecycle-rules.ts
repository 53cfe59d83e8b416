import { appendElement, findElement, parseXml, replaceElement, textOf } from "./xml-edit.ts";

/** How long a version that was overwritten or removed stays: at least, and so long as it is among the newest. */
export const KEPT_VERSIONS = { days: 30, newest: 5 } as const;
const LEFTOVER_DAYS = 7;

const EMPTY =
  '<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LifecycleConfiguration>';

type Rule = {
  readonly id: string;
  readonly xml: string;
  /** Whether a rule of that id does as much; one that keeps more is right too. */
  readonly isRight: (field: (...path: string[]) => string | undefined) => boolean;
};

const atLeast = (text: string | undefined, least: number) => Number(text ?? "") >= least;

const VERSIONS: Rule = {
  id: "slipway-old-versions",
  xml: `<Rule><ID>slipway-old-versions</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration><NoncurrentVersionExpiration><NoncurrentDays>${KEPT_VERSIONS.days}</NoncurrentDays><NewerNoncurrentVersions>${KEPT_VERSIONS.newest}</NewerNoncurrentVersions></NoncurrentVersionExpiration></Rule>`,
  isRight: (field) =>
    field("Status") === "Enabled" &&
    field("Expiration", "ExpiredObjectDeleteMarker") === "true" &&
    atLeast(field("NoncurrentVersionExpiration", "NoncurrentDays"), KEPT_VERSIONS.days) &&
    atLeast(field("NoncurrentVersionExpiration", "NewerNoncurrentVersions"), KEPT_VERSIONS.newest),
};

const LEFTOVERS: Rule = {
  id: "slipway-multipart-leftovers",
  xml: `<Rule><ID>slipway-multipart-leftovers</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>${LEFTOVER_DAYS}</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>`,
  isRight: (field) =>
    field("Status") === "Enabled" &&
    atLeast(field("AbortIncompleteMultipartUpload", "DaysAfterInitiation"), 1),
};

/**
 * The bucket's lifecycle configuration, a document of S3, with Slipway's two rules in it; the very same
 * text when they are there. All other rules stay byte for byte: writing it replaces the whole.
 */
export function withLifecycleRules(found: string | undefined): string {
  return [VERSIONS, LEFTOVERS].reduce(withRule, found ?? EMPTY);
}

function withRule(document: string, { id, xml, isRight }: Rule): string {
  const root = parseXml(document);
  const rule = root.children.find((child) => textOf(document, findElement(child, ["ID"])) === id);
  if (rule === undefined) return appendElement(document, [], xml);
  const field = (...path: string[]) => textOf(document, findElement(rule, path));
  return isRight(field) ? document : replaceElement(document, rule, xml);
}
