import { expect, it } from "vitest";
import type { SiteEvent } from "../../deploy/core/site-event.ts";
import type { EventPublisher } from "../../deploy/ports.ts";

/** An implementation, and who listens to it. */
export type PublisherUnderTest = {
  readonly publisher: EventPublisher;
  /** From now on somebody wants this kind. */
  want(kind: SiteEvent["kind"]): Promise<void>;
  /** What those who want it were told, the earliest first. */
  heard(): Promise<readonly Heard[]>;
  /** From now on it cannot be reached. */
  breakOff(): Promise<void>;
};

export type Heard = {
  readonly kind: string;
  readonly subject: string;
  readonly time: string;
  readonly data: object;
};

export const PUBLISHED: SiteEvent = {
  kind: "site.published.v1",
  subject: "20261130T120000000Z-abcdef01",
  data: {
    environment: "production",
    releaseId: "20261130T120000000Z-abcdef01",
    commit: "a584a45",
    created: 1,
    replaced: 2,
    removed: 0,
  },
};
const INVALIDATED: SiteEvent = {
  kind: "site.cache-invalidated.v1",
  subject: "production",
  data: { environment: "production", scope: "everything", paths: 1 },
};
const TIME = new Date("2026-11-30T12:00:00.000Z");

/** What every publisher of site events promises. */
export function eventPublisherContract(make: () => Promise<PublisherUnderTest>): void {
  it("says that nobody is interested where nobody is", async () => {
    const { publisher } = await make();
    expect(await publisher.publish(PUBLISHED, TIME)).toBe("unroutable");
  });

  it("tells whoever wants it, and nobody what they did not ask for", async () => {
    const { publisher, want, heard } = await make();
    await want("site.published.v1");
    expect(await publisher.publish(PUBLISHED, TIME)).toBe("routed");
    expect(await publisher.publish(INVALIDATED, TIME)).toBe("unroutable");
    const { kind, subject, data } = PUBLISHED;
    expect(await heard()).toEqual([{ kind, subject, time: TIME.toISOString(), data }]);
  });

  it("rejects when it cannot be reached", async () => {
    const { publisher, breakOff } = await make();
    await breakOff();
    await expect(publisher.publish(PUBLISHED, TIME)).rejects.toThrow();
  });
}
