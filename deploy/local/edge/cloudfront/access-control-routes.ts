import { ok, type Route } from "./api.ts";
import { type ConfigKind, type ConfigResource, configRoutes, rootOf } from "./config-resource.ts";
import { fullList, pageOf } from "./pages.ts";
import type { Plane } from "./plane.ts";
import { childOf, ReadNode, type XmlTree } from "./xml.ts";

/** Origin access controls and their list, which tells each without its configuration's element. */
export function accessControlRoutes(kind: ConfigKind, plane: Plane): readonly Route[] {
  return [
    {
      operation: "ListOriginAccessControls",
      method: "GET",
      path: kind.path,
      answer: ({ query }) => {
        const page = pageOf(kind.collection.list(), query, ({ id }) => id);
        return ok(
          "OriginAccessControlList",
          fullList(page, "OriginAccessControlSummary", summaryTree),
        );
      },
    },
    ...configRoutes(kind, plane),
  ];
}

const FIELDS = [
  "Description",
  "Name",
  "SigningProtocol",
  "SigningBehavior",
  "OriginAccessControlOriginType",
];

function summaryTree({ id, config }: ConfigResource): XmlTree {
  const root = rootOf(config);
  const fields = FIELDS.map((name) => {
    const node = childOf(root, name);
    return [name, node === undefined ? "" : new ReadNode(node)] as const;
  });
  return { Id: id, ...Object.fromEntries(fields) };
}
