import { z } from "zod";

/**
 * JSON Feed 1.1 as https://www.jsonfeed.org/version/1.1/ has it, without attachments, hubs and
 * extensions. Strict, and stricter in what this site promises: every item has its page, its days, its
 * author and its whole text.
 */

const author = z.strictObject({
  name: z.string().min(1),
  url: z.url().optional(),
  avatar: z.url().optional(),
});

const item = z.strictObject({
  id: z.string().min(1),
  url: z.url(),
  title: z.string().min(1),
  summary: z.string().min(1),
  content_html: z.string().min(1),
  image: z.url().optional(),
  date_published: z.iso.datetime({ offset: true }),
  date_modified: z.iso.datetime({ offset: true }),
  authors: z.array(author).min(1),
  tags: z.array(z.string().min(1)),
});

export const jsonFeedDocument = z.strictObject({
  version: z.literal("https://jsonfeed.org/version/1.1"),
  title: z.string().min(1),
  home_page_url: z.url(),
  feed_url: z.url(),
  description: z.string().optional(),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
  icon: z.url().optional(),
  favicon: z.url().optional(),
  authors: z.array(author).min(1),
  items: z.array(item).refine((items) => new Set(items.map(({ id }) => id)).size === items.length, {
    error: "has an id twice",
  }),
});
