import { domainToASCII } from "node:url";

declare const brand: unique symbol;

/** An address that a mail can be sent to: one line of printable ASCII, `name@host`. */
export type EmailAddress = {
  readonly text: string & { readonly [brand]: "EmailAddress" };
  /** The same for all spellings that differ in case only: hosts ignore it, and so do mail services. */
  readonly key: string;
};

export type ReadAddress =
  | { readonly kind: "address"; readonly address: EmailAddress }
  | { readonly kind: "refused"; readonly why: string };

/** RFC 5321 4.5.3.1: 64 octets before the @, and 254 in all for what fits into a path. */
const MAX_NAME = 64;
const MAX_LENGTH = 254;
/** RFC 5322 3.2.3, dot-atom. Quoted names are legal, rare, and a way to smuggle headers. */
const NAME = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** Letters of any script. `domainToASCII` reads a URL: it decodes %61, skips line ends, drops what follows a /. */
const TYPED_HOST = /^(?:[A-Za-z0-9.-]|\P{ASCII})+$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one door to an EmailAddress. Space around it is forgiven; a host outside ASCII is written as
 * DNS has it. Whether anybody reads mail there, only a mail can tell.
 */
export function readEmailAddress(typed: string): ReadAddress {
  const text = typed.trim();
  if (text === "") return refused("No address was given.");
  if (text.length > MAX_LENGTH) return refused(`An address has at most ${MAX_LENGTH} characters.`);
  const at = text.lastIndexOf("@");
  if (at < 0) return refused("An email address has an @ in it. This one has none.");
  const name = text.slice(0, at);
  if (name === "") return refused("Something is missing before the @.");
  if (!NAME.test(name) || name.length > MAX_NAME) {
    return refused("What stands before the @ is not a name that we can write to.");
  }
  const typedHost = text.slice(at + 1);
  if (typedHost === "") return refused("Something is missing after the @.");
  const host = TYPED_HOST.test(typedHost) ? domainToASCII(typedHost) : "";
  const labels = host.split(".");
  const isHost = labels.length > 1 && labels.every((label) => LABEL.test(label));
  // A whole number at the end makes it an IPv4 address, which domainToASCII may have put in full.
  if (!isHost || /^\d+$/.test(labels.at(-1) ?? "")) {
    return refused("What stands after the @ is not a host name.");
  }
  const address = `${name}@${host}`;
  if (address.length > MAX_LENGTH)
    return refused(`An address has at most ${MAX_LENGTH} characters.`);
  return {
    kind: "address",
    address: { text: address as EmailAddress["text"], key: address.toLowerCase() },
  };
}

function refused(why: string): ReadAddress {
  return { kind: "refused", why };
}
