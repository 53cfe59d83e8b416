import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";

/**
 * The rules of https://www.sitemaps.org/schemas/sitemap/0.9/sitemap.xsd, and the two limits of the
 * protocol beside it: 50,000 addresses and 50 MiB.
 */

const url = z.strictObject({
  loc: z.url().min(12).max(2048),
  // W3C date: a day, or a day and a time with its zone.
  lastmod: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
  changefreq: z
    .enum(["always", "hourly", "daily", "weekly", "monthly", "yearly", "never"])
    .optional(),
  priority: z.coerce.number().min(0).max(1).optional(),
});

const document = z.strictObject({
  "?xml": z.strictObject({ "@_version": z.literal("1.0"), "@_encoding": z.literal("utf-8") }),
  urlset: z.strictObject({
    "@_xmlns": z.literal("http://www.sitemaps.org/schemas/sitemap/0.9"),
    url: z.array(url).min(1).max(50_000),
  }),
});

/** The entries of a sitemap, in its order. Throws with everything that breaks a rule. */
export function readSitemap(xml: string): readonly z.infer<typeof url>[] {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) throw new Error(verdict.err.msg);
  if (Buffer.byteLength(xml) > 50 * 1024 * 1024) throw new Error("has more than 50 MiB");
  const parser = new XMLParser({
    ignoreAttributes: false,
    parseTagValue: false,
    isArray: (name) => name === "url",
  });
  return document.parse(parser.parse(xml)).urlset.url;
}
