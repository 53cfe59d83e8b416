const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** True for a day that is in the calendar: `2026-02-28`, not `2026-02-30`. */
export function isCalendarDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dayOf(new Date(time)) === text;
}

/** The UTC day of an instant, as `YYYY-MM-DD`. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** A day as people read it: `7 March 2026`. The same in every locale and time zone. */
export function longDate(date: Date): string {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** Midnight UTC of a day, in the form Atom and JSON-LD ask for. */
export function timestamp(date: Date): string {
  return `${dayOf(date)}T00:00:00Z`;
}

/** The instant a build calls "now": a day or an ISO 8601 instant. Undefined when it is neither. */
export function parseNow(text: string): Date | undefined {
  if (DAY.test(text) && !isCalendarDay(text)) return undefined;
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return undefined;
  const now = new Date(text);
  return Number.isNaN(now.getTime()) ? undefined : now;
}
