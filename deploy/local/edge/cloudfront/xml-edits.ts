import { childOf, nodesOf, type XmlNode, type XmlTree } from "./xml.ts";

/** The node with the child in the place of the one of the same name, or at the end. */
export function withChild(parent: XmlNode, child: XmlNode): XmlNode {
  const place = parent.children.findIndex(({ name }) => name === child.name);
  const children = place < 0 ? [...parent.children, child] : parent.children.with(place, child);
  return { ...parent, children };
}

/** The node with the child of this name changed, if it has one. */
export function changeChild(
  parent: XmlNode,
  name: string,
  change: (child: XmlNode) => XmlNode,
): XmlNode {
  const child = childOf(parent, name);
  return child === undefined ? parent : withChild(parent, change(child));
}

/** Changes the items of a `{Quantity, Items}` list, which is made if it is absent. */
export function changeList(
  parent: XmlNode,
  name: string,
  change: (items: readonly XmlNode[]) => readonly XmlNode[],
): XmlNode {
  const list = childOf(parent, name) ?? { name, children: [], text: "" };
  const items = change(childOf(list, "Items")?.children ?? []);
  const quantity = withChild(list, textNode("Quantity", String(items.length)));
  if (items.length === 0) return withChild(parent, withoutItems(quantity));
  return withChild(parent, withChild(quantity, { name: "Items", children: items, text: "" }));
}

/** The API leaves Items out where there are none. */
function withoutItems(list: XmlNode): XmlNode {
  return { ...list, children: list.children.filter(({ name }) => name !== "Items") };
}

export function textNode(name: string, text: string): XmlNode {
  return { name, children: [], text };
}

export function treeNode(name: string, tree: XmlTree): XmlNode {
  return { name, children: nodesOf(tree), text: "" };
}
