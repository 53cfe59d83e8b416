/** A page on the way from the start of the site to another one. `url` begins with a slash. */
export type Crumb = { readonly url: string; readonly title: string };

type Item = { readonly url: string | false; readonly data: Readonly<Record<string, unknown>> };

const titlesOf = new WeakMap<readonly Item[], ReadonlyMap<string, string>>();

/**
 * The pages above an address that the site really has, the start first: `/blog/` for `/blog/post/`. The
 * start is called `home`. Neither is the page itself among them.
 */
export function pagesAbove(url: string, all: readonly Item[], home: string): readonly Crumb[] {
  if (url === "/") return [];
  const titles = titlesOf.get(all) ?? readTitles(all);
  titlesOf.set(all, titles);
  const segments = url.split("/").filter((segment) => segment !== "");
  const between = segments.slice(0, -1).flatMap((_, index): readonly Crumb[] => {
    const above = `/${segments.slice(0, index + 1).join("/")}/`;
    const title = titles.get(above);
    return title === undefined ? [] : [{ url: above, title }];
  });
  return [{ url: "/", title: home }, ...between];
}

function readTitles(all: readonly Item[]): ReadonlyMap<string, string> {
  return new Map(
    all.flatMap(({ url, data }) =>
      typeof url === "string" && typeof data.title === "string" ? [[url, data.title]] : [],
    ),
  );
}
