import { hasSecret, SECRET_HEADER } from "./api-settings.ts";
import type { Blueprint } from "./blueprint.ts";
import { foreignFunctionsOf, headersPolicyOf } from "./distribution-settings.ts";
import type { Estate } from "./estate.ts";
import { publicReadersOf } from "./public-readers.ts";

/** What a person should know of an estate that can be used. */
export function notesOf(blueprint: Blueprint, estate: Estate): readonly string[] {
  return [
    ...bucketNotes(blueprint, estate),
    ...distributionNotes(estate),
    ...apiNotes(blueprint, estate),
  ];
}

function bucketNotes({ bucket: name }: Blueprint, estate: Estate): string[] {
  const { bucket } = estate;
  const notes = publicReadersOf(name, estate).map(
    (id) =>
      `The bucket stays open to the public: ${id} reads it without a signature. Give its origins for ${name} an origin access control, or take them away, then run setup again.`,
  );
  const settings = bucket.kind === "found" ? bucket.settings : undefined;
  if (settings?.isVersioned !== true) {
    notes.push(
      "For up to 15 minutes after versions are first kept, S3 may answer 404 for files just written; let the first deploy wait that long if it matters.",
    );
  }
  if (settings?.encryption.kind === "kms") {
    notes.push(
      `The bucket encrypts with the key ${settings.encryption.key ?? "of the account in KMS"}: its key policy must allow kms:Decrypt to cloudfront.amazonaws.com for this distribution.`,
    );
  }
  return notes;
}

function distributionNotes({ place, edge }: Estate): string[] {
  if (place.kind !== "one") return [];
  const { id, config } = place.distribution;
  const notes = foreignFunctionsOf(config).map(
    (arn) =>
      `${id} runs ${arn.split(/[/:]/).at(-1)}, which is not Slipway's. It stays; the site's redirects and clean URLs are in force only after it is taken away and setup is run again.`,
  );
  const policy = headersPolicyOf(config);
  if (policy !== undefined && edge.headersPolicy !== undefined && policy !== edge.headersPolicy) {
    notes.push(
      `${id} has the response headers policy ${policy}, which is not Slipway's. It stays; the site's own headers are in force only after it is taken away and setup is run again.`,
    );
  }
  return notes;
}

function apiNotes({ api }: Blueprint, { place }: Estate): string[] {
  if (api === undefined || api.secret !== undefined) return [];
  if (place.kind === "one" && hasSecret(place.distribution.config, api.host)) return [];
  return [
    `Whoever knows ${api.host} can go round CloudFront: set SLIPWAY_ORIGIN_SECRET, run setup again, and let the API refuse requests without it in ${SECRET_HEADER}.`,
  ];
}
