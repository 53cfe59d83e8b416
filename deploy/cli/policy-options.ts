import { Argument, type Command } from "commander";
import { ROLES } from "../core/iam/roles.ts";

/** Whose policy: that of a role, or the one that lets GitHub's jobs take a role. */
const SUBJECTS = [...ROLES, "github"] as const;

/** The command line of `policy`. Ids and names stay text; who makes the policy checks them. */
export type PolicyFlags = {
  readonly subject: (typeof SUBJECTS)[number];
  readonly account: string | undefined;
  readonly distribution: string | undefined;
  readonly headersPolicy: string | undefined;
  readonly store: string | undefined;
  readonly repo: string | undefined;
  readonly branch: string | undefined;
  readonly tag: string | undefined;
  readonly environment: string | undefined;
  readonly ownerId: string | undefined;
  readonly repoId: string | undefined;
};

const HELP = `
Examples:
  slipway policy deployer --env production > deployer.json
  slipway policy github --env production --repo octo-org/website --environment production

Asks AWS nothing. What a person should know of it goes to standard error.`;

/** Gives `policy` its argument and options. */
export function withPolicyOptions(command: Command): Command {
  return command
    .addArgument(new Argument("<role>", "whose policy").choices(SUBJECTS))
    .option("--account <id>", "the account, if the config does not say it")
    .option("--distribution <id>", "the distribution, if the config does not say it")
    .option("--headers-policy <id>", "only this response headers policy")
    .option("--store <id>", "only this KeyValueStore")
    .option("--repo <owner/name>", "github: the repository")
    .option("--branch <name>", "github: jobs of this branch; main if nothing is said")
    .option("--tag <name>", "github: jobs of this tag")
    .option("--environment <name>", "github: jobs of this environment")
    .option("--owner-id <number>", "github: the owner's number, for the immutable subject")
    .option("--repo-id <number>", "github: the repository's number")
    .addHelpText("after", HELP);
}

/** What was said on the command line. */
export function policyFlagsOf(
  subject: PolicyFlags["subject"],
  options: Omit<PolicyFlags, "subject">,
): PolicyFlags {
  const { account, distribution, headersPolicy, store } = options;
  const { repo, branch, tag, environment, ownerId, repoId } = options;
  const estate = { account, distribution, headersPolicy, store };
  return { subject, ...estate, repo, branch, tag, environment, ownerId, repoId };
}
