import {
  findElement,
  parseXml,
  replaceElement,
  setElement,
  setText,
  sourceOf,
  textOf,
  type XmlPath,
} from "./xml-edit.ts";

/** CloudFront's lists: `<Name><Quantity>1</Quantity><Items>…</Items></Name>`; no Items at 0. */

/** Each item as a document of its own. */
export function itemsOf(text: string, list: XmlPath): readonly string[] {
  const items = findElement(parseXml(text), [...list, "Items"])?.children ?? [];
  return items.map((item) => sourceOf(text, item));
}

/** The text of an item's field; undefined when there is none. */
export function fieldOf(item: string, ...path: XmlPath): string | undefined {
  return textOf(item, findElement(parseXml(item), path));
}

/** The document with the items that `edit` gives back; those that it returns as they came stay. */
export function editItems(text: string, list: XmlPath, edit: (item: string) => string): string {
  const items = findElement(parseXml(text), [...list, "Items"])?.children ?? [];
  // From the end, so that the places of those before stay right.
  return [...items].reverse().reduce((edited, item) => {
    const source = sourceOf(text, item);
    const wanted = edit(source);
    return wanted === source ? edited : replaceElement(edited, item, wanted);
  }, text);
}

/** The document with one more item, the first of its list. `order`: the list among its siblings. */
export function prependItem(
  text: string,
  list: XmlPath,
  item: string,
  order: readonly string[] = [],
): string {
  const found = findElement(parseXml(text), list);
  const name = list.at(-1) ?? "";
  if (found === undefined) {
    const xml = `<${name}><Quantity>1</Quantity><Items>${item}</Items></${name}>`;
    return setElement(text, list, { xml, order });
  }
  const before = itemsOf(text, list);
  const items = `<Items>${[item, ...before].join("")}</Items>`;
  const withItems = setElement(text, [...list, "Items"], {
    xml: items,
    order: ["Quantity", "Items"],
  });
  return setText(withItems, [...list, "Quantity"], String(before.length + 1), [
    "Quantity",
    "Items",
  ]);
}
