import {
  andThen,
  bad,
  type Check,
  check,
  good,
  type Looked,
  skipped,
  type Verdict,
  warning,
} from "./check.ts";

/** What runs at the CDN beside a program: the functions true where they are the same. */
export type EdgeDifferences = {
  readonly viewerRequest: boolean;
  readonly viewerResponse: boolean;
  /** `foreign`: it does not bear our prefix, so no deploy writes to it. */
  readonly headersPolicy: "same" | "different" | "foreign";
  /** Entries of the redirect table, counted; undefined when there is no table and none is needed. */
  readonly table:
    | {
        readonly entries: number;
        readonly missing: number;
        readonly changed: number;
        readonly extra: number;
      }
    | undefined;
};

export type EdgeComparison =
  | ({ readonly kind: "compared" } & EdgeDifferences)
  | { readonly kind: "unmanaged"; readonly why: string };

const DEPLOY = "slipway deploy publishes it again; with --verify if it finds nothing to do.";

/** Whether what runs at the edge is what the live release published. */
export function judgeProgram(compared: Looked<EdgeComparison>): readonly Check[] {
  const judge = (verdict: (differences: EdgeDifferences) => Verdict) => (found: EdgeComparison) =>
    found.kind === "compared"
      ? verdict(found)
      : bad(`the rules are not in force: ${found.why}`, "Run slipway setup, then slipway deploy.");
  const table = andThen(compared, (found) =>
    found.kind === "compared" && found.table === undefined
      ? skipped("all redirects fit into the function")
      : compared,
  );
  return [
    check("function-code", compared, judge(judgeCode)),
    check("redirect-table", table, judge(judgeTable)),
    check("headers-policy", compared, judge(judgeHeadersPolicy)),
  ];
}

function judgeCode({ viewerRequest, viewerResponse }: EdgeDifferences): Verdict {
  const other = [
    ...(viewerRequest ? [] : ["viewer-request"]),
    ...(viewerResponse ? [] : ["viewer-response"]),
  ];
  return other.length === 0
    ? good("both functions run its code")
    : bad(`other code runs as ${other.join(" and ")}`, DEPLOY);
}

function judgeTable({ table }: EdgeDifferences): Verdict {
  const { entries = 0, missing = 0, changed = 0, extra = 0 } = table ?? {};
  return missing + changed + extra === 0
    ? good(`${entries} entries`)
    : bad(
        `${missing} entries are missing, ${changed} differ, ${extra} are not the release's`,
        DEPLOY,
      );
}

function judgeHeadersPolicy({ headersPolicy }: EdgeDifferences): Verdict {
  switch (headersPolicy) {
    case "same":
      return good("it is the release's");
    case "different":
      return bad("somebody changed it", DEPLOY);
    case "foreign":
      return warning(
        "the distribution has one that is not Slipway's: the site's own headers are not in force",
        "Keep it if it is meant to be; else take it off the distribution, and run slipway setup.",
      );
  }
}
