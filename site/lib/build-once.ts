import type { BuildReport, SiteOptions } from "./build-site.ts";
import { assertKeepingPlace } from "./caches.ts";
import { inputsDigest } from "./inputs.ts";
import { openKept } from "./kept-site.ts";
import { assertReplaceable, replaceSite } from "./output.ts";

export type OnceReport = BuildReport & {
  /** Nothing had changed since the last build, whose files were used again. */
  readonly reused: boolean;
};

/**
 * Builds the site into `output`, or puts the files of the last build there when nothing has changed since.
 * With `force` it is built in any case. Throws a SiteError with what the author must mend.
 */
export async function buildOnce(
  options: SiteOptions & { readonly force: boolean },
): Promise<OnceReport> {
  const { output, mode, force } = options;
  await assertReplaceable(output);
  assertKeepingPlace();
  const inputs = await inputsDigest(options);
  const kept = openKept<BuildReport>(`.cache/built/${mode}`);
  const whole = inputs === undefined || force ? undefined : kept.whole(inputs);
  if (whole) {
    await replaceSite(output, whole.files);
    return { ...whole.report, made: { images: 0, cards: 0 }, reused: true };
  }
  // Loaded only now: Eleventy and what comes with it take longer than all of the above.
  const { buildSite } = await import("./build-site.ts");
  return { ...(await buildSite({ ...options, kept, inputs })), reused: false };
}
