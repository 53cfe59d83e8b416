import { EXIT_CODES } from "../cli/exit-codes.ts";
import type { PolicyFlags } from "../cli/policy-options.ts";
import { renderPolicy } from "../cli/render-policy.ts";
import type { Environment } from "../config.ts";
import { SlipwayError } from "../core/errors.ts";
import {
  githubTrustPolicy,
  parseJob,
  parseRepository,
  subjectsOf,
  trustNotes,
} from "../core/iam/github-trust.ts";
import { type EstateNames, partitionOf } from "../core/iam/resources.ts";
import { type PolicyResult, policyNotes, rolePolicy } from "../core/iam/role-policy.ts";
import { edgeNames } from "../core/setup/blueprint.ts";
import type { Done } from "./handlers.ts";
import type { Wiring } from "./wiring.ts";

type AwsEnvironment = Extract<Environment, { kind: "aws" }>;

/** `slipway policy`: asks AWS nothing. */
export function runPolicy(wiring: Wiring, flags: PolicyFlags): Done {
  const { slipway, surroundings, invocation, config } = wiring;
  const { env: name, json } = invocation.global;
  const environment = awsEnvironment(slipway.environment, name);
  const account = accountOf(environment, flags, name);
  const result =
    flags.subject === "github"
      ? trust(flags, { account, partition: partitionOf(environment.region) })
      : roleResult(
          flags.subject,
          namesOf(environment, flags, { account, site: config.site.id, name }),
          flags,
        );
  if (!json) surroundings.stdout.write(renderPolicy(result));
  surroundings.stderr.write(result.notes.map((note) => `${note}\n`).join(""));
  return { exitCode: EXIT_CODES.done.code, result: { command: "policy", result } };
}

function roleResult(
  role: Exclude<PolicyFlags["subject"], "github">,
  names: EstateNames,
  { repo, branch, tag, environment, ownerId, repoId }: PolicyFlags,
): PolicyResult {
  if ([repo, branch, tag, environment, ownerId, repoId].some((option) => option !== undefined)) {
    throw new SlipwayError("usage", {
      what: `policy ${role} says what the role may do, not who may take it`,
      why: "--repo, --branch, --tag, --environment, --owner-id and --repo-id belong to policy github",
      next: "Print both: slipway policy github --repo OWNER/NAME, and this one without those options.",
    });
  }
  return { subject: role, policy: rolePolicy(role, names), notes: policyNotes(role, names) };
}

function trust(
  flags: PolicyFlags,
  place: { readonly account: string; readonly partition: string },
): PolicyResult {
  if (flags.repo === undefined) {
    throw new SlipwayError("usage", {
      what: "Nobody is named who may take the role",
      why: "policy github needs the repository",
      next: "Say --repo OWNER/NAME, and --branch, --tag or --environment.",
    });
  }
  const ids = { owner: flags.ownerId, repository: flags.repoId };
  const repository = parseRepository(flags.repo, ids);
  const policy = githubTrustPolicy(place, subjectsOf(repository, parseJob(flags)));
  return { subject: "github", policy, notes: trustNotes(repository) };
}

function namesOf(
  environment: AwsEnvironment,
  { distribution, headersPolicy, store }: PolicyFlags,
  place: { readonly account: string; readonly site: string; readonly name: string },
): EstateNames {
  const { bucket, region, domain } = environment;
  const { viewerRequest, viewerResponse } = edgeNames(place.site, place.name);
  return {
    bucket,
    region,
    account: place.account,
    functions: [viewerRequest, viewerResponse],
    distribution: checkedId("--distribution", distribution) ?? environment.distribution,
    headersPolicy: checkedId("--headers-policy", headersPolicy),
    store: checkedId("--store", store),
    domains: domain === undefined ? [] : [domain.canonical, ...domain.also],
  };
}

/** An id goes into an ARN, where a star would mean every one. */
function checkedId(option: string, id: string | undefined): string | undefined {
  if (id === undefined || /^[A-Za-z0-9-]+$/.test(id)) return id;
  throw new SlipwayError("usage", {
    what: `${option} "${id}" is not an id`,
    why: "an id has letters, digits and dashes only",
    next: "Give the last part of the ARN.",
  });
}

function accountOf({ account }: AwsEnvironment, flags: PolicyFlags, name: string): string {
  const found = flags.account ?? account;
  if (found !== undefined && /^\d{12}$/.test(found)) return found;
  throw new SlipwayError(found === undefined ? "config" : "usage", {
    what: "The policy's ARNs need the account",
    why:
      found === undefined
        ? `the environment ${name} names none`
        : `"${found}" is not an account's twelve digits`,
    next: "Set account in slipway.config.ts, or give --account. The id: aws sts get-caller-identity",
  });
}

function awsEnvironment(environment: Environment, name: string): AwsEnvironment {
  if (environment.kind === "aws") return environment;
  throw new SlipwayError("usage", {
    what: `The environment ${name} needs no policy`,
    why: "it is of kind local: it runs on this machine, without AWS",
    next: "Name one of kind aws with --env NAME.",
  });
}
