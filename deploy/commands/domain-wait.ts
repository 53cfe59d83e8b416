import type { DomainPause, DomainWait } from "../core/domain/results.ts";
import type { Clock, Interruption, Reporter } from "../ports.ts";

export type WaitPorts = {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly interruption: Interruption;
};

export type Patience = {
  readonly for: DomainWait;
  /** When to stop, in milliseconds since 1970. */
  readonly until: number;
  /** When it began; default: now. */
  readonly since?: Date | undefined;
};

/** Seconds between two looks: some services count them. */
const PAUSE_SECONDS: Readonly<Record<DomainWait, number>> = {
  "validation-records": 2,
  certificate: 10,
  distribution: 15,
  records: 5,
  visit: 10,
  absence: 10,
};

/**
 * Looks until there is something to see. Ends early when the time is over or a person asks to stop;
 * nothing is lost by that. The first look comes at once.
 */
export async function waitFor<Seen>(
  look: () => Promise<Seen | undefined>,
  { for: what, until, since }: Patience,
  { clock, reporter, interruption }: WaitPorts,
): Promise<{ readonly kind: "seen"; readonly value: Seen } | DomainPause> {
  const began = (since ?? clock.now()).getTime();
  for (;;) {
    const value = await look();
    if (value !== undefined) return { kind: "seen", value };
    if (interruption.requested) return { kind: "waiting", for: what, because: "interrupted" };
    const now = clock.now().getTime();
    if (now >= until) return { kind: "waiting", for: what, because: "time-out" };
    reporter.report({ kind: "domain-wait", for: what, seconds: Math.max(0, now - began) / 1000 });
    // In short naps, so that Ctrl-C is heard.
    const naps = Math.min(PAUSE_SECONDS[what], Math.ceil((until - now) / 1000));
    for (let nap = 0; nap < naps && !interruption.requested; nap++) await clock.sleep(1000);
  }
}
