import { z } from "zod";

/**
 * The part of schema.org that the site speaks, written down from https://schema.org/docs/full.html and
 * from what Google asks for articles, breadcrumbs and profile pages (developers.google.com/search/docs).
 * Strict: a property that a type does not have is a mistake.
 */

const address = z.url({ protocol: /^https$/ });
const day = z.iso.date();
const text = z.string().min(1);
const reference = z.strictObject({ "@id": address });

const person = z.strictObject({
  "@type": z.literal("Person"),
  "@id": address,
  name: text,
  url: address,
  jobTitle: text.optional(),
  description: text.optional(),
  image: address.optional(),
  worksFor: reference.optional(),
});

const organization = z.strictObject({
  "@type": z.literal("Organization"),
  "@id": address,
  name: text,
  url: address,
  logo: address,
  description: text.optional(),
  email: z.email().optional(),
  employee: z.array(person).min(1).optional(),
});

const website = z.strictObject({
  "@type": z.literal("WebSite"),
  "@id": address,
  name: text,
  url: address,
  description: text.optional(),
  inLanguage: text,
  publisher: reference,
});

const pageFacts = {
  name: text,
  description: text,
  url: address,
  inLanguage: text,
  isPartOf: reference,
};

const page = z.strictObject({
  "@type": z.enum(["WebPage", "CollectionPage", "ContactPage"]),
  ...pageFacts,
});
const about = z.strictObject({
  "@type": z.literal("AboutPage"),
  ...pageFacts,
  mainEntity: organization,
});
const profile = z.strictObject({
  "@type": z.literal("ProfilePage"),
  ...pageFacts,
  mainEntity: person,
});

const posting = z
  .strictObject({
    "@type": z.literal("BlogPosting"),
    headline: text.max(110),
    description: text,
    url: address,
    mainEntityOfPage: address,
    image: address,
    datePublished: day,
    dateModified: day,
    inLanguage: text,
    keywords: z.array(text),
    author: person,
    publisher: organization,
    isPartOf: reference,
  })
  .refine(({ datePublished, dateModified }) => datePublished <= dateModified, {
    error: "was changed before it was published",
  });

const breadcrumbs = z.strictObject({
  "@type": z.literal("BreadcrumbList"),
  itemListElement: z
    .array(
      z.strictObject({
        "@type": z.literal("ListItem"),
        position: z.int().min(1),
        name: text,
        item: address,
      }),
    )
    .min(2)
    .refine((items) => items.every(({ position }, index) => position === index + 1), {
      error: "has positions that do not count from 1",
    }),
});

/** A JSON-LD document of this site. */
export const schemaOrgGraph = z.strictObject({
  "@context": z.literal("https://schema.org"),
  "@graph": z
    .array(
      z.discriminatedUnion("@type", [
        organization,
        website,
        page,
        about,
        profile,
        posting,
        breadcrumbs,
      ]),
    )
    .min(1),
});

export type SchemaOrgGraph = z.infer<typeof schemaOrgGraph>;
