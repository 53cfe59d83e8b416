/**
 * Route 53 gives names with a dot at the end and everything but letters, digits, `-`, `_` and `.` as the
 * octal code of its byte: `\052.example.com.` (R53-DG DomainNameFormat). We write `*` as itself.
 */
export function nameFromRoute53(name: string): string {
  const plain = name.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return plain.endsWith(".") ? plain.toLowerCase() : `${plain.toLowerCase()}.`;
}

/** Ids come as `/hostedzone/Z…` and `/change/C…`. */
export function idFromRoute53(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
