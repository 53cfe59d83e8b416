import type { DomainFlags } from "../cli/domain-options.ts";
import { domainExitCode, EXIT_CODES, removalExitCode } from "../cli/exit-codes.ts";
import {
  renderDomain,
  renderDomainPlan,
  renderDomainStatus,
  renderRemoval,
  renderRemovalPlan,
} from "../cli/render-domain.ts";
import { bringDomain } from "../commands/domain.ts";
import { removeDomain } from "../commands/domain-remove.ts";
import { domainStatus } from "../commands/domain-status.ts";
import type { DomainWanted } from "../core/domain/found.ts";
import { SlipwayError } from "../core/errors.ts";
import { connectDomain, distributionOf } from "./domain-ports.ts";
import { askPerson, type Done, untilInterrupted } from "./handlers.ts";
import { type AwsEnvironment, inAws } from "./target.ts";
import type { Wiring } from "./wiring.ts";

/** `slipway domain`, `domain status` and `domain remove` */
export async function runDomain(wiring: Wiring, flags: DomainFlags): Promise<Done> {
  const environment = inAws(wiring.slipway.environment);
  const wanted = wantedOf(environment, flags, wiring.invocation.global.env);
  if (flags.names.length > 0 && flags.action !== "remove") throw namesWithout(flags);
  const distribution = await distributionOf(environment, wiring.surroundings.root);
  const target = { wanted, distribution };
  switch (flags.action) {
    case "bring":
      return await bring(wiring, environment, { ...target, flags });
    case "status":
      return await tell(wiring, environment, { ...target, flags });
    case "remove":
      return await remove(wiring, environment, { ...target, flags });
  }
}

type Task = {
  readonly wanted: DomainWanted;
  readonly distribution: string | undefined;
  readonly flags: DomainFlags;
};

async function bring(
  wiring: Wiring,
  environment: AwsEnvironment,
  { flags, ...target }: Task,
): Promise<Done> {
  const { paint, say, config, invocation } = wiring;
  const { env } = invocation.global;
  const tags = { "slipway:site": config.site.id, "slipway:environment": env };
  const ports = await connectDomain(environment, flags, wiring);
  let isShown = false;
  const result = await untilInterrupted(wiring, (signal) =>
    bringDomain(
      { ...target, tags, timeout: flags.timeout },
      {
        ...ports,
        interruption: interruptionOf(signal),
        confirm: async (plan) => {
          say(renderDomainPlan(plan, paint));
          isShown = true;
          return await askPerson(`Bring these names to ${env}?`, wiring);
        },
        confirmReplacement: async (plan) => {
          // --yes is no answer to this: only --replace-records is.
          const { stdin } = wiring.surroundings;
          if (invocation.global.yes || stdin.isTTY !== true) return false;
          say(renderDomainPlan(plan, paint));
          return await askPerson("Replace the records that lead elsewhere?", wiring);
        },
      },
    ),
  );
  if (!isShown) say(renderDomainPlan(result.plan, paint));
  say(["", ...renderDomain(result, paint)]);
  const done = { command: "domain", result: { action: "bring", result } } as const;
  return { exitCode: domainExitCode(result), result: done };
}

async function tell(
  wiring: Wiring,
  environment: AwsEnvironment,
  { flags, ...target }: Task,
): Promise<Done> {
  const ports = await connectDomain(environment, flags, wiring);
  const result = await domainStatus(target, ports);
  wiring.say(renderDomainStatus(result, wiring.paint));
  const done = { command: "domain", result: { action: "status", result } } as const;
  return { exitCode: EXIT_CODES.done.code, result: done };
}

async function remove(
  wiring: Wiring,
  environment: AwsEnvironment,
  { flags, ...target }: Task,
): Promise<Done> {
  const { paint, say } = wiring;
  const ports = await connectDomain(environment, flags, wiring);
  const result = await untilInterrupted(wiring, (signal) =>
    removeDomain(
      { ...target, names: flags.names, timeout: flags.timeout },
      {
        ...ports,
        interruption: interruptionOf(signal),
        confirm: async (plan) => {
          say(renderRemovalPlan(plan));
          return await askPerson("Take them away?", wiring);
        },
      },
    ),
  );
  say(renderRemoval(result, paint));
  const done = { command: "domain", result: { action: "remove", result } } as const;
  return { exitCode: removalExitCode(result), result: done };
}

function interruptionOf(signal: AbortSignal) {
  return {
    get requested() {
      return signal.aborted;
    },
  };
}

function wantedOf(
  { domain, account }: AwsEnvironment,
  { dnsElsewhere: elsewhere, replaceRecords: replace }: DomainFlags,
  env: string,
): DomainWanted {
  if (domain !== undefined) return { ...domain, account, elsewhere, replace };
  throw new SlipwayError("config", {
    what: `The environment ${env} has no names of its own`,
    why: "slipway.config.ts says no domain for it",
    next: 'Add domain: { canonical: "www.example.com", also: ["example.com"] } to the environment.',
  });
}

function namesWithout({ action, names }: DomainFlags): SlipwayError {
  return new SlipwayError("usage", {
    what: `This cannot be done for ${names.join(", ")} alone`,
    why: `${action === "status" ? "domain status tells of" : "domain brings"} all names of slipway.config.ts`,
    next: "Leave the names away, or use domain remove.",
  });
}
