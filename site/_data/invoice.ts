/** A line of the example invoice: what was done, and how long it took. */
export type InvoiceLine = { readonly what: string; readonly days: number };

/** What a day of any of us costs, in euros before VAT. Every price on the site comes from it. */
export const dayRate = 920;

const lines: readonly InvoiceLine[] = [
  { what: "Talks, sketches, the two pages", days: 2 },
  { what: "Booking calendar and confirmation mails", days: 6.5 },
  { what: "Payment, with refunds", days: 4 },
  { what: "Our mistake in the refunds, mended", days: 0 },
  { what: "Launch, and a rehearsal of the way back", days: 1.5 },
  { what: "Handing over: an afternoon with your team", days: 0.5 },
];

const days = lines.reduce((sum, line) => sum + line.days, 0);

/** An example of the invoices we write. The sums are computed, so they are right. */
export default { dayRate, lines, days, total: days * dayRate };
