import { foreignFunctionsOf, runsOurFunctions } from "./distribution-settings.ts";
import type { Estate } from "./estate.ts";
import { type SetupStep, step } from "./steps.ts";

/**
 * A release that was deployed before its distribution had our functions says so in its manifest, and a
 * deploy with the same rules would find nothing to publish. Once there are functions, that is forgotten.
 */
export function rulesSteps({ liveRules, place }: Estate): SetupStep[] {
  if (liveRules !== "unmanaged") return [];
  const config = place.kind === "one" ? place.distribution.config : undefined;
  if (config !== undefined && foreignFunctionsOf(config).length > 0) return [];
  const isReady = config !== undefined && runsOurFunctions(config);
  return [
    step({
      id: "rules",
      kind: "change",
      title: "Let the next deploy publish the site's rules, which nothing could run so far",
      action: isReady ? { kind: "forget-rules" } : undefined,
    }),
  ];
}
