/** CloudFront takes names of at most this many characters (CF-DG "Quotas"). */
const MAX_NAME = 256;

/** RFC 9110 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Why a site cannot set or take away a header of this name, and what to do; undefined if it can. The
 * names are those that CloudFront refuses (CF-DG "Restrictions on CloudFront Functions", "Understand
 * response headers policies"), and those that would say something else than what is sent.
 */
export function findNameProblem(name: string): string | undefined {
  if (!TOKEN.test(name)) {
    return `"${name}" is not the name of a header: it has letters, digits and dashes, and a colon behind it`;
  }
  if (name.length > MAX_NAME) {
    return `the name has ${name.length} characters, and CloudFront takes ${MAX_NAME}`;
  }
  const lower = name.toLowerCase();
  const known = FORBIDDEN.find(({ names }) => names.test(lower));
  return known === undefined ? undefined : `${name} ${known.because}`;
}

type Forbidden = { readonly names: RegExp; readonly because: string };

const FORBIDDEN: readonly Forbidden[] = [
  {
    names:
      /^(?:connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/,
    because:
      "belongs to the connection, and CloudFront refuses functions and policies that set it: leave it out",
  },
  {
    names:
      /^(?:age|via|warning|x-cache|x-edge-.*|x-amz-.*|x-amzn-.*|x-accel-.*|x-forwarded-proto|x-real-ip)$/,
    because: "is written by CloudFront or S3 and cannot be set: take another name",
  },
  {
    names: /^(?:accept-ranges|content-range|date|etag|last-modified|server|vary)$/,
    because: "is written by CloudFront or S3 for the very answer that is sent: leave it out",
  },
  {
    names: /^set-cookie2?$/,
    because:
      "would give one visitor's cookie to all, because answers are cached: set it in the API",
  },
  {
    names: /^expires$/,
    because: "says what Cache-Control says better: use Cache-Control with max-age",
  },
  {
    names: /^location$/,
    because: "redirects only together with a status: write a rule in _redirects",
  },
  {
    names: /^basic-auth$/,
    because:
      "is a password for Netlify and would be published here as it stands: leave it out, there are no passwords at this edge",
  },
];

/** Why a value cannot be sent, and what to do; undefined if it can. `bound`: names of the block's path. */
export function findValueProblem(
  name: string,
  value: string,
  bound: readonly string[],
): string | undefined {
  if (value === "") return `${name} has no value: write \`! ${name}\` to take a header away`;
  const odd = /[^\x20-\x7e\t]/u.exec(value)?.[0];
  if (odd !== undefined) {
    return `the value of ${name} has the character "${odd}", and headers are ASCII: write it percent-encoded if the header allows that`;
  }
  const used = bound.find((one) => new RegExp(`:${one}(?![A-Za-z0-9_])`).test(value));
  return used === undefined
    ? undefined
    : `the value of ${name} uses :${used}, but values are the same for every path: write one block for each value`;
}
