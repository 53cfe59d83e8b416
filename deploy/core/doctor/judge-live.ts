import { bad, type Check, check, good, type Looked, type Verdict, warning } from "./check.ts";

/** How the live site answers; header names in lower case. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
};

/** What every answer is to carry. */
export type WantedHeaders = {
  readonly set: readonly {
    readonly name: string;
    readonly value: string;
    /** Whether it replaces the origin's own. */
    readonly override: boolean;
  }[];
  readonly remove: readonly string[];
};

export type LiveFacts = {
  readonly home: Looked<Answer>;
  readonly headers: Looked<{
    readonly wanted: WantedHeaders;
    readonly answer: Answer;
    readonly isHttps: boolean;
  }>;
  /** A page asked for without its last slash. */
  readonly clean: Looked<{ readonly path: string; readonly answer: Answer }>;
  readonly missing: Looked<Answer>;
  readonly state: Looked<Answer>;
  /** The home page by http. */
  readonly plain: Looked<Answer>;
  /** The home page under each other name, and where it should lead. */
  readonly others: Looked<{
    readonly canonical: string;
    readonly answers: readonly { readonly name: string; readonly answer: Looked<Answer> }[];
  }>;
};

const SETUP = "slipway setup says what is wrong and mends it.";
const DEPLOY = "slipway deploy publishes the rules; the checks of the functions say more.";

/** Whether visitors get what was released. */
export function judgeLive(facts: LiveFacts): readonly Check[] {
  return [
    check("home-page", facts.home, ({ status }) =>
      status === 200
        ? good("200")
        : bad(
            `it is answered with ${status}`,
            "slipway status says what is live; slipway deploy --verify mends it.",
          ),
    ),
    check("headers", facts.headers, judgeHeaders),
    check("clean-url", facts.clean, ({ path, answer }) => judgeClean(path, answer)),
    check("missing-page", facts.missing, judgeMissing),
    check("state-hidden", facts.state, ({ status }) =>
      status >= 400
        ? good(`/.slipway/manifest.json is answered with ${status}`)
        : bad(
            `/.slipway/manifest.json is answered with ${status}: anybody can read the records`,
            SETUP,
          ),
    ),
    check("https", facts.plain, ({ status, headers }) =>
      isRedirect(status) && (headers.location ?? "").startsWith("https://")
        ? good(`${status} to https`)
        : bad(`http is answered with ${status}`, SETUP),
    ),
    check("other-names", facts.others, ({ canonical, answers }) => judgeOthers(canonical, answers)),
  ];
}

function judgeHeaders({
  wanted,
  answer,
  isHttps,
}: Extract<LiveFacts["headers"], { kind: "seen" }>["value"]): Verdict {
  // Browsers heed it by https only, and what answers by http need not say it (RFC 6797 7.2).
  const set = wanted.set.filter(({ name }) => isHttps || name !== "strict-transport-security");
  const wrong = set.flatMap(({ name, value, override }) => {
    const found = answer.headers[name];
    if (found === undefined) return [`${name} is missing`];
    return override && canonical(found) !== canonical(value) ? [`${name} is "${found}"`] : [];
  });
  const left = wanted.remove.filter((name) => answer.headers[name] !== undefined);
  const problems = [...wrong, ...left.map((name) => `${name} is there`)];
  return problems.length === 0
    ? good(set.length === 0 ? "none are wanted" : set.map(({ name }) => name).join(", "))
    : bad(problems.join("; "), DEPLOY);
}

/** CloudFront writes the fields of some headers in its own way: `max-age=1; includeSubDomains`. */
function canonical(value: string): string {
  return value.toLowerCase().replace(/\s+/g, "");
}

function judgeClean(path: string, { status, headers }: Answer): Verdict {
  const to = headers.location ?? "";
  if (status === 301 && (to === `${path}/` || to.endsWith(`${path}/`))) {
    return good(`${path} is sent on to ${path}/`);
  }
  return bad(`${path} is answered with ${status}${to === "" ? "" : ` to ${to}`}`, DEPLOY);
}

function judgeMissing({ status }: Answer): Verdict {
  if (status === 404) return good("404");
  if (status === 403) {
    return bad(
      "403: CloudFront may not see what is missing",
      "slipway setup lets it list the bucket.",
    );
  }
  return status < 400
    ? warning(
        `${status}: an address that nobody has a page for is answered as if there were one`,
        "Right if a rule of yours answers for every path; else slipway setup mends the error page.",
      )
    : bad(`it is answered with ${status}`, SETUP);
}

function judgeOthers(
  canonicalName: string,
  answers: Extract<LiveFacts["others"], { kind: "seen" }>["value"]["answers"],
): Verdict {
  const problems = answers.flatMap(({ name, answer }) => {
    if (answer.kind === "unseen") return [`${name}: ${answer.text.why}`];
    if (answer.kind === "skipped") return [`${name}: ${answer.why}`];
    const { status, headers } = answer.value;
    const to = headers.location ?? "";
    if (isRedirect(status) && to.startsWith(`https://${canonicalName}/`)) return [];
    return [`${name} is answered with ${status}${to === "" ? "" : ` to ${to}`}`];
  });
  return problems.length === 0
    ? good(`${answers.map(({ name }) => name).join(", ")} to ${canonicalName}`)
    : bad(
        problems.join("; "),
        "slipway domain status says how far each name is; the redirect is an edge rule, which slipway deploy publishes.",
      );
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 308;
}
