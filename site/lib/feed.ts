/**
 * A page's HTML with every address inside the site made absolute, for readers that show it away from
 * the site. Works on our own Markdown output, whose attributes are always in double quotes.
 */
export function absoluteAddresses(html: string, pageUrl: string): string {
  return html.replace(
    /(<[^>]*?\s(?:href|src)=")([^"]*)(")/g,
    (whole, before: string, url: string, after: string) =>
      URL.canParse(url, pageUrl) ? before + new URL(url, pageUrl).href + after : whole,
  );
}

/** Text that XML 1.0 can hold: control characters it forbids are dropped, markup is escaped. */
export function xmlText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}

/** The absolute addresses that a sitemap or an Atom feed of this site lists. */
export function listedUrls(xml: string): readonly string[] {
  const locations = [...xml.matchAll(/<(?:loc|id)>([^<]*)<\/(?:loc|id)>/g)];
  const links = [...xml.matchAll(/<link [^>]*?href="([^"]*)"/g)];
  return [...new Set([...locations, ...links].map(([, url]) => url ?? ""))];
}
