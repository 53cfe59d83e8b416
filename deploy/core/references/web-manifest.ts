/** The images that a web app manifest names. What is no JSON, or no manifest, names none. */
export function findInWebManifest(text: string): readonly string[] {
  const manifest = parse(text);
  const images = [
    ...list(manifest, "icons"),
    ...list(manifest, "screenshots"),
    ...list(manifest, "shortcuts").flatMap((shortcut) => list(shortcut, "icons")),
  ];
  return images.flatMap((image) => {
    const source = field(image, "src");
    return typeof source === "string" ? [source] : [];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    // Whether it is well-formed is no question of what it names.
    return undefined;
  }
}

function list(value: unknown, name: string): readonly unknown[] {
  const items = field(value, name);
  return Array.isArray(items) ? items : [];
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
