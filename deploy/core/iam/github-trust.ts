import { SlipwayError } from "../errors.ts";
import type { PolicyDocument } from "./role-policy.ts";

/** Which jobs of a repository may take a role: those of one branch, one tag, or one environment. */
export type GithubJob = {
  readonly kind: "branch" | "tag" | "environment";
  readonly name: string;
};

export type GithubRepository = {
  readonly owner: string;
  readonly name: string;
  /** GitHub's numbers of both, which no other repository can ever have. */
  readonly ids: { readonly owner: string; readonly repository: string } | undefined;
};

const ISSUER = "token.actions.githubusercontent.com";

/** One exact name each; a star would let another repository in. */
const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const ID = /^[1-9]\d{0,18}$/;

/** `OWNER/NAME` and the two numbers → a repository. Throws "usage" on anything else. */
export function parseRepository(
  text: string,
  ids: { readonly owner: string | undefined; readonly repository: string | undefined },
): GithubRepository {
  const [owner = "", name = "", ...rest] = text.split("/");
  if (rest.length > 0 || !OWNER.test(owner) || !NAME.test(name)) {
    throw badOption(
      `"${text}" is not a repository`,
      "it must be OWNER/NAME exactly as GitHub writes it, without https://, wildcards or .git",
      "Say --repo octo-org/website.",
    );
  }
  if ((ids.owner === undefined) !== (ids.repository === undefined)) {
    throw badOption(
      "Only one of the two numbers is given",
      "an immutable subject has the owner's and the repository's",
      "Give both --owner-id and --repo-id, or neither.",
    );
  }
  if (ids.owner === undefined || ids.repository === undefined)
    return { owner, name, ids: undefined };
  if (!ID.test(ids.owner) || !ID.test(ids.repository)) {
    throw badOption(
      "--owner-id and --repo-id are numbers",
      `they are "${ids.owner}" and "${ids.repository}"`,
      `Ask GitHub: gh api repos/${owner}/${name} --jq '.owner.id, .id'`,
    );
  }
  return { owner, name, ids: { owner: ids.owner, repository: ids.repository } };
}

/** The options of the command line → a kind of job; the branch main when there are none. Throws "usage". */
export function parseJob(options: {
  readonly branch: string | undefined;
  readonly tag: string | undefined;
  readonly environment: string | undefined;
}): GithubJob {
  const given = (["branch", "tag", "environment"] as const).flatMap((kind) => {
    const name = options[kind];
    return name === undefined ? [] : [{ kind, name }];
  });
  const [job = { kind: "branch" as const, name: "main" }, second] = given;
  if (second !== undefined) {
    throw badOption(
      `--${job.kind} and --${second.kind} are given together`,
      "GitHub's subject names one of them: a job with an environment is not known by its branch",
      "Keep the one that the workflow uses; an environment can itself be bound to branches.",
    );
  }
  if (job.name === "" || /[*?\s]|\p{Cc}/u.test(job.name)) {
    throw badOption(
      `--${job.kind} "${job.name}" is not one name`,
      "the subject is compared exactly, so a wildcard or a space would never match",
      "Name one, and print another policy for another one.",
    );
  }
  return job;
}

/**
 * The subjects of those jobs' tokens, each to be compared exactly: the classic form, and with the
 * numbers the immutable form that GitHub uses for repositories made, renamed or moved since 2026-07-15.
 * A name that somebody else registers later makes the classic subject again, but never the immutable one.
 */
export function subjectsOf(repository: GithubRepository, job: GithubJob): readonly string[] {
  const { owner, name, ids } = repository;
  const context = contextOf(job);
  const classic = `repo:${owner}/${name}:${context}`;
  if (ids === undefined) return [classic];
  return [classic, `repo:${owner}@${ids.owner}/${name}@${ids.repository}:${context}`];
}

/** Who may take the role: these jobs, by a token that was made for AWS. */
export function githubTrustPolicy(
  { account, partition }: { readonly account: string; readonly partition: string },
  subjects: readonly string[],
): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "GitHubActions",
        Effect: "Allow",
        Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${ISSUER}` },
        Action: ["sts:AssumeRoleWithWebIdentity"],
        Condition: {
          StringEquals: {
            [`${ISSUER}:aud`]: ["sts.amazonaws.com"],
            [`${ISSUER}:sub`]: subjects,
          },
        },
      },
    ],
  };
}

/** What a person should know of the trust policy that was printed. */
export function trustNotes({ owner, name, ids }: GithubRepository): readonly string[] {
  return ids === undefined
    ? [
        "It knows the repository by its name only. Repositories made, renamed or moved since 2026-07-15 send an immutable subject: add --owner-id and --repo-id.",
        `GitHub says both numbers: gh api repos/${owner}/${name} --jq '.owner.id, .id'`,
      ]
    : ["Once the repository sends the immutable subject, take the other one out of the list."];
}

/** In a context GitHub writes a colon as %3A, so that no name can look like another claim. */
function contextOf({ kind, name }: GithubJob): string {
  const escaped = name.replaceAll(":", "%3A");
  switch (kind) {
    case "branch":
      return `ref:refs/heads/${escaped}`;
    case "tag":
      return `ref:refs/tags/${escaped}`;
    case "environment":
      return `environment:${escaped}`;
  }
}

function badOption(what: string, why: string, next: string): SlipwayError {
  return new SlipwayError("usage", { what, why, next });
}
