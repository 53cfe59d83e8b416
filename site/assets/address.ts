/**
 * What keeps an email address from being sent, in words for the person who typed it; undefined when
 * nothing does. `mismatch` is the browser's own verdict on its form.
 */
export function addressProblem(typed: string, mismatch: boolean): string | undefined {
  const address = typed.trim();
  if (address === "") return "Please type your email address.";
  const [name, host, ...rest] = address.split("@");
  if (host === undefined) return "An email address has an @ in it. This one has none.";
  if (rest.length > 0) return "This address has more than one @.";
  if (!name) return "Something is missing before the @.";
  if (!host) return "Something is missing after the @.";
  if (!host.includes(".")) return `After the @ we expected a dot, as in ${host}.com.`;
  return mismatch
    ? "This does not look like an email address. Is there a typing mistake?"
    : undefined;
}
