import type {
  BlogPosting,
  BreadcrumbList,
  Graph,
  Organization,
  Person,
  Thing,
  WebSite,
} from "schema-dts";
import type { Author } from "../../_data/authors.ts";
import type { Site } from "../../_data/site.ts";
import { dayOf } from "../dates.ts";
import type { Crumb } from "./trail.ts";

/** What a page is to somebody who has only its data. */
export type Meaning =
  | { readonly kind: "home" }
  | { readonly kind: "page"; readonly type: PageType }
  | { readonly kind: "team"; readonly people: readonly Writer[] }
  | { readonly kind: "person"; readonly person: Writer }
  | {
      readonly kind: "post";
      readonly date: Date;
      readonly updated: Date | undefined;
      readonly tags: readonly string[];
      readonly author: Writer;
    };

/** The kinds of page that schema.org has a word for, as far as this site has them. */
export type PageType = "CollectionPage" | "ContactPage" | "WebPage";

/** Somebody who writes here, with the address of their page. */
export type Writer = Author & { readonly url: string };

/** Addresses begin with a slash. `above` are the pages that lead to this one, the start first. */
export type DescribedPage = {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly image: string;
  readonly above: readonly Crumb[];
  readonly meaning: Meaning;
};

/**
 * What a page says about itself to search engines: a schema.org graph as JSON-LD, ready to stand inside
 * a script element, with no `<` left in it. Things that several pages speak of have one `@id` on all.
 */
export function structuredData(page: DescribedPage, site: Site): string {
  const graph: Graph = { "@context": "https://schema.org", "@graph": [...thingsOn(page, site)] };
  return JSON.stringify(graph).replaceAll("<", "\\u003c");
}

function thingsOn(page: DescribedPage, site: Site): readonly Thing[] {
  const { meaning } = page;
  switch (meaning.kind) {
    case "home":
      return [organization(site), website(site)];
    case "page":
      return [{ "@type": meaning.type, ...commonFacts(page, site) }, breadcrumbs(page, site)];
    case "team": {
      const employee = meaning.people.map((writer) => person(writer, site));
      return [
        {
          "@type": "AboutPage",
          ...commonFacts(page, site),
          mainEntity: { ...organization(site), employee },
        },
        breadcrumbs(page, site),
      ];
    }
    case "person":
      return [
        {
          "@type": "ProfilePage",
          ...commonFacts(page, site),
          mainEntity: {
            ...person(meaning.person, site),
            description: meaning.person.bio,
            worksFor: { "@id": idOf(site, "organization") },
          },
        },
        breadcrumbs(page, site),
      ];
    case "post":
      return [posting(page, meaning, site), breadcrumbs(page, site)];
  }
}

function commonFacts(page: DescribedPage, site: Site) {
  return {
    name: page.title,
    description: page.description,
    url: site.url + page.url,
    inLanguage: site.lang,
    isPartOf: { "@id": idOf(site, "website") },
  };
}

function organization(site: Site): Extract<Organization, { "@type": "Organization" }> {
  return {
    "@type": "Organization",
    "@id": idOf(site, "organization"),
    name: site.name,
    url: `${site.url}/`,
    description: site.description,
    email: site.email,
    logo: `${site.url}${LOGO}`,
  };
}

function website(site: Site): WebSite {
  return {
    "@type": "WebSite",
    "@id": idOf(site, "website"),
    name: site.name,
    url: `${site.url}/`,
    description: site.description,
    inLanguage: site.lang,
    publisher: { "@id": idOf(site, "organization") },
  };
}

function posting(
  page: DescribedPage,
  post: Extract<Meaning, { kind: "post" }>,
  site: Site,
): BlogPosting {
  const url = site.url + page.url;
  return {
    "@type": "BlogPosting",
    headline: page.title,
    description: page.description,
    url,
    mainEntityOfPage: url,
    image: site.url + page.image,
    datePublished: dayOf(post.date),
    dateModified: dayOf(post.updated ?? post.date),
    inLanguage: site.lang,
    keywords: [...post.tags],
    author: person(post.author, site),
    publisher: organization(site),
    isPartOf: { "@id": idOf(site, "website") },
  };
}

function person(writer: Writer, site: Site): Extract<Person, { "@type": "Person" }> {
  const url = site.url + writer.url;
  return {
    "@type": "Person",
    "@id": `${url}#person`,
    name: writer.name,
    jobTitle: writer.role,
    url,
  };
}

function breadcrumbs(page: DescribedPage, site: Site): BreadcrumbList {
  const crumbs = [...page.above, { url: page.url, title: page.title }];
  return {
    "@type": "BreadcrumbList",
    itemListElement: crumbs.map(({ url, title }, index) => ({
      "@type": "ListItem",
      position: index + 1,
      name: title,
      item: site.url + url,
    })),
  };
}

const LOGO = "/favicon.svg";

function idOf(site: Site, what: "organization" | "website"): string {
  return `${site.url}/#${what}`;
}
