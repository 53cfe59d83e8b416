import { randomUUID } from "node:crypto";
import type { EventData, EventKind } from "../events/catalogue.ts";
import { makeEvent } from "../events/envelope.ts";
import { type EmailAddress, readEmailAddress } from "./email-address.ts";
import { readToken } from "./token.ts";
import type { AboutUser, Redeemed, Users } from "./users.ts";

/** `accepted` says nothing of whether the address is new, known or a machine's. */
export type Answer =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly why: string };

export type AddressForm = {
  readonly email: string;
  /** Hidden from people; a machine that fills in every field is thanked, and forgotten. */
  readonly website?: string | undefined;
};

export type RegistrationForm = AddressForm & { readonly locale?: string | undefined };

/** What the registration of an address can be asked for; `requestId` is the cause in the events. */
export type Registrations = {
  register(form: RegistrationForm, requestId: string): Promise<Answer>;
  resend(form: AddressForm): Promise<Answer>;
  askErasure(form: AddressForm): Promise<Answer>;
  confirm(token: string, requestId: string): Promise<Redeemed>;
  erase(token: string, requestId: string): Promise<Redeemed>;
};

export type RegistrationDeps = {
  readonly users: Users;
  readonly now: () => Date;
  /** Called when a mail may have been asked for. */
  readonly mailAsked: () => void;
};

/** One mail of a sort to one address in this time: nobody's mailbox is flooded through us. */
const MAIL_PAUSE_MS = 10 * 60_000;
const SOURCE = "/api";
const DEFAULT_LOCALE = "en";

export function createRegistrations({ users, now, mailAsked }: RegistrationDeps): Registrations {
  async function asking(
    { email, website = "" }: AddressForm,
    ask: (asked: { address: EmailAddress; now: Date; notSince: Date }) => Promise<void>,
  ): Promise<Answer> {
    if (website !== "") return { kind: "accepted" };
    const read = readEmailAddress(email);
    if (read.kind === "refused") return read;
    const time = now();
    const notSince = new Date(time.getTime() - MAIL_PAUSE_MS);
    await ask({ address: read.address, now: time, notSince });
    mailAsked();
    return { kind: "accepted" };
  }

  async function redeeming(
    token: string,
    redeem: (redemption: { hash: Uint8Array; now: Date }) => Promise<Redeemed>,
  ): Promise<Redeemed> {
    const hash = readToken(token);
    return hash === undefined ? "refused" : await redeem({ hash, now: now() });
  }

  return {
    register: (form, requestId) =>
      asking(form, (asked) => {
        const { locale = DEFAULT_LOCALE } = form;
        const told = { time: asked.now, requestId };
        const data = (userId: string) => ({ userId, locale });
        return users.register({
          ...asked,
          userId: randomUUID(),
          locale,
          registered: about("user.registered.v1", told, data),
          repeated: about("user.registration-repeated.v1", told, data),
        });
      }),
    resend: (form) => asking(form, (asked) => users.resend(asked)),
    askErasure: (form) => asking(form, (asked) => users.askErasure(asked)),
    confirm: (token, requestId) =>
      redeeming(token, (redemption) => {
        const confirmedAt = redemption.now.toISOString();
        const told = { time: redemption.now, requestId };
        const tell = about("user.confirmed.v1", told, (userId) => ({ userId, confirmedAt }));
        return users.confirm({ ...redemption, tell });
      }),
    erase: (token, requestId) =>
      redeeming(token, (redemption) => {
        const told = { time: redemption.now, requestId };
        const tell = about("user.erased.v1", told, (userId) => ({ userId }));
        return users.erase({ ...redemption, tell });
      }),
  };
}

function about<Kind extends EventKind>(
  kind: Kind,
  { time, requestId }: { readonly time: Date; readonly requestId: string },
  data: (userId: string) => EventData<Kind>,
): AboutUser {
  return (userId) =>
    makeEvent(kind, {
      source: SOURCE,
      subject: userId,
      time,
      correlationId: requestId,
      data: data(userId),
    });
}
