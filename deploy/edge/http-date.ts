const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850 = /^[A-Z][a-z]+, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Milliseconds since 1970 of an HTTP date in any of the three forms of RFC 9110 5.6.7; undefined for
 * anything else. Date.parse alone would also take "0" and "2 Jan", which in HTTP mean "no date".
 */
export function parseHttpDate(text: string): number | undefined {
  const trimmed = text.trim();
  if (IMF_FIXDATE.test(trimmed) || RFC_850.test(trimmed)) return finite(Date.parse(trimmed));
  if (ASCTIME.test(trimmed)) return finite(Date.parse(`${trimmed} GMT`));
  return undefined;
}

function finite(time: number): number | undefined {
  return Number.isFinite(time) ? time : undefined;
}
