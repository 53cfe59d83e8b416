/** Text that is safe to stand in a page. Only `html` makes it. */
export type Html = { readonly kind: "html"; readonly text: string };

type Fill = string | number | Html | readonly Html[] | undefined;

/**
 * A piece of a page: what is filled in is escaped, for element content and for quoted attributes,
 * unless it is Html itself. Undefined fills in nothing.
 */
export function html(parts: TemplateStringsArray, ...fills: readonly Fill[]): Html {
  const text = parts.map((part, index) => part + textOf(fills[index])).join("");
  return { kind: "html", text };
}

function textOf(fill: Fill): string {
  if (fill === undefined) return "";
  if (typeof fill === "number") return String(fill);
  if (typeof fill === "string") return escaped(visible(fill));
  if ("kind" in fill) return fill.text;
  return fill.map((piece) => piece.text).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/**
 * Control and direction characters as `\u{202e}`, because a path made of them would look like
 * another one; lone surrogates, because UTF-8 has none.
 */
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
