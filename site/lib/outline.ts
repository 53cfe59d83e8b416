/** A heading of a rendered page that can be linked to. */
export type OutlineEntry = { readonly id: string; readonly text: string };

/** The second-level headings of rendered Markdown, in order. Text is still HTML, without tags. */
export function outlineOf(html: string): readonly OutlineEntry[] {
  return [...html.matchAll(/<h2 id="([^"]+)"[^>]*>([\s\S]*?)<\/h2>/g)].map(([, id, inner]) => ({
    id: id ?? "",
    text: (inner ?? "").replace(/<[^>]+>/g, ""),
  }));
}
