import type { Paint } from "./paint.ts";

export type EdgeAddress = { readonly viewerUrl: string; readonly apiUrl: string };

export function renderEdge({ viewerUrl, apiUrl }: EdgeAddress, paint: Paint): readonly string[] {
  return [
    "",
    `  ${paint.strong("Site")}  ${paint.good(viewerUrl)}`,
    `  ${paint.strong("AWS")}   ${apiUrl} ${paint.faint("(S3 and CloudFront; slipway edge --print-env)")}`,
    `  ${paint.strong("View")}  ${viewerUrl}/__slipway ${paint.faint("(releases, traffic, and what the edge would do with a URL)")}`,
    "",
    "Ctrl-C ends it. What is stored stays for the next start.",
  ];
}

export type EdgeAccess = {
  readonly apiUrl: string;
  readonly region: string;
  readonly bucket: string;
  readonly distribution: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

/** Lines for `eval "$(slipway edge --print-env)"`: any AWS client then talks to the local edge. */
export function renderEdgeEnv(access: EdgeAccess): readonly string[] {
  const variables: Readonly<Record<string, string>> = {
    AWS_ENDPOINT_URL: access.apiUrl,
    AWS_ACCESS_KEY_ID: access.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
    AWS_REGION: access.region,
    AWS_DEFAULT_REGION: access.region,
    SLIPWAY_BUCKET: access.bucket,
    SLIPWAY_DISTRIBUTION: access.distribution,
  };
  return Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
}
