import { randomUUID } from "node:crypto";
import { makeEvent } from "../../api/events/envelope.ts";
import type { Store } from "../../api/store/store.ts";
import { readEmailAddress } from "../../api/users/email-address.ts";

/** Registers a new address, as the API does; gives the id of the event that is told of it. */
export async function registerSomebody(store: Pick<Store, "users">): Promise<string> {
  const userId = randomUUID();
  const read = readEmailAddress(`${userId}@example.com`);
  if (read.kind === "refused") throw new Error(read.why);
  const now = new Date();
  const facts = { source: "/api", subject: userId, time: now, data: { userId, locale: "en" } };
  const registered = makeEvent("user.registered.v1", facts);
  await store.users.register({
    ...{ address: read.address, now, notSince: now, userId, locale: "en" },
    registered: () => registered,
    repeated: () => makeEvent("user.registration-repeated.v1", facts),
  });
  return registered.id;
}
