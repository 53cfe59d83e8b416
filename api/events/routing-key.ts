declare const brand: unique symbol;

/**
 * The kind of an event, as the broker routes it: `<aggregate>.<past-tense-event>.v<major>`. Three words
 * in lower case, with hyphens inside a word, at most 255 bytes.
 */
export type RoutingKey = string & { readonly [brand]: "RoutingKey" };

/** AMQP 0-9-1, "shortstr": a routing key has at most 255 bytes. Ours are ASCII. */
const MAX_LENGTH = 255;
const KEY = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.v([1-9][0-9]*)$/;

/** The one door to a RoutingKey. Throws on anything that does not follow the grammar. */
export function routingKey(text: string): RoutingKey {
  if (!isRoutingKey(text)) {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new TypeError(
      `not a routing key: ${JSON.stringify(shown)}; it is <aggregate>.<past-tense-event>.v<major>, lower case, such as user.registered.v1`,
    );
  }
  return text;
}

export function isRoutingKey(text: string): text is RoutingKey {
  return text.length <= MAX_LENGTH && KEY.test(text);
}
