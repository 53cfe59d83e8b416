import { readDistributionNames } from "../domain/viewer-certificate.ts";
import type { Blueprint } from "../setup/blueprint.ts";
import { accessOf, foreignFunctionsOf, settle } from "../setup/distribution-settings.ts";
import { wishesOf } from "../setup/distribution-steps.ts";
import type {
  Estate,
  FoundDistribution,
  FoundEdge,
  FoundFunction,
  FoundPlace,
} from "../setup/estate.ts";
import {
  andThen,
  bad,
  type Check,
  check,
  good,
  type Looked,
  seen,
  skipped,
  warning,
} from "./check.ts";

export type DistributionFacts = {
  readonly place: Looked<FoundPlace>;
  readonly edge: Looked<FoundEdge>;
  /** All of it; unseen if any part was. */
  readonly estate: Looked<Estate>;
};

const SETUP = "slipway setup does it; its plan shows it first.";

/** Whether the distribution and its parts are as `setup` leaves them. */
export function judgeDistribution(
  blueprint: Blueprint,
  { place, edge, estate }: DistributionFacts,
): readonly Check[] {
  const distribution = distributionIn(place);
  const both = andThen(distribution, (one) => andThen(edge, (parts) => seen({ one, parts })));
  const whole = andThen(distribution, (one) => andThen(estate, (all) => seen({ one, all })));
  return [
    check("distribution", place, judgePlace),
    check("distribution-settings", whole, ({ one, all }) =>
      judgeSettings(one, wishesOf(blueprint, all)),
    ),
    check("access-control", both, ({ one, parts }) => judgeAccess(one, parts)),
    check("functions", edge, judgeFunctions),
  ];
}

/** The distribution, for whoever judges something of it. */
export function distributionIn(place: Looked<FoundPlace>): Looked<FoundDistribution> {
  return andThen(place, (found) =>
    found.kind === "one"
      ? seen(found.distribution)
      : skipped("there is no distribution to look at"),
  );
}

function judgePlace(place: FoundPlace) {
  switch (place.kind) {
    case "none":
      return bad("the account has no distribution for this bucket", "Run slipway setup.");
    case "missing":
      return bad(
        `the account has no distribution ${place.id}`,
        "Mend distribution in slipway.config.ts, or take it out and run slipway setup.",
      );
    case "several":
      return bad(
        `several serve this bucket: ${place.ids.join(", ")}`,
        "Name the right one as distribution in slipway.config.ts.",
      );
    case "one":
      return judgeState(place.distribution);
  }
}

function judgeState({ id, domainName, status, config }: FoundDistribution) {
  if (!readDistributionNames(config).isEnabled) {
    return bad(`${id} is disabled: it answers nobody`, "Enable it in the CloudFront console.");
  }
  return status === "deployed"
    ? good(`${id}, ${domainName}`)
    : warning(
        `${id} is still taking its last change everywhere`,
        "Wait some minutes; slipway setup --wait does.",
      );
}

function judgeSettings({ config }: FoundDistribution, wishes: ReturnType<typeof wishesOf>) {
  if (wishes === undefined) {
    return bad("parts that it must refer to are missing", "slipway setup makes them.");
  }
  const { changes } = settle(config, wishes);
  if (changes.length > 0) return bad(`not so: ${changes.join("; ")}`, SETUP);
  const foreign = foreignFunctionsOf(config);
  return foreign.length === 0
    ? good("origin, functions, headers, error page, compression, HTTP/2 and 3, IPv6, TLS")
    : warning(
        `other functions run at the viewer's events: ${foreign.join(", ")}`,
        "Take them away, and run slipway setup, if the site's own rules are to be in force.",
      );
}

function judgeAccess({ config }: FoundDistribution, { accesses }: FoundEdge) {
  const used = accessOf(config);
  if (used === undefined) return bad("the origin has no origin access control", SETUP);
  const access = accesses.find(({ id }) => id === used);
  if (access === undefined) return bad(`the account has no origin access control ${used}`, SETUP);
  return access.signs
    ? good(`${access.name}, always, with SigV4`)
    : bad(`${access.name} does not sign every request`, SETUP);
}

function judgeFunctions({ viewerRequest, viewerResponse, store }: FoundEdge) {
  const problems = [
    ...functionProblems("viewer-request", viewerRequest),
    ...functionProblems("viewer-response", viewerResponse),
    ...(store === undefined ? ["there is no key value store"] : []),
    ...(store !== undefined && store.state !== "ready"
      ? [`the key value store is ${store.state}`]
      : []),
    ...(viewerRequest !== undefined && viewerRequest.store === undefined
      ? ["the viewer-request function may not read the key value store"]
      : []),
  ];
  return problems.length === 0
    ? good("both, and the key value store")
    : bad(problems.join("; "), SETUP);
}

function functionProblems(event: string, found: FoundFunction | undefined): readonly string[] {
  if (found === undefined) return [`there is no ${event} function`];
  return found.isLive ? [] : [`the ${event} function was never published`];
}
